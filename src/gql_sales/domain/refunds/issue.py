"""Refunding in one step: the credit memo and the refund that consumes it, together or not at all (X-11, KS-34)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import Refund
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.credits import payments_of_bills, payments_of_tenders
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.issue import credit_memo_issue, credited_bills
from gql_sales.domain.refunds.payout import NewWay, chosen, plan, wanted_amount
from gql_sales.domain.refunds.request import send
from gql_sales.domain.refunds.steps import RefundStep
from gql_sales.domain.transition import creation, demand
from gql_sales.kernel.errors import ExceedsBalance, Refused


async def _ahead(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The credited bills, and the payments that the money may go back to."""
    bills = await credited_bills(unit, [(None, arguments["credit"]) for _, arguments in calls])
    tenders = [way.tender_id for _, arguments in calls for way in arguments.get("payout", ()) if way.tender_id]
    return {**bills, Payment: await payments_of_bills(unit, bills) | await payments_of_tenders(unit, tenders)}


@creation(Refund, scope="refunds:request", event=None, ahead=_ahead, bulk=True)
async def refund_issue(
    unit: Unit,
    *,
    credit: dict[str, Any],
    payout: Sequence[NewWay] = (),
    method: str | None = None,
    then: Sequence[RefundStep] = (),
) -> Refund:
    """Credit a customer and refund what is left of the credit after the bills are settled, in one step.

    Refusals: those of creditMemoIssue, whose scope the caller needs too, and of refundRequest; EXCEEDS_BALANCE when
    the credit only settles what is open.
    """
    demand(unit.principal, credit_memo_issue)
    memo = await credit_memo_issue.verb(unit, **credit)
    if not memo.balance_amount:
        raise Refused(ExceedsBalance("The credit settles what is open of its bills; nothing is left to refund."))
    amount = wanted_amount(memo, None, payout)
    paid_by = [document.id for document in unit.loaded.values() if isinstance(document, Payment)]
    ways = chosen(unit, memo, payout) if payout else plan(unit, paid_by, memo, amount, method)
    return await send(unit, memo, ways, then)
