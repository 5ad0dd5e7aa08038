"""Invoices as clients see them, and what mutations on them take and give."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql_sales.db.models import billing as models
from gql_sales.db.models.axes import PaymentStatus
from gql_sales.db.models.billing import InvoiceState
from gql_sales.domain.invoices.lines import Selected
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.addresses import PostalAddress
from gql_sales.schema.context import Info
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Money, Node, id_field, money_field, optional, text
from gql_sales.schema.order_inputs import OrderInput, OrderPayload
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CountryCode, CurrencyCode
from gql_sales.schema.tenders import TenderInput
from gql_sales.schema.transitions import AvailableTransition, available_transitions

if TYPE_CHECKING:
    from gql_sales.schema.cash_sales import CashSale
    from gql_sales.schema.credit_memos import CreditMemo, MemoApplication
    from gql_sales.schema.payments import Payment, PaymentAllocation


@strawberry.type(description="The buyer as copied onto an invoice.", directives=[scopes("invoices:read")])
class BuyerInfo:
    """Never changes with the customer record."""

    name: str = text("Name.")
    email: str | None = text("E-mail address.")
    phone: str | None = text("Telephone number.")
    tax_number: str | None = text("Tax number.")
    external_ref: str | None = text("The customer's reference in other systems.")


LazyMemoApplication = Annotated["MemoApplication", strawberry.lazy("gql_sales.schema.credit_memos")]


@strawberry.type(description="One line of an invoice.", directives=[scopes("invoices:read")])
class InvoiceItem(Node):
    """A quantity of an order item at its frozen price and rate."""

    position: int = text("Place on the invoice, from 1.")
    order_item_id: strawberry.ID = id_field("OrderItem", "order_item_id", "The order item that is billed.")
    sku: str = text("Stock keeping unit.")
    name: str = text("Name of the product.")
    quantity: Decimal = text("Quantity billed.")
    unit_price: Decimal = text("Price of one unit in major units, with or without tax as the order says.")
    tax_rate: Decimal = text("Tax rate as a share, such as 0.19.")
    net: Money = money_field("net_amount", "Amount without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    gross: Money = money_field("gross_amount", "Amount with tax.")


@strawberry.type(description="Tax of one rate on an invoice.", directives=[scopes("invoices:read")])
class TaxLine:
    """Together they are the invoice's tax."""

    country_code: CountryCode = text("Country whose tax it is.")
    rate: Decimal = text("Tax rate as a share, such as 0.19.")
    net: Money = money_field("net_amount", "Amount that is taxed.")
    tax: Money = money_field("tax_amount", "Tax.")


@strawberry.type(
    description="A demand for payment with a number of an unbroken series.", directives=[scopes("invoices:read")]
)
class Invoice(Node):
    """Frozen once issued, but for what is still open of it."""

    number: str = text("Human-facing number, given when it was issued.")
    state: InvoiceState = text("Lifecycle state.")
    version: int = text("Grows by one with every change.")
    order_id: strawberry.ID = id_field("Order", "order_id", "The order it bills.")
    order: Order | None = one("Order", "order_id", "The order it bills, when the caller may see it.")
    cash_sale: Annotated["CashSale", strawberry.lazy("gql_sales.schema.cash_sales")] | None = one(
        "CashSale", "cash_sale_id", "The cash sale it was made of, if any; the two count once."
    )
    customer_id: strawberry.ID = id_field("Customer", "customer_id", "Who owes it.")
    customer: Customer | None = one("Customer", "customer_id", "Who owes it, when the caller may see them.")
    channel_id: strawberry.ID = id_field("Channel", "channel_id", "The channel of its order.")
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    invoiced_on: date = strawberry.field(name="datedOn", description="Date of the invoice.")
    tax_point_on: date | None = text(
        "Day that counts for tax; null until invoiceConfirm where the policy waits for it."
    )
    confirmed_at: datetime | None = text("When invoiceConfirm set the day that counts for tax.")
    voided_by: Annotated["CreditMemo", strawberry.lazy("gql_sales.schema.credit_memos")] | None = one(
        "CreditMemo", "voided_by_id", "The credit memo that voids it."
    )
    due_on: date = text("Day by which it is to be paid.")
    issued_at: datetime = text("When it got its number; never earlier than the number before.")
    net: Money = money_field("net_amount", "Total without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    total: Money = money_field("gross_amount", "Total with tax.")
    open_balance: Money = money_field("open_amount", "What is still to be paid.")
    written_off: Money = money_field("written_off_amount", "What is given up of it.")
    payment_status: PaymentStatus = text("How far it is paid.")
    items: list[InvoiceItem] = many("Invoice.items", "Lines, at most 500, by position.")
    tax_lines: list[TaxLine] = many("Invoice.taxLines", "Tax by country and rate, at most 500.")
    credit_applications: list[LazyMemoApplication] | None = many(
        "Invoice.creditApplications", "What credit memos settled of it, oldest first, at most 5000."
    )
    payment_allocations: list[Annotated["PaymentAllocation", strawberry.lazy("gql_sales.schema.payments")]] | None = (
        many(
            "Invoice.paymentAllocations", "What payments settled of it or of its cash sale, oldest first, at most 5000."
        )
    )

    @strawberry.field(description="The buyer as it was when the invoice was issued.")
    def buyer(self: Any) -> BuyerInfo:
        """From the copy on the invoice."""
        return BuyerInfo(**self.buyer)

    @strawberry.field(description="Who gets the bill.")
    def billing_address(self: Any) -> PostalAddress:
        """From the copy on the invoice."""
        return PostalAddress(**self.billing_address)

    @strawberry.field(description="Where the goods go.")
    def shipping_address(self: Any) -> PostalAddress:
        """From the copy on the invoice."""
        return PostalAddress(**self.shipping_address)

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Invoice, self.id)


