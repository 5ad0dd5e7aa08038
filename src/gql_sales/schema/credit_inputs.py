"""What mutations on credit memos and refunds take and give."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.models.credit_memos import CreditMemoCause
from gql_sales.domain.credit_memos.free_lines import FreeCredit
from gql_sales.domain.credit_memos.lines import NewCredit
from gql_sales.domain.refunds.payout import NewWay
from gql_sales.domain.refunds.steps import RefundStep
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.credit_memos import CreditMemo
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.payments import PaymentTargetInput
from gql_sales.schema.refunds import Refund
from gql_sales.schema.scalars import CountryCode, CurrencyCode

described(RefundStep)


@strawberry.input(description="A part of a billed line that is to be credited: a quantity, or an amount by value.")
class CreditMemoItemInput:
    """Of one line of an invoice or a cash sale."""

    invoice_item_id: strawberry.ID | None = optional("The line of an invoice; give this or the line of a cash sale.")
    cash_sale_item_id: strawberry.ID | None = optional("The line of a cash sale that was not invoiced later.")
    quantity: Decimal | None = optional("Quantity, at most what is billed and not yet credited.")
    amount: Decimal | None = optional("Amount with tax in major units, when no quantity is credited.")

    def to_domain(self) -> NewCredit:
        """As verbs take it."""
        invoice, sale = given(self.invoice_item_id), given(self.cash_sale_item_id)
        if (invoice is None) == (sale is None):
            raise RequestError(Code.BAD_USER_INPUT, "Name each item by its invoiceItemId or its cashSaleItemId.")
        line_id = decode_id("InvoiceItem", invoice) if invoice is not None else decode_id("CashSaleItem", sale)
        return NewCredit(line_id, invoice is None, given(self.quantity), given(self.amount))


@strawberry.input(description="A line of a credit memo that belongs to no bill.")
class CreditMemoLineInput:
    """What was sold elsewhere, a rebate, a fee."""

    description: str = text("What it is for, at most 200 characters.")
    unit_price: Decimal = text("Price of one unit in major units, without tax.")
    quantity: Decimal = strawberry.field(description="Quantity, above zero.", default=Decimal(1))
    product_id: strawberry.ID | None = optional("The product, if it is about one.")
    tax_group: str | None = optional("Tax group whose rate of the day applies; not taxed when absent.")

    def to_domain(self) -> FreeCredit:
        """As verbs take it."""
        product_id = given(self.product_id)
        return FreeCredit(
            self.description,
            self.unit_price,
            self.quantity,
            decode_id("Product", product_id) if product_id else None,
            given(self.tax_group),
        )


@strawberry.input
class CreditInput(MutationInput):
    """What every new credit memo says."""

    cause: CreditMemoCause = text("Why the customer is credited.")
    customer_id: strawberry.ID | None = optional("Who is credited; that of the bills when absent.")
    items: list[CreditMemoItemInput] = strawberry.field(
        description="Parts of billed lines; with the lines at most 500.", default_factory=list
    )
    lines: list[CreditMemoLineInput] = strawberry.field(
        description="Lines that belong to no bill.", default_factory=list
    )
    currency_code: CurrencyCode | None = optional("That of the bills, or of the company's books, when absent.")
    channel_id: strawberry.ID | None = optional("The channel it belongs to; that of the bills when absent.")
    tax_country_code: CountryCode | None = optional("Country whose tax the free lines have; the company's when absent.")
    credited_on: date | None = strawberry.field(
        name="datedOn", description="Date; today at the company's seat when absent.", default=strawberry.UNSET
    )
    external_ref: str | None = optional("The caller's own reference, unique in the company.")
    reason: str | None = optional("Why, at most 500 characters.")
    reopens_billing: bool | None = strawberry.field(
        name="reopenBilling",
        description="Whether the credited quantities may be billed again; when absent, only if they are cancelled.",
        default=strawberry.UNSET,
    )

    def credit(self) -> dict[str, Any]:
        """As credit_memo_issue takes it."""
        customer_id, channel_id = given(self.customer_id), given(self.channel_id)
        return {
            "cause": self.cause,
            "customer_id": decode_id("Customer", customer_id) if customer_id else None,
            "items": [item.to_domain() for item in self.items],
            "lines": [line.to_domain() for line in self.lines],
            "currency_code": given(self.currency_code),
            "channel_id": decode_id("Channel", channel_id) if channel_id else None,
            "tax_country_code": given(self.tax_country_code),
            "credited_on": given(self.credited_on),
            "external_ref": given(self.external_ref),
            "reason": given(self.reason),
            "reopens_billing": given(self.reopens_billing),
        }


@strawberry.input(description="Input of creditMemoIssue.")
class CreditMemoIssueInput(CreditInput):
    """Items of bills, free lines, or both."""


@strawberry.type(description="Outcome of creditMemoIssue.")
class CreditMemoIssuePayload(Payload):
    """The new credit memo."""

    credit_memo: CreditMemo | None = changed("CreditMemo", "The new memo; null when it was refused or only tried.")
    order: Order | None = changed("Order", "The first order whose bill it credits; null when there is none.")


@strawberry.input
class CreditMemoInput(MutationInput):
    """Any change of an existing credit memo."""

    credit_memo_id: strawberry.ID = text("The credit memo.")


@strawberry.type
class CreditMemoPayload(Payload):
    """Any change of an existing credit memo."""

    credit_memo: CreditMemo | None = changed(
        "CreditMemo", "The memo after the change, or as it stands when the change was refused."
    )
    order: Order | None = changed("Order", "The first order that it changed; null when the change was refused.")


@strawberry.input(description="Input of creditMemoApply.")
class CreditMemoApplyInput(CreditMemoInput):
    """Targets are settled in the given sequence."""

    targets: list[PaymentTargetInput] = text("Invoices and cash sales to settle, 1 to 250.")


@strawberry.type(description="Outcome of creditMemoApply.")
class CreditMemoApplyPayload(CreditMemoPayload):
    """The memo with its new applications."""


@strawberry.input(description="Input of creditMemoUnapply.")
class CreditMemoUnapplyInput(CreditMemoInput):
    """All applications, or those named."""

    application_ids: list[strawberry.ID] = strawberry.field(
        description="Applications to take back; all that stand when empty.", default_factory=list
    )


@strawberry.type(description="Outcome of creditMemoUnapply.")
class CreditMemoUnapplyPayload(CreditMemoPayload):
    """The memo with its balance."""


@strawberry.input(description="Input of creditMemoVoid.")
class CreditMemoVoidInput(CreditMemoInput):
    """A memo that was a mistake."""


@strawberry.type(description="Outcome of creditMemoVoid.")
class CreditMemoVoidPayload(CreditMemoPayload):
    """The voided memo, which keeps its number."""


@strawberry.input(description="One way that a refund takes.")
class PayoutInput:
    """Back to a tender, or by a method."""

    amount: Decimal = text("Amount in major units, above zero.")
    tender_id: strawberry.ID | None = optional("The tender it goes back to, with at most what is left of it.")
    method: str | None = optional("How else the money goes back; at most 40 characters.")

    def to_domain(self) -> NewWay:
        """As verbs take it."""
        tender_id = given(self.tender_id)
        return NewWay(self.amount, decode_id("Tender", tender_id) if tender_id else None, given(self.method))


@strawberry.input(description="Input of refundRequest.")
class RefundRequestInput(CreditMemoInput):
    """The whole balance, back to where it came from, unless the caller chooses."""

    amount: Decimal | None = optional("Amount in major units; the sum of the ways, or the whole balance, when absent.")
    payout: list[PayoutInput] = strawberry.field(
        description="The ways that the money takes, at most 20; when empty, back to the tenders that paid.",
        default_factory=list,
    )
    method: str | None = optional("How the money goes back that no tender takes.")
    then: list[RefundStep] = strawberry.field(
        description="What follows at once, in the same transaction.", default_factory=list
    )


@strawberry.type(description="Outcome of refundRequest.")
class RefundRequestPayload(CreditMemoPayload):
    """The refund and the memo that it consumes."""

    refund: Refund | None = changed("Refund", "The new refund; null when it was refused or only tried.")


@strawberry.input(description="Input of refundIssue.")
class RefundIssueInput(CreditInput):
    """A credit memo and the refund of what is left of it."""

    payout: list[PayoutInput] = strawberry.field(
        description="The ways that the money takes, at most 20; when empty, back to the tenders that paid.",
        default_factory=list,
    )
    method: str | None = optional("How the money goes back that no tender takes.")
    then: list[RefundStep] = strawberry.field(
        description="What follows at once, in the same transaction.", default_factory=list
    )


@strawberry.type(description="Outcome of refundIssue.")
class RefundIssuePayload(CreditMemoIssuePayload):
    """The new credit memo and its refund."""

    refund: Refund | None = changed("Refund", "The new refund; null when it was refused or only tried.")


@strawberry.input
class RefundInput(MutationInput):
    """Any change of an existing refund."""

    refund_id: strawberry.ID = text("The refund.")


@strawberry.type
class RefundPayload(Payload):
    """Any change of an existing refund."""

    refund: Refund | None = changed(
        "Refund", "The refund after the change, or as it stands when the change was refused."
    )
    credit_memo: CreditMemo | None = changed("CreditMemo", "Its credit memo; null when the change was refused.")


@strawberry.input(description="Input of refundComplete.")
class RefundCompleteInput(RefundInput):
    """The money is there."""

    reference: str | None = optional("The provider's reference, unique in the company; at most 120 characters.")


@strawberry.type(description="Outcome of refundComplete.")
class RefundCompletePayload(RefundPayload):
    """The paid refund."""


@strawberry.input(description="Input of refundFail.")
class RefundFailInput(RefundInput):
    """The money did not get through."""

    reason: str = text("Why, at most 500 characters.")


@strawberry.type(description="Outcome of refundFail.")
class RefundFailPayload(RefundPayload):
    """The failed refund; its money is back on the memo."""
