"""Orders, their items and allocations as clients see them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql_sales.db.models import orders as models
from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.orders import AllocationState, HoldScope, OrderSource, OrderState, OrderType
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.db.models.products import ProductKind
from gql_sales.domain.policies.registry import PolicyOrigin
from gql_sales.schema.addresses import PostalAddress, address_field
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import Money, Node, id_field, money_field, text
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CountryCode, CurrencyCode
from gql_sales.schema.transitions import AvailableTransition, available_transitions

if TYPE_CHECKING:
    from gql_sales.schema.cash_sales import CashSale
    from gql_sales.schema.invoices import Invoice
    from gql_sales.schema.payments import Payment

LazyCreditMemo = Annotated["CreditMemo", strawberry.lazy("gql_sales.schema.credit_memos")]
LazyCashSale = Annotated["CashSale", strawberry.lazy("gql_sales.schema.cash_sales")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("gql_sales.schema.invoices")]
LazyPayment = Annotated["Payment", strawberry.lazy("gql_sales.schema.payments")]

if TYPE_CHECKING:
    from gql_sales.schema.channels import Channel
    from gql_sales.schema.credit_memos import CreditMemo
    from gql_sales.schema.customers import Customer
    from gql_sales.schema.invoices import Invoice
    from gql_sales.schema.products import Product
    from gql_sales.schema.shipments import Shipment
    from gql_sales.schema.stock import StockLevel
    from gql_sales.schema.warehouses import Warehouse


described(PolicyOrigin)


@strawberry.type(description="One item of an order.", directives=[scopes("orders:read")])
class OrderItem(Node):
    """Product facts, price and tax rate are copies made when it was added."""

    position: int = text("Place in the order, from 1.")
    product_id: strawberry.ID = id_field("Product", "product_id", "The product.")
    external_ref: str | None = text("The caller's own id of the line.")
    sku: str = text("Stock keeping unit.")
    name: str = text("Name of the product.")
    kind: ProductKind = text("Goods, service, delivery or discount.")
    unit_price: Decimal = text("Price of one unit in major units, with or without tax as the order says.")
    tax_country_code: CountryCode | None = text("Country whose tax applies; null while there is no delivery address.")
    tax_rate: Decimal | None = text("Tax rate as a share, such as 0.19; null when no rule covers the product.")
    net: Money = money_field("net_amount", "Amount without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    gross: Money = money_field("gross_amount", "Amount with tax.")
    ordered_quantity: Decimal = text("Quantity ordered.")
    cancelled_quantity: Decimal = text("Quantity cancelled.")
    committed_quantity: Decimal = text("Quantity promised from stock and not yet shipped.")
    allocated_quantity: Decimal = text("Quantity set aside in a warehouse and not yet booked.")
    booked_quantity: Decimal = text("Quantity on booked shipments.")
    packed_quantity: Decimal = text("Quantity in packages of its shipments, sent or not.")
    shipped_quantity: Decimal = text("Quantity that has left.")
    invoiced_quantity: Decimal = text("Quantity billed, by invoices or cash sales.")
    cash_saled_quantity: Decimal = text("Quantity of it billed by cash sales.")
    handed_over_quantity: Decimal = text("Quantity of cash sales that were invoiced later.")
    credited_quantity: Decimal = text("Quantity of what was billed that is credited.")
    rebillable_quantity: Decimal = text("Quantity of it that may be billed again.")
    credited_by_value: Money = money_field(
        "credited_amount", "What was credited besides quantities, such as price corrections; with tax."
    )
    product: Annotated["Product", strawberry.lazy("gql_sales.schema.products")] | None = one(
        "Product", "product_id", "The product as it is today, when the caller may see it."
    )
    allocations: list["Allocation"] | None = many(
        "OrderItem.allocations", "Stock set aside for it, at most 500, oldest first."
    )

    @strawberry.field(description="Quantity that cannot be changed any more: on booked shipments, packed, or gone.")
    def locked_quantity(self: Any) -> Decimal:
        """X-5: locked whatever the policy lockAt says."""
        locked: Decimal = max(self.booked_quantity + self.shipped_quantity, self.packed_quantity)
        return locked

    @strawberry.field(
        description="Quantity neither done nor cancelled; goods are done when shipped, the rest when billed."
    )
    def open_quantity(self: Any) -> Decimal:
        """I-1 of spec/domain.md."""
        billed = self.invoiced_quantity - self.rebillable_quantity
        done = self.shipped_quantity if self.kind == ProductKind.GOODS else billed
        open_: Decimal = self.ordered_quantity - self.cancelled_quantity - done
        return open_


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
class OrderPolicy:
    """Later changes of settings leave it alone."""

    name: str = text("Name of the policy, such as billingScope.")
    value: str = text("The value that holds for the order.")
    origin: PolicyOrigin | None = text("Where the value came from; null for orders from before this was kept.")


@strawberry.type(description="A sales order.", directives=[scopes("orders:read")])
class Order(Node):
    """The container of what follows from an intent to buy."""

    number: str | None = text("Human-facing number; null while the order is a draft.")
    type_code: OrderType = text("Type code.")
    state: OrderState = text("Lifecycle state.")
    source: OrderSource = text("Where it was taken.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    channel_id: strawberry.ID = id_field("Channel", "channel_id", "The channel.")
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    document_date: date = text("Date of the order; it decides the tax rates.")
    external_ref: str | None = text("The caller's own reference, unique in the channel.")
    source_ip: str | None = strawberry.field(
        description="Address that the order came from, as a hint at fraud.", directives=[scopes("orders.source:read")]
    )
    customer_po: str | None = text("The customer's purchase order number.")
    payment_method: str | None = text("Code of the method the customer pays by, when they chose one.")
    payment_method_class: PaymentMethodClass | None = text(
        "When the method brings the money; as it was when the draft was made."
    )
    is_invoice_requested: bool = text("True when the customer wants an invoice even if they pay at once.")
    default_warehouse: Annotated["Warehouse", strawberry.lazy("gql_sales.schema.warehouses")] | None = one(
        "Warehouse", "default_warehouse_id", "Where its goods come from first; null where priority decides."
    )
    channel: Annotated["Channel", strawberry.lazy("gql_sales.schema.channels")] | None = one(
        "Channel", "channel_id", "The channel, when the caller may see it."
    )
    customer: Annotated["Customer", strawberry.lazy("gql_sales.schema.customers")] | None = one(
        "Customer", "customer_id", "The customer; null while there is none."
    )
    shipping_address: PostalAddress | None = address_field("shipping_address", "Where it goes.")
    billing_address: PostalAddress | None = address_field("billing_address", "Who gets the bill.")
    net: Money = money_field("net_amount", "Total without tax, of what was ordered.")
    tax: Money = money_field("tax_amount", "Tax.")
    total: Money = money_field("gross_amount", "Total with tax, of what was ordered.")
    credited: Money = money_field("credited_amount", "What was credited of its bills, with tax.")
    due: Money = money_field("due_amount", "Billed and not credited, and still to be billed.")
    outstanding: Money = money_field("outstanding_amount", "What is still to be paid of what is due.")
    paid: Money = money_field("paid_amount", "What is paid of what is due.")
    commitment_status: AxisStatus = text("How much of it is promised from stock.")
    allocation_status: AxisStatus = text("How much of it is set aside in warehouses.")
    pack_status: AxisStatus = text("How much of it is in packages; not applicable when it left without any.")
    dispatch_status: AxisStatus = text("How much of it has left.")
    billing_status: BillingStatus = text("How far it is billed.")
    credit_status: AxisStatus = text("How much of what was billed is credited.")
    payment_status: PaymentStatus = text("How far it is paid.")
    is_locked: bool = text("True once it is acknowledged, where the policy lockAt is ACKNOWLEDGE.")
    summary: str = text("All of its statuses in one short English text.")
    cancel_reason: str | None = text("Why it was cancelled.")
    created_at: datetime = text("When the draft was made.")
    updated_at: datetime = text("When it last changed.")
    placed_at: datetime | None = text("When it was placed; null while it is a draft.")
    acknowledged_at: datetime | None = text("When it was confirmed to the customer.")
    acknowledgement_due_at: datetime | None = text(
        "When it is acknowledged by itself if it is still placed; null when it is already, or waits for a person."
    )
    expires_at: datetime | None = text("When it is cancelled unless it is paid before; null when it does not expire.")
    completed_at: datetime | None = text("When nothing was open any more.")
    closed_at: datetime | None = text("When it was closed.")
    cancelled_at: datetime | None = text("When it was cancelled.")
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

    @strawberry.field(description="True while a hold stops it; what is stopped, its blocked transitions tell.")
    def is_on_hold(self: Any) -> bool:
        """Some hold is not released."""
        return bool(self.held_scopes)

    @strawberry.field(
        description="The rules that it was placed under, and where each came from, at most 100; empty for drafts.",
        directives=[scopes("policies:read")],
    )
    def policy_trace(self: Any) -> list[OrderPolicy] | None:
        """Frozen when it was placed, so that later settings leave it alone (N-7)."""
        snapshot: dict[str, str] = self.policy_snapshot
        return [
            OrderPolicy(name=name, value=value, origin=PolicyOrigin(origin) if origin else None)
            for name, value in sorted(snapshot.items())
            for origin in [self.policy_origins.get(name)]
        ]

    @strawberry.field(description="True when unit prices contain tax.")
    def has_tax_in_prices(self: Any) -> bool:
        """Policy pricesIncludeTax, as it was when the draft was made."""
        return bool(self.prices_include_tax)

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Order, self.id)