@strawberry.input(description="Quantity of an order item that is to be billed.")
class InvoiceItemInput:
    """Only under billingScope BY_SELECTION."""

    order_item_id: strawberry.ID = text("The order item.")
    quantity: Decimal = text("Quantity, above zero, at most what may be billed now.")

    def to_domain(self) -> Selected:
        """As verbs take it."""
        return Selected(decode_id("OrderItem", self.order_item_id), self.quantity)


@strawberry.input(description="Input of invoiceIssue.")
class InvoiceIssueInput(OrderInput):
    """The whole order unless the policy lets lines be selected."""

    items: list[InvoiceItemInput] | None = optional("Lines, at most 500; all that may be billed now when absent.")
    invoiced_on: date | None = optional("Date of the invoice; today at the company's seat when absent.")
    due_days: int = strawberry.field(description="Days to pay, counted from the date of the invoice.", default=0)
    tenders: list[TenderInput] = strawberry.field(
        description="Money that comes with it, at most 20 tenders and at most its total; needs payments:record.",
        default_factory=list,
    )
    received_at: datetime | None = optional("When the money came in; now when absent.")


@strawberry.input
class InvoiceInput(MutationInput):
    """Any change of an existing invoice."""

    invoice_id: strawberry.ID = text("The invoice.")


@strawberry.type
class InvoicePayload(Payload):
    """Any change of an existing invoice."""

    invoice: Invoice | None = changed("Invoice", "The invoice as it stands; null when it is not visible.")


@strawberry.input(description="Input of invoiceConfirm.")
class InvoiceConfirmInput(InvoiceInput):
    """When it was printed or sent."""

    confirmed_on: date | None = optional("Day that counts for tax; today at the company's seat when absent.")


@strawberry.type(description="Outcome of invoiceConfirm.")
class InvoiceConfirmPayload(InvoicePayload):
    """The invoice with its tax point."""


@strawberry.input(description="Input of invoiceVoid.")
class InvoiceVoidInput(InvoiceInput):
    """Which invoice, and why."""

    reason: str = text("Why, at most 500 characters; it stands on the credit memo.")


@strawberry.type(description="Outcome of invoiceVoid.")
class InvoiceVoidPayload(InvoicePayload):
    """The voided invoice and the credit memo that voids it."""

    credit_memo: Annotated["CreditMemo", strawberry.lazy("gql_sales.schema.credit_memos")] | None = changed(
        "CreditMemo", "The credit memo that voids it; null when it was refused or only tried."
    )


@strawberry.type(description="Outcome of invoiceIssue.")
class InvoiceIssuePayload(OrderPayload):
    """The invoice and the order it bills."""

    invoice: Invoice | None = changed("Invoice", "The new invoice; null when it was refused or only tried.")
    payment: Annotated["Payment", strawberry.lazy("gql_sales.schema.payments")] | None = changed(
        "Payment", "The money that came with it; null when none did."
    )
