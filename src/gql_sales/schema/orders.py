"""Orders, their items and allocations as clients see them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql_sales.db.models import orders as models
from gql_sales.db.models.orders import AllocationState, HoldScope
from gql_sales.domain.policies.registry import PolicyOrigin
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import Node, id_field, text
from gql_sales.schema.order_facts import OrderFacts, OrderItemFacts
from gql_sales.schema.relations import many, one, pages
from gql_sales.schema.transitions import AvailableTransition, available_transitions

if TYPE_CHECKING:
    from gql_sales.schema.cash_sales import CashSale
    from gql_sales.schema.invoices import Invoice
    from gql_sales.schema.payments import Payment

LazyCreditMemo = Annotated["CreditMemo", strawberry.lazy("gql_sales.schema.credit_memos")]
LazyCashSale = Annotated["CashSale", strawberry.lazy("gql_sales.schema.cash_sales")]
LazyHistoryEntry = Annotated["OrderHistoryEntry", strawberry.lazy("gql_sales.schema.history")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("gql_sales.schema.invoices")]
LazyPayment = Annotated["Payment", strawberry.lazy("gql_sales.schema.payments")]

if TYPE_CHECKING:
    from gql_sales.schema.channels import Channel
    from gql_sales.schema.credit_memos import CreditMemo
    from gql_sales.schema.customers import Customer
    from gql_sales.schema.history import OrderHistoryEntry
    from gql_sales.schema.invoices import Invoice
    from gql_sales.schema.products import Product
    from gql_sales.schema.shipments import Shipment
    from gql_sales.schema.stock import StockLevel
    from gql_sales.schema.warehouses import Warehouse


described(PolicyOrigin)


@strawberry.type(description="One item of an order.", directives=[scopes("orders:read")])
class OrderItem(Node, OrderItemFacts):
    """Product facts, price and tax rate are copies made when it was added."""

    product: Annotated["Product", strawberry.lazy("gql_sales.schema.products")] | None = one(
        "Product", "product_id", "The product as it is today, when the caller may see it."
    )
    allocations: list["Allocation"] | None = many(
        "OrderItem.allocations", "Stock set aside for it, at most 500, oldest first."
    )


@strawberry.type(description="Stock set aside for an order item.", directives=[scopes("allocations:read")])
class Allocation(Node):
    """Consumed or released exactly once."""

    order_item_id: strawberry.ID = id_field("OrderItem", "order_item_id", "The order item.")
    warehouse_id: strawberry.ID = id_field(
        "Warehouse", "warehouse_id", "The warehouse it lies in, or the fulfillment method that sends it."
    )
    level: Annotated["StockLevel", strawberry.lazy("gql_sales.schema.stock")] | None = one(
        "StockLevel", "level_id", "The stock it is part of, with bin and lot; null at a fulfillment method."
    )
    quantity: Decimal = text("Quantity.")
    state: AllocationState = text("Where it stands.")
    created_at: datetime = text("When it was set aside.")


@strawberry.type(description="Quantity of one order item on a cancellation note.", directives=[scopes("orders:read")])
class CancellationItem(Node):
    """Never changed."""

    order_item_id: strawberry.ID = id_field("OrderItem", "order_item_id", "The order item.")
    quantity: Decimal = text("Quantity cancelled.")


@strawberry.type(description="What was taken back of an order after it had locked.", directives=[scopes("orders:read")])
class CancellationNote(Node):
    """Never changed."""

    number: str = text("Human-facing number.")
    reason: str = text("Why it is no longer wanted.")
    requested_by: str | None = text("Who asked for it.")
    created_at: datetime = text("When it was cancelled.")
    items: list[CancellationItem] = many("CancellationNote.items", "What was cancelled, at most 500 items.")


@strawberry.type(description="Somebody's reason to stop an order.", directives=[scopes("orders.holds:read")])
class OrderHold(Node):
    """Kept after its release."""

    scope: HoldScope = text("What it stops.")
    reason: str = text("Why the order is on hold.")
    held_by: str = text("Who put it on hold.")
    held_at: datetime = text("When.")
    released_by: str | None = text("Who released it; null while it holds.")
    released_at: datetime | None = text("When it was released; null while it holds.")
    release_reason: str | None = text("Why it was released; null while it holds.")


@strawberry.type(description="A rule that an order was placed under.", directives=[scopes("policies:read")])
class OrderPolicyInfo:
    """Later changes of settings leave it alone."""

    name: str = text("Name of the policy, such as billingScope.")
    value: str = text("The value that holds for the order.")
    origin: PolicyOrigin | None = text("Where the value came from; null for orders from before this was kept.")


@strawberry.type(description="A sales order.", directives=[scopes("orders:read")])
class Order(Node, OrderFacts):
    """The container of what follows from an intent to buy."""

    source_ip: str | None = strawberry.field(
        description="Address that the order came from, as a hint at fraud.", directives=[scopes("orders.source:read")]
    )
    default_warehouse: Annotated["Warehouse", strawberry.lazy("gql_sales.schema.warehouses")] | None = one(
        "Warehouse", "default_warehouse_id", "Where its goods come from first; null where priority decides."
    )
    channel: Annotated["Channel", strawberry.lazy("gql_sales.schema.channels")] | None = one(
        "Channel", "channel_id", "The channel, when the caller may see it."
    )
    customer: Annotated["Customer", strawberry.lazy("gql_sales.schema.customers")] | None = one(
        "Customer", "customer_id", "The customer; null while there is none."
    )
    items: list[OrderItem] = many("Order.items", "Items of the order, at most 500, by position.")
    holds: list[OrderHold] | None = many("Order.holds", "Its holds, released ones too, at most 500, oldest first.")
    cancellation_notes: list[CancellationNote] = many(
        "Order.cancellationNotes", "What was cancelled after the lock, at most 500 notes, oldest first."
    )
    allocations: list[Allocation] | None = many(
        "Order.allocations", "Stock set aside for it, at most 5000, oldest first."
    )
    shipments: list[Annotated["Shipment", strawberry.lazy("gql_sales.schema.shipments")]] | None = many(
        "Order.shipments", "Its shipments, at most 500, oldest first."
    )
    invoices: list[LazyInvoice] | None = many("Order.invoices", "Invoices that bill it, at most 500, oldest first.")
    cash_sales: list[LazyCashSale] | None = many(
        "Order.cashSales", "Cash sales that bill it, at most 500, oldest first."
    )
    credit_memos: list[LazyCreditMemo] | None = many(
        "Order.creditMemos", "Credit memos that credit its bills, at most 500, oldest first."
    )
    advances: list[LazyPayment] | None = many(
        "Order.payments", "Advances reserved for it, used up or not, at most 500, oldest first."
    )
    history: Connection[LazyHistoryEntry] | None = pages(
        "Order.history", "What happened to it and its documents, and what that changed of it, newest first."
    )

    @strawberry.field(
        description="The rules that it was placed under, and where each came from, at most 100; empty for drafts.",
        directives=[scopes("policies:read")],
    )
    def policy_trace(self: Any) -> list[OrderPolicyInfo] | None:
        """Frozen when it was placed, so that later settings leave it alone (N-7)."""
        snapshot: dict[str, str] = self.policy_snapshot
        return [
            OrderPolicyInfo(name=name, value=value, origin=PolicyOrigin(origin) if origin else None)
            for name, value in sorted(snapshot.items())
            for origin in [self.policy_origins.get(name)]
        ]

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Order, self.id)
