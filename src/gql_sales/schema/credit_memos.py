"""Credit memos as clients see them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql_sales.db.models import credit_memos as models
from gql_sales.db.models.axes import AxisStatus
from gql_sales.db.models.credit_memos import CreditMemoCause, CreditMemoState
from gql_sales.schema.addresses import PostalAddress
from gql_sales.schema.cash_sales import CashSale
from gql_sales.schema.context import Info
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.invoices import Invoice
from gql_sales.schema.nodes import Money, Node, id_field, money_field, optional_id_field, text
from gql_sales.schema.orders import Order
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CountryCode, CurrencyCode
from gql_sales.schema.transitions import AvailableTransition, available_transitions

if TYPE_CHECKING:
    from gql_sales.schema.refunds import Refund

_READ = [scopes("credit_memos:read")]


@strawberry.type(description="One line of a credit memo.", directives=_READ)
class CreditMemoItem(Node):
    """A part of a billed line at its price and rate, or a line that belongs to no bill."""

    position: int = text("Place on the credit memo, from 1.")
    order_id: strawberry.ID | None = optional_id_field("Order", "order_id", "The order whose bill is credited, if any.")
    order_item_id: strawberry.ID | None = optional_id_field("OrderItem", "order_item_id", "Its item, if any.")
    invoice_item_id: strawberry.ID | None = optional_id_field(
        "InvoiceItem", "invoice_item_id", "The line of an invoice that is credited, if any."
    )
    cash_sale_item_id: strawberry.ID | None = optional_id_field(
        "CashSaleItem", "cash_sale_item_id", "The line of a cash sale that is credited, if any."
    )
    product_id: strawberry.ID | None = optional_id_field("Product", "product_id", "The product, if it is about one.")
    sku: str | None = text("Stock keeping unit, if it is about a product.")
    name: str = text("Name of the product, or what staff wrote.")
    quantity: Decimal = text("Quantity credited; 1 when it is credited by value.")
    is_by_value: bool = text("True when an amount is credited and no quantity, such as a price correction.")
    unit_price: Decimal = text("Price of one unit in major units, as the bill has it; of free lines without tax.")
    tax_rate: Decimal = text("Tax rate as a share, such as 0.19: that of the billed line.")
    net: Money = money_field("net_amount", "Amount without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    gross: Money = money_field("gross_amount", "Amount with tax.")


@strawberry.type(description="Tax of one rate on a credit memo.", directives=_READ)
class CreditMemoTaxLine:
    """Together they are the credit memo's tax."""

    country_code: CountryCode = text("Country whose tax it is.")
    rate: Decimal = text("Tax rate as a share, such as 0.19.")
    net: Money = money_field("net_amount", "Amount that is taxed.")
    tax: Money = money_field("tax_amount", "Tax.")


@strawberry.type(description="Part of a credit memo used to settle an invoice or a cash sale.", directives=_READ)
class MemoApplication(Node):
    """Never changed; taking it back is a row of its own."""

    amount: Money = money_field("amount", "Amount; below zero when it takes an earlier application back.")
    is_automatic: bool = text("True when the credit settled the very bill that it credits, by itself.")
    created_at: datetime = text("When it was applied.")
    reverses_id: strawberry.ID | None = optional_id_field(
        "MemoApplication", "reverses_id", "The application that it takes back, if any."
    )
    invoice_id: strawberry.ID | None = optional_id_field("Invoice", "invoice_id", "The invoice it settles, if any.")
    invoice: Invoice | None = one("Invoice", "invoice_id", "The invoice it settles, when the caller may see it.")
    cash_sale_id: strawberry.ID | None = optional_id_field(
        "CashSale",
        "cash_sale_id",
        "The cash sale it settles, if any; it counts on the invoice of it, once there is one.",
    )
    cash_sale: CashSale | None = one(
        "CashSale", "cash_sale_id", "The cash sale it settles, when the caller may see it."
    )
    credit_memo_id: strawberry.ID = id_field("CreditMemo", "credit_memo_id", "The credit memo it is part of.")


@strawberry.type(
    description="What a customer gets back, with a number of an unbroken series; it is used for bills or refunded.",
    directives=_READ,
)
class CreditMemo(Node):
    """Frozen once issued, but for what was used of it."""

    number: str = text("Human-facing number, given when it was issued.")
    state: CreditMemoState = text("Lifecycle state.")
    cause: CreditMemoCause = text("Why the customer is credited.")
    reopens_billing: bool = strawberry.field(
        name="hasReopenedBilling", description="True when the quantities that it credits may be billed again."
    )
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    customer_id: strawberry.ID = id_field("Customer", "customer_id", "Who is credited.")
    customer: Customer | None = one("Customer", "customer_id", "Who is credited, when the caller may see them.")
    channel_id: strawberry.ID | None = optional_id_field("Channel", "channel_id", "The channel it belongs to, if any.")
    external_ref: str | None = text("The caller's own reference, unique in the company.")
    reason: str | None = text("Why, in the words of staff.")
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    credited_on: date = strawberry.field(name="datedOn", description="Date of the credit memo.")
    issued_at: datetime = text("When it got its number; never earlier than the number before.")
    net: Money = money_field("net_amount", "Total without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    total: Money = money_field("gross_amount", "Total with tax.")
    balance: Money = money_field("balance_amount", "What can still be used or refunded.")
    applied: Money = money_field("applied_amount", "What settles bills.")
    refund_pending: Money = money_field("refund_pending_amount", "What is on its way back to the customer.")
    refunded: Money = money_field("refunded_amount", "What is back with the customer.")
    voided: Money = money_field("voided_amount", "Zero, or the total when it was voided.")
    usage_status: AxisStatus = text("How much of it is used or refunded.")
    items: list[CreditMemoItem] = many("CreditMemo.items", "Lines, at most 500, by position.")
    tax_lines: list[CreditMemoTaxLine] = many("CreditMemo.taxLines", "Tax by country and rate, at most 500.")
    applications: list[MemoApplication] = many(
        "CreditMemo.applications", "What it settles, oldest first, at most 5000; what was taken back stands there too."
    )
    refunds: list[Annotated["Refund", strawberry.lazy("gql_sales.schema.refunds")]] | None = many(
        "CreditMemo.refunds", "Refunds of it, oldest first, at most 5000."
    )
    orders: list[Order] | None = many("CreditMemo.orders", "The orders whose bills it credits, at most 500.")

    @strawberry.field(description="Name of the customer as it was when the credit memo was issued.")
    def buyer_name(self: Any) -> str:
        """From the copy on the credit memo."""
        return str(self.buyer["name"])

    @strawberry.field(description="The customer's address on the credited bill; null when no bill is credited.")
    def billing_address(self: Any) -> PostalAddress | None:
        """From the copy on the credit memo."""
        return PostalAddress(**self.billing_address) if self.billing_address else None

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.CreditMemo, self.id)
