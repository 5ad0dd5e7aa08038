"""A refund that did not get through: its money is back on the credit memo, and may be refunded in another way."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemo, Refund, RefundState
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.credits import memo_of_refund, payments_of_refunds
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import held_in, post
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import Findings


async def _also(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The credit memos, and the payments whose tenders the money did not reach."""
    ids = [id_ for id_, _ in calls if id_]
    return {Payment: await payments_of_refunds(unit, ids), CreditMemo: await memo_of_refund(unit, ids)}


@transition(
    Refund,
    sources={RefundState.REQUESTED},
    target=RefundState.FAILED,
    scope="refunds:complete",
    event="RefundFailed",
    ahead=_also,
)
async def refund_fail(unit: Unit, refund: Refund, *, reason: str) -> None:
    """Note that the money of a refund did not get through; it is back on the credit memo.

    Refusals: REASON_REQUIRED, INVALID_INPUT.
    """
    found = Findings()
    refund.failure_reason = found.reason(reason)
    found.check()
    memo = unit.document(CreditMemo, refund.credit_memo_id)
    memo.refund_pending_amount -= refund.amount
    memo.balance_amount += refund.amount
    tenders = {t.id: t for p in unit.loaded.values() if isinstance(p, Payment) for t in p.tenders}
    for way in refund.tenders:
        if way.tender_id is not None:
            tenders[way.tender_id].refunded_amount -= way.amount
    refund.settled_at = unit.now
    day = await day_of(unit, refund.company_id, unit.now)
    clearing = held_in(memo.journal_mode, AccountRole.REFUND_CLEARING)
    lines = {clearing: refund.amount, AccountRole.CUSTOMER_CREDIT: -refund.amount}
    post(unit, memo.journal_mode, JournalEvent.REFUNDING, refund, day, lines, refund.customer_id)
