"""Voiding a credit memo that was a mistake: every entry is reversed, and the number stays with the voided document."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoItem, CreditMemoState, MemoApplication
from gql_sales.db.models.ledger import JournalEvent
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.queries.credits import bills_of_applications, orders_of_memos, standing_applications
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.guards import nothing_refunded, voids_no_invoice
from gql_sales.domain.credit_memos.issuing import posting, take_back
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import BilledAgain, MemoUsed, Refused, SalesError


async def _also(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The orders whose items are credited, and the bills that the credit settles."""
    ids = [id_ for id_, _ in calls if id_]
    return {**await bills_of_applications(unit, ids), Order: await orders_of_memos(unit, ids)}


@transition(
    CreditMemo,
    sources={CreditMemoState.ISSUED},
    target=CreditMemoState.VOIDED,
    scope="credit_memos:void",
    event="CreditMemoVoided",
    guards=[nothing_refunded, voids_no_invoice],
    ahead=_also,
)
async def credit_memo_void(unit: Unit, memo: CreditMemo) -> None:
    """Take a credit memo back that was not used but for what it settled by itself.

    Refusals: MEMO_USED, BILLED_AGAIN.
    """
    applications = await standing_applications(unit, memo.id)
    lines = [(item, _ordered(unit, item)) for item in memo.items]
    refusals = [*_used(applications), *_billed_again(memo, lines)]
    if refusals:
        raise Refused(*refusals)
    day = await day_of(unit, memo.company_id, unit.now)
    for application in applications:
        take_back(unit, memo, application, day)
    for item, found in lines:
        if found is not None:
            _lower_credited(memo, item, *found)
    post(
        unit,
        memo.journal_mode,
        JournalEvent.CREDITING,
        memo,
        day,
        {role: -amount for role, amount in posting(memo).items()},
        memo.customer_id,
    )
    memo.voided_amount, memo.balance_amount = memo.balance_amount, 0


def _ordered(unit: Unit, item: CreditMemoItem) -> tuple[Order, OrderItem] | None:
    if item.order_id is None:
        return None
    order = unit.document(Order, item.order_id)
    return order, next(one for one in order.items if one.id == item.order_item_id)


def _used(applications: Sequence[MemoApplication]) -> Iterable[SalesError]:
    if any(not application.is_automatic for application in applications):
        yield MemoUsed("Some of the credit memo settles other bills.", ("applications",))


def _billed_again(
    memo: CreditMemo, lines: Sequence[tuple[CreditMemoItem, tuple[Order, OrderItem] | None]]
) -> Iterable[SalesError]:
    """What the memo opened for billing must still be open for it."""
    if not memo.reopens_billing:
        return
    for item, found in lines:
        if found is not None and not item.is_by_value and found[1].billable_quantity < item.quantity:
            yield BilledAgain(f"{item.sku} was billed again or cancelled.", ("items", str(item.position)))


def _lower_credited(memo: CreditMemo, item: CreditMemoItem, order: Order, ordered: OrderItem) -> None:
    order.credited_amount -= item.gross_amount
    if item.is_by_value:
        ordered.credited_amount -= item.gross_amount
        return
    ordered.credited_quantity -= item.quantity
    if memo.reopens_billing:
        ordered.rebillable_quantity -= item.quantity
