"""Payments as clients see them, and what mutations on them take and give."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.models import payments as models
from gql_sales.db.models.payments import PaymentKind, PaymentState
from gql_sales.domain.payments.settlement import Target
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.cash_sales import CashSale
from gql_sales.schema.context import Info
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.invoices import Invoice
from gql_sales.schema.nodes import Money, Node, given, id_field, money, money_field, optional, optional_id_field, text
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CurrencyCode
from gql_sales.schema.tenders import TenderInput
from gql_sales.schema.transitions import AvailableTransition, available_transitions


@strawberry.type(description="One means of payment within a payment.", directives=[scopes("payments:read")])
class Tender(Node):
    """Cash, a card, a transfer; the tenders that others took the place of stay as history."""

    method: str = text("How it was paid, such as CASH or CARD.")
    reference: str | None = text("The provider's reference, unique per method.")
    amount: Money = money_field("amount", "Amount.")
    refunded: Money = money_field("refunded_amount", "What went back to it, or is on its way.")
    replaced_at: datetime | None = text("When other tenders took its place; null for those that count.")


@strawberry.type(
    description="Part of a payment used to settle an invoice or a cash sale.", directives=[scopes("payments:read")]
)
class PaymentAllocation(Node):
    """Never changed; taking it back is a row of its own."""

    amount: Money = money_field("amount", "Amount; below zero when it takes an earlier allocation back.")
    reverses_id: strawberry.ID | None = optional_id_field(
        "PaymentAllocation", "reverses_id", "The allocation that it takes back, if any."
    )
    created_at: datetime = text("When it was allocated.")
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
    payment_id: strawberry.ID = id_field("Payment", "payment_id", "The payment it is part of.")
    payment: "Payment | None" = one("Payment", "payment_id", "The payment it is part of, when the caller may see it.")


@strawberry.type(description="Money received from a customer.", directives=[scopes("payments:read")])
class Payment(Node):
    """How much of it is used is told by its amounts."""

    number: str = text("Human-facing number.")
    kind: PaymentKind = text("Why the money came in.")
    state: PaymentState = text("Lifecycle state.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    customer_id: strawberry.ID = id_field("Customer", "customer_id", "Who paid.")
    customer: Customer | None = one("Customer", "customer_id", "Who paid, when the caller may see them.")
    order: Order | None = one(
        "Order",
        "order_id",
        "The order the advance is reserved for; null for other money, or when the caller may not see it.",
    )
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    amount: Money = money_field("amount", "Amount received.")
    unallocated: Money = money_field("unallocated_amount", "What is not used yet.")
    received_at: datetime = text("When the money came in.")
    created_at: datetime = text("When it was recorded.")
    tenders: list[Tender] = many("Payment.tenders", "What it consists of, at most 20, and what was replaced before.")
    allocations: list[PaymentAllocation] = many(
        "Payment.allocations", "What it was used for, oldest first, at most 5000."
    )

    @strawberry.field(
        description="What the customer may use by themselves: nothing of an advance reserved for an order."
    )
    def self_service_available(self: Any) -> Money:
        """X-17: one balance, two views."""
        return money(self.unallocated_amount if self.order_id is None else 0, self.currency_code)

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Payment, self.id)


@strawberry.input(description="An invoice or a cash sale to settle.")
class PaymentTargetInput:
    """In the currency of the payment."""

    invoice_id: strawberry.ID | None = optional("The invoice; give this or the cash sale.")
    cash_sale_id: strawberry.ID | None = optional("The cash sale; give this or the invoice.")
    amount: Decimal | None = optional("Amount in major units; as much as possible when absent.")

    def to_domain(self) -> Target:
        """As verbs take it."""
        invoice_id, cash_sale_id = given(self.invoice_id), given(self.cash_sale_id)
        if (invoice_id is None) == (cash_sale_id is None):
            raise RequestError(Code.BAD_USER_INPUT, "Name each document to settle by its invoiceId or its cashSaleId.")
        if cash_sale_id is not None:
            return Target(decode_id("CashSale", cash_sale_id), given(self.amount), is_cash_sale=True)
        return Target(decode_id("Invoice", invoice_id), given(self.amount))


@strawberry.input(description="Input of paymentRecord.")
class PaymentRecordInput(MutationInput):
    """The amount is the sum of the tenders."""

    customer_id: strawberry.ID = text("Who paid.")
    kind: PaymentKind = text("Regular for named invoices and cash sales, advance on account.")
    tenders: list[TenderInput] = text("What the payment consists of, 1 to 20.")
    currency_code: CurrencyCode | None = optional(
        "Currency of all amounts; that of the order, of the first document or of the company when absent."
    )
    order_id: strawberry.ID | None = optional("Order that an advance is reserved for.")
    allocations: list[PaymentTargetInput] = strawberry.field(
        description="Invoices and cash sales that a regular payment settles with its whole amount; at most 250.",
        default_factory=list,
    )
    received_at: datetime | None = optional("When the money came in; now when absent.")


@strawberry.type(description="Outcome of paymentRecord.")
class PaymentRecordPayload(Payload):
    """The new payment and what it settled."""

    payment: Payment | None = changed("Payment", "The new payment; null when it was refused or only tried.")
    order: Order | None = changed("Order", "The order it is reserved for, or the order of its first document.")


@strawberry.input(description="Input of paymentAllocate.")
class PaymentAllocateInput(MutationInput):
    """Targets are settled in the given sequence."""

    payment_id: strawberry.ID = text("The payment.")
    targets: list[PaymentTargetInput] = text("Invoices and cash sales to settle, 1 to 250.")


@strawberry.type(description="Outcome of paymentAllocate.")
class PaymentAllocatePayload(Payload):
    """The payment after the change, with its new allocations."""

    payment: Payment | None = changed(
        "Payment", "The payment after the change, or as it stands when the change was refused."
    )
    order: Order | None = changed("Order", "The first order that it changed; null when the change was refused.")


@strawberry.input
class PaymentInput(MutationInput):
    """Any change of an existing payment."""

    payment_id: strawberry.ID = text("The payment.")


@strawberry.type
class PaymentPayload(Payload):
    """Any change of an existing payment."""

    payment: Payment | None = changed(
        "Payment", "The payment after the change, or as it stands when the change was refused."
    )
    order: Order | None = changed("Order", "The first order that it changed; null when there is none.")


@strawberry.input(description="Input of paymentDeallocate.")
class PaymentDeallocateInput(PaymentInput):
    """All allocations, or those named."""

    allocation_ids: list[strawberry.ID] = strawberry.field(
        description="Allocations to take back; all that stand when empty.", default_factory=list
    )


@strawberry.type(description="Outcome of paymentDeallocate.")
class PaymentDeallocatePayload(PaymentPayload):
    """The payment with its money on account."""


@strawberry.input(description="Input of paymentSplit.")
class PaymentSplitInput(PaymentInput):
    """How the money really came."""

    tenders: list[TenderInput] = text("What the payment consists of, 1 to 20; together its amount.")


@strawberry.type(description="Outcome of paymentSplit.")
class PaymentSplitPayload(PaymentPayload):
    """The payment with its new tenders."""
