"""Refunds as clients see them."""

from datetime import date, datetime
from typing import Any

import strawberry

from gql_sales.db.models import credit_memos as models
from gql_sales.db.models.credit_memos import RefundState
from gql_sales.schema.context import Info
from gql_sales.schema.credit_memos import CreditMemo
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Money, Node, id_field, money_field, optional_id_field, text
from gql_sales.schema.relations import many, one
from gql_sales.schema.scalars import CurrencyCode
from gql_sales.schema.transitions import AvailableTransition, available_transitions


@strawberry.type(description="One way that a refund takes.", directives=[scopes("refunds:read")])
class RefundTender(Node):
    """Back to a tender of the payment, or by another method."""

    method: str = text("How the money goes back, such as CARD or BANK_TRANSFER.")
    tender_id: strawberry.ID | None = optional_id_field("Tender", "tender_id", "The tender it goes back to, if any.")
    amount: Money = money_field("amount", "Amount.")


@strawberry.type(
    description="Money that goes back to a customer, out of a credit memo.", directives=[scopes("refunds:read")]
)
class Refund(Node):
    """Requested, then paid or failed."""

    number: str = text("Human-facing number.")
    state: RefundState = text("Lifecycle state.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    customer_id: strawberry.ID = id_field("Customer", "customer_id", "Who gets the money.")
    customer: Customer | None = one("Customer", "customer_id", "Who gets the money, when the caller may see them.")
    credit_memo_id: strawberry.ID = id_field("CreditMemo", "credit_memo_id", "The credit memo that it consumes.")
    credit_memo: CreditMemo | None = one(
        "CreditMemo", "credit_memo_id", "The credit memo that it consumes, when the caller may see it."
    )
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    amount: Money = money_field("amount", "Amount.")
    requested_on: date = text("Day of the request at the company's seat.")
    reference: str | None = text("The provider's reference, unique in the company.")
    failure_reason: str | None = text("Why the money did not get through; null unless it failed.")
    settled_at: datetime | None = text("When it was paid or failed; null while it is on its way.")
    created_at: datetime = text("When it was requested.")
    tenders: list[RefundTender] = many("Refund.tenders", "The ways that it takes, at most 20.")

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Refund, self.id)
