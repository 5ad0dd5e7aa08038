"""Completing a refund: the provider, or whoever handed the money over, says that the customer has it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemo, Refund, RefundState
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.queries.credits import memo_of_refund
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import Findings


async def memo_of(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The credit memos that the refunds consume."""
    return {CreditMemo: await memo_of_refund(unit, [id_ for id_, _ in calls if id_])}


@transition(
    Refund,
    sources={RefundState.REQUESTED},
    target=RefundState.PAID,
    scope="refunds:complete",
    event="RefundPaid",
    ahead=memo_of,
    bulk=True,
)
async def refund_complete(unit: Unit, refund: Refund, *, reference: str | None = None) -> None:
    """Note that the money of a refund is with the customer.

    Refusals: INVALID_INPUT, PROVIDER_REFERENCE_TAKEN (M2).
    """
    found = Findings()
    refund.reference = found.optional_line(reference, 120, "reference")
    found.check()
    memo = unit.document(CreditMemo, refund.credit_memo_id)
    memo.refund_pending_amount -= refund.amount
    memo.refunded_amount += refund.amount
    refund.settled_at = unit.now
    if memo.journal_mode == "FULL":
        lines = {AccountRole.REFUND_CLEARING: refund.amount, AccountRole.CASH: -refund.amount}
        day = await day_of(unit, refund.company_id, unit.now)
        post(unit, memo.journal_mode, JournalEvent.HOLDING, refund, day, lines, refund.customer_id)
