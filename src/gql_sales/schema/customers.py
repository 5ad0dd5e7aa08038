"""Customers and their address books as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Optional

import strawberry

from gql_sales.db.models import customers as models
from gql_sales.db.models.customers import CustomerKind, CustomerState
from gql_sales.db.pages import PageRequest
from gql_sales.schema.connections import After, Before, Connection, First, Last
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Money, Node, text
from gql_sales.schema.relations import many, one, page_below, pages, sums
from gql_sales.schema.scalars import CountryCode, EmailAddress
from gql_sales.schema.timeline import TimelineItem
from gql_sales.schema.transitions import AvailableTransition, available_transitions

if TYPE_CHECKING:
    from gql_sales.schema.cash_sales import CashSale
    from gql_sales.schema.credit_memos import CreditMemo
    from gql_sales.schema.invoices import Invoice
    from gql_sales.schema.orders import Order
    from gql_sales.schema.payments import Payment
    from gql_sales.schema.refunds import Refund

LazyCreditMemo = Annotated["CreditMemo", strawberry.lazy("gql_sales.schema.credit_memos")]
LazyRefund = Annotated["Refund", strawberry.lazy("gql_sales.schema.refunds")]
LazyCashSale = Annotated["CashSale", strawberry.lazy("gql_sales.schema.cash_sales")]
LazyInvoice = Annotated["Invoice", strawberry.lazy("gql_sales.schema.invoices")]
LazyOrder = Annotated["Order", strawberry.lazy("gql_sales.schema.orders")]
LazyPayment = Annotated["Payment", strawberry.lazy("gql_sales.schema.payments")]


@strawberry.type(description="An entry of a customer's address book.", directives=[scopes("customers:read")])
class Address(Node):
    """Documents keep a copy of their own."""

    name: str = text("Who receives it.")
    line1: str = text("Street and number.")
    line2: str | None = text("Further details.")
    city: str = text("City.")
    region: str | None = text("State or province.")
    postal_code: str | None = text("Postal code.")
    country_code: CountryCode = text("Country.")
    is_default_shipping: bool = text("True for the one address that goods go to by default.")
    is_default_billing: bool = text("True for the one address that bills go to by default.")


@strawberry.type(description="Whoever an order is for.", directives=[scopes("customers:read")])
class Customer(Node):
    """Every placed order has one."""

    kind: CustomerKind = text("How the record came to be.")
    state: CustomerState = text("Lifecycle state.")
    merged_into: Optional["Customer"] = one(
        "Customer", "merged_into_id", "The record that stands for a merged one, when the caller may see it."
    )
    merged_records: Connection["Customer"] | None = pages(
        "Customer.mergedRecords",
        "Records that were merged into this one, newest first; their documents count as its own.",
    )
    name: str = text("Name of the person or firm.")
    email: EmailAddress | None = text("E-mail address; guests and registered customers always have one.")
    phone: str | None = text("Telephone number.")
    tax_number: str | None = text("Tax number of a firm.")
    external_ref: str | None = text("Reference of another system, unique in the company.")
    created_at: datetime = text("When the record was made.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    addresses: list[Address] = many("Customer.addresses", "The address book, at most 50, oldest first.")

    orders: Connection[LazyOrder] | None = pages("Customer.orders", "Their orders, newest first.")
    cash_sales: Connection[LazyCashSale] | None = pages("Customer.cashSales", "Their cash sales, newest first.")
    credit_memos: Connection[LazyCreditMemo] | None = pages("Customer.creditMemos", "Their credit memos, newest first.")
    refunds: Connection[LazyRefund] | None = pages("Customer.refunds", "Money given back to them, newest first.")
    payments: Connection[LazyPayment] | None = pages("Customer.payments", "Money received from them, newest first.")
    timeline: Connection[TimelineItem] | None = pages(
        "Customer.timeline", "What happened to the customer and their documents, and what was noted, newest first."
    )

    @strawberry.field(description="Their invoices, newest first.")
    async def invoices(
        self: Any,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        is_open: Annotated[bool, strawberry.argument(description="True for those that something is open of.")] = False,
    ) -> Connection[LazyInvoice] | None:
        """Each choice is a list of its own, with its own cursors."""
        relation = "Customer.openInvoices" if is_open else "Customer.invoices"
        return await page_below(info, relation, self.id, PageRequest(first, after, last, before))

    balance: list[Money] | None = sums(
        "Customer.balances",
        "What is open on all bills of the customer, one amount per currency; empty when nothing is.",
        "invoices:read",
    )
    advances: list[Money] | None = sums(
        "Customer.advances",
        "Money on account that is not used yet, one amount per currency; empty when there is none.",
        "payments:read",
    )
    credits: list[Money] | None = sums(
        "Customer.credits",
        "What is left of credit memos, one amount per currency; empty when nothing is.",
        "credit_memos:read",
    )

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Customer, self.id)
