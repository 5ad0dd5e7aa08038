"""Requesting a refund takes money out of a credit memo and sends it on its way; nothing is refunded without (X-11)."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoState, Refund, RefundState, RefundTender
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.credits import bills_of_memos, payments_of_bills, payments_of_tenders
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.credit_memos.guards import something_left
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import held_in, post
from gql_sales.domain.refunds.complete import refund_complete
from gql_sales.domain.refunds.payout import NewWay, Way, chosen, plan, wanted_amount
from gql_sales.domain.refunds.steps import RefundStep
from gql_sales.domain.transition import transition


async def _payments(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The payments that the money may go back to: those of the memos' bills, and those of the chosen tenders."""
    memos = [id_ for id_, _ in calls if id_]
    tenders = [way.tender_id for _, arguments in calls for way in arguments.get("payout", ()) if way.tender_id]
    paid = await payments_of_bills(unit, await bills_of_memos(unit, memos))
    return {Payment: paid | await payments_of_tenders(unit, tenders)}


@transition(
    CreditMemo,
    sources={CreditMemoState.ISSUED},
    scope="refunds:request",
    event=None,
    guards=[something_left],
    ahead=_payments,
    bulk=True,
)
async def refund_request(
    unit: Unit,
    memo: CreditMemo,
    *,
    amount: Decimal | None = None,
    payout: Sequence[NewWay] = (),
    method: str | None = None,
    then: Sequence[RefundStep] = (),
) -> None:
    """Refund a credit memo, back to the tenders that paid unless the caller chooses other ways.

    Refusals: INVALID_AMOUNT, EXCEEDS_BALANCE, TENDER_SUM_MISMATCH, TOO_MANY_ENTRIES, INVALID_INPUT (no method for what
    no tender takes back), NOT_FOUND, CUSTOMER_MISMATCH, EXCEEDS_CAPTURED, SERIES_CLOSED.
    """
    minor = wanted_amount(memo, amount, payout)
    paid_by = await payments_of_bills(unit, await bills_of_memos(unit, [memo.id]))
    ways = chosen(unit, memo, payout) if payout else plan(unit, _visible(unit, paid_by), memo, minor, method)
    await send(unit, memo, ways, then)


def _visible(unit: Unit, payment_ids: Collection[UUID]) -> list[UUID]:
    """Those of the payments that the caller may see, which are the ones that were locked."""
    return [id_ for id_ in payment_ids if id_ in unit.loaded]


async def send(unit: Unit, memo: CreditMemo, ways: Sequence[Way], then: Sequence[RefundStep]) -> Refund:
    """The refund of the memo by the ways, numbered and posted, and completed at once if asked to."""
    amount = sum(way.amount for way in ways)
    day = await day_of(unit, memo.company_id, unit.now)
    refund = unit.add(
        Refund(
            company_id=memo.company_id,
            channel_id=memo.channel_id,
            customer_id=memo.customer_id,
            credit_memo_id=memo.id,
            state=RefundState.REQUESTED,
            currency_code=memo.currency_code,
            amount=amount,
            requested_on=day,
        )
    )
    for way in ways:
        refund.tenders.append(
            RefundTender(
                refund_id=refund.id,
                tender_id=way.tender.id if way.tender else None,
                method=way.method,
                currency_code=memo.currency_code,
                amount=way.amount,
            )
        )
        if way.tender:
            way.tender.refunded_amount += way.amount
    memo.balance_amount -= amount
    memo.refund_pending_amount += amount
    unit.number(refund, SeriesKind.REFUND, day)
    lines = {AccountRole.CUSTOMER_CREDIT: amount, held_in(memo.journal_mode, AccountRole.REFUND_CLEARING): -amount}
    post(unit, memo.journal_mode, JournalEvent.REFUNDING, refund, day, lines, memo.customer_id)
    unit.events.append(PendingEvent("RefundRequested", refund, {}, is_main=True))
    if RefundStep.COMPLETE in then:
        await refund_complete.follow(unit, refund)
    return refund
