"""Money promises stock under commitOn PAYMENT: all of an order that is settled, else what its paid bills name (X-3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, MemoApplication
from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.models.payments import Payment, PaymentAllocation
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs, proforma_convert
from gql_sales.domain.orders.prepayment import is_settled
from gql_sales.domain.orders.promising import promise, promised_on, set_aside_by_promising
from gql_sales.domain.transition import load_needs, reaction

AFTER = proforma_convert.convert_paid
"""Reactions run in the order of their declaration: what is promised of a proforma order that is paid is set aside."""


@reaction(on="OrderItemCancelled")
@reaction(on="OrderChanged")
async def promise_covered(unit: Unit, order: Order) -> None:
    """Promise all of an order when so little is left of it that the money covers it."""
    if waits_for_money(unit, order) and is_settled(order):
        await _promise(unit, {order: None})


@reaction(on="CreditMemoApplied")
@reaction(on="PaymentAllocated")
@reaction(on="PaymentReceived")
async def promise_paid(unit: Unit, money: Payment | CreditMemo) -> None:
    """Promise what the money has paid; it is never refused, so that what is short stays open and is told (X-4)."""
    bills = list(_paid_bills(unit, money))
    ids = {bill.order_id for bill in bills} | ({money.order_id} if isinstance(money, Payment) else set())
    orders = [order for id_ in sorted(filter(None, ids)) if isinstance(order := _at_hand(unit, id_), Order)]
    waiting = [order for order in orders if waits_for_money(unit, order)]
    found = {order: None if is_settled(order) else _billed(order, bills) for order in waiting}
    await _promise(unit, {order: wanted for order, wanted in found.items() if wanted is None or wanted})


def waits_for_money(unit: Unit, order: Order) -> bool:
    """Whether some of the placed order is not promised before it is paid."""
    if order.state not in IN_PROCESS or not promised_on(unit, order, "PAYMENT"):
        return False
    return any(item.is_allocatable and item.open_quantity > item.committed_quantity for item in order.items)


def _at_hand(unit: Unit, id_: UUID) -> object:
    return unit.loaded.get(id_) or next((row for row in unit.session.new if row.id == id_), None)


def _paid_bills(unit: Unit, money: Payment | CreditMemo) -> Iterable[Invoice | CashSale]:
    """The bills that this unit settles with the money, and of which nothing is open any more."""
    for row in list(unit.session.new):
        is_payment = isinstance(row, PaymentAllocation) and row.payment_id == money.id
        if is_payment or (isinstance(row, MemoApplication) and row.credit_memo_id == money.id):
            bill = _at_hand(unit, row.invoice_id or row.cash_sale_id)
            if isinstance(bill, Invoice | CashSale) and bill.open_amount == 0:
                yield bill


def _billed(order: Order, bills: Iterable[Invoice | CashSale]) -> dict[UUID, Decimal]:
    """What the bills name of the order's goods, at most what is not promised yet."""
    billed: dict[UUID, Decimal] = defaultdict(Decimal)
    for bill in bills:
        for line in bill.items:
            billed[line.order_item_id] += line.quantity
    waiting = {item.id: item.open_quantity - item.committed_quantity for item in order.items if item.is_allocatable}
    return {id_: min(billed[id_], left) for id_, left in waiting.items() if billed[id_] and left > 0}


async def _promise(unit: Unit, wanted: Mapping[Order, Mapping[UUID, Decimal] | None]) -> None:
    """All orders are looked after at once, so that their stock is locked in the one order."""
    orders = list(wanted)
    await load_needs(unit, orders, [needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS])
    await load_needs(unit, [order for order in orders if set_aside_by_promising(unit, order)], [needs.LEVELS])
    for order in orders:
        promise(unit, order, wanted[order])
