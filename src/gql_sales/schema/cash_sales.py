"""Cash sales as clients see them, and what mutations on them take and give."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql_sales.db.models import billing as models
from gql_sales.db.models.axes import PaymentStatus
from gql_sales.db.models.billing import CashSaleState
from gql_sales.schema.addresses import PostalAddress, PostalAddressInput
from gql_sales.schema.context import Info
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.invoices import Invoice
from gql_sales.schema.nodes import Money, Node, id_field, money_field, optional, text
from gql_sales.schema.order_inputs import OrderInput, OrderPayload
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, changed
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CountryCode, CurrencyCode
from gql_sales.schema.tenders import TenderInput
from gql_sales.schema.transitions import AvailableTransition, available_transitions

if TYPE_CHECKING:
    from gql_sales.schema.credit_memos import MemoApplication
    from gql_sales.schema.payments import Payment, PaymentAllocation

LazyMemoApplication = Annotated["MemoApplication", strawberry.lazy("gql_sales.schema.credit_memos")]


@strawberry.type(description="One line of a cash sale.", directives=[scopes("cash_sales:read")])
class CashSaleItem(Node):
    """A quantity of an order item at its frozen price and rate."""

    position: int = text("Place on the receipt, from 1.")
    order_item_id: strawberry.ID = id_field("OrderItem", "order_item_id", "The order item that is billed.")
    sku: str = text("Stock keeping unit.")
    name: str = text("Name of the product.")
    quantity: Decimal = text("Quantity billed.")
    unit_price: Decimal = text("Price of one unit in major units, with or without tax as the order says.")
    tax_rate: Decimal = text("Tax rate as a share, such as 0.19.")
    net: Money = money_field("net_amount", "Amount without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    gross: Money = money_field("gross_amount", "Amount with tax.")


@strawberry.type(description="Tax of one rate on a cash sale.", directives=[scopes("cash_sales:read")])
class CashSaleTaxLine:
    """Together they are the cash sale's tax."""

    country_code: CountryCode = text("Country whose tax it is.")
    rate: Decimal = text("Tax rate as a share, such as 0.19.")
    net: Money = money_field("net_amount", "Amount that is taxed.")
    tax: Money = money_field("tax_amount", "Tax.")


@strawberry.type(
    description="A bill that is paid at once, shown as a receipt, with a number of an unbroken series.",
    directives=[scopes("cash_sales:read")],
)
class CashSale(Node):
    """Frozen once issued, but for what is still open of it, and for being invoiced later."""

    number: str = text("Human-facing number, given when it was issued.")
    state: CashSaleState = text("Lifecycle state.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    order_id: strawberry.ID = id_field("Order", "order_id", "The order it bills.")
    order: Order | None = one("Order", "order_id", "The order it bills, when the caller may see it.")
    customer_id: strawberry.ID = id_field("Customer", "customer_id", "Who bought.")
    customer: Customer | None = one("Customer", "customer_id", "Who bought, when the caller may see them.")
    channel_id: strawberry.ID = id_field("Channel", "channel_id", "The channel of its order.")
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    sold_on: date = strawberry.field(name="datedOn", description="Date of the cash sale.")
    tax_point_on: date = text("Day that counts for tax.")
    issued_at: datetime = text("When it got its number; never earlier than the number before.")
    invoiced_at: datetime | None = text("When an invoice was made of it; null while there is none.")
    net: Money = money_field("net_amount", "Total without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    total: Money = money_field("gross_amount", "Total with tax.")
    open_balance: Money = money_field("open_amount", "What is still to be paid of it; zero once it is invoiced.")
    written_off: Money = money_field("written_off_amount", "What is given up of it; zero once it is invoiced.")
    handed_over: Money = money_field("handed_over_amount", "What counts on its invoice: zero, or the total.")
    payment_status: PaymentStatus = text("How far it is paid.")
    items: list[CashSaleItem] = many("CashSale.items", "Lines, at most 500, by position.")
    tax_lines: list[CashSaleTaxLine] = many("CashSale.taxLines", "Tax by country and rate, at most 500.")
    credit_applications: list[LazyMemoApplication] | None = many(
        "CashSale.creditApplications", "What credit memos settled of it, oldest first, at most 5000."
    )
    payment_allocations: list[Annotated["PaymentAllocation", strawberry.lazy("gql_sales.schema.payments")]] | None = (
        many(
            "CashSale.paymentAllocations",
            "What payments settled of it, oldest first, at most 5000; it counts on the invoice, once there is one.",
        )
    )

    @strawberry.field(description="The invoice that was made of it, if any and when the caller may see it.")
    async def invoice(self: Any, info: Info) -> Invoice | None:
        """At most one names the cash sale."""
        found = await info.context.loaders.children("CashSale.invoices", self.id)
        invoice: Invoice | None = found[0] if found else None  # type: ignore[assignment]
        return invoice

    @strawberry.field(description="Name of the buyer as it was when the cash sale was issued.")
    def buyer_name(self: Any) -> str:
        """From the copy on the cash sale; its invoice shows the whole buyer."""
        return str(self.buyer["name"])

    @strawberry.field(description="The buyer's address.")
    def billing_address(self: Any) -> PostalAddress:
        """From the copy on the cash sale."""
        return PostalAddress(**self.billing_address)

    @strawberry.field(description="Where the goods go.")
    def shipping_address(self: Any) -> PostalAddress:
        """From the copy on the cash sale."""
        return PostalAddress(**self.shipping_address)

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.CashSale, self.id)


@strawberry.input(description="Input of cashSaleIssue.")
class CashSaleIssueInput(OrderInput):
    """Always the whole order."""

    payment_method: str | None = optional("Code of the immediate method the money came by; the order's when absent.")
    tenders: list[TenderInput] = strawberry.field(
        description="What the money consists of, at most 20 and at most the total; the whole by one method when empty.",
        default_factory=list,
    )
    sold_on: date | None = strawberry.field(
        name="datedOn",
        description="Date of the cash sale; today at the company's seat when absent.",
        default=strawberry.UNSET,
    )
    received_at: datetime | None = optional("When the money came in; now when absent.")


@strawberry.type(description="Outcome of cashSaleIssue.")
class CashSaleIssuePayload(OrderPayload):
    """The cash sale with its payment, and the order it bills."""

    cash_sale: CashSale | None = changed("CashSale", "The new cash sale; null when it was refused or only tried.")
    payment: Annotated["Payment", strawberry.lazy("gql_sales.schema.payments")] | None = changed(
        "Payment", "The first payment that was made or used for it; null when it cost nothing."
    )


@strawberry.input(description="Input of cashSaleInvoice.")
class CashSaleInvoiceInput(MutationInput):
    """Once for each cash sale."""

    cash_sale_id: strawberry.ID = text("The cash sale.")
    invoiced_on: date | None = optional("Date of the invoice; today at the company's seat when absent.")
    billing_address: PostalAddressInput | None = optional("Who gets the invoice; as on the cash sale when absent.")


@strawberry.type(description="Outcome of cashSaleInvoice.")
class CashSaleInvoicePayload(OrderPayload):
    """The invoice, the cash sale that it was made of, and the order that shows both."""

    cash_sale: CashSale | None = changed(
        "CashSale", "The cash sale after the change, or as it stands when the change was refused."
    )
    invoice: Invoice | None = changed("Invoice", "The new invoice; null when it was refused or only tried.")
