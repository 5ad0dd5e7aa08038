"""Closing is the explicit end of an order: all of it is done, billed, and paid or written off (BA-42)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.queries.credits import bills_of_orders
from gql_sales.db.queries.documents import Plan, load_documents
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.orders import writing_off
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import DocumentsOpen, Refused, SalesError
from gql_sales.kernel.money import to_major


def nothing_to_bill(_: Unit, order: Order) -> Iterable[SalesError]:
    """No quantity may be billed now."""
    for item in order.items:
        if item.billable_quantity > 0:
            message = f"{item.billable_quantity.normalize():f} of {item.sku} may still be billed."
            yield DocumentsOpen(message, ("items", str(item.position)))


async def _bills(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The bills of the orders whose open rest is to be written off."""
    return await bills_of_orders(unit, [id_ for id_, arguments in calls if id_ and arguments.get("write_off")])


@transition(
    Order,
    sources={OrderState.COMPLETED},
    target=OrderState.CLOSED,
    guards=[nothing_to_bill],
    ahead=_bills,
    scope="orders:close",
    event="OrderClosed",
    bulk=True,
)
async def order_close(unit: Unit, order: Order, *, write_off: bool = False) -> None:
    """Close a completed order that is billed and paid; from then on only what was billed can still be credited.

    What is not paid can be written off with it. Refusals: DOCUMENTS_OPEN (something may still be billed, or a bill is
    not paid and not written off).
    """
    if order.open_amount:
        amount = to_major(order.open_amount, order.currency_code)
        if not write_off:
            message = f"{amount} {order.currency_code} of its bills are not paid."
            raise Refused(DocumentsOpen(message, ("outstanding",)))
        await _write_off(unit, order)
        unit.events.append(PendingEvent("OrderClosed", order, {"writtenOff": f"{amount:f}"}, is_main=True))
    order.closed_at = unit.now


async def _write_off(unit: Unit, order: Order) -> None:
    """Give up what is open of every bill; the order's lock keeps new ones away."""
    bills = await bills_of_orders(unit, {order.id})
    await load_documents(unit, bills)
    day = await day_of(unit, order.company_id, unit.now)
    for id_ in sorted(id_ for ids in bills.values() for id_ in ids):
        bill = unit.loaded[id_]
        if isinstance(bill, Invoice | CashSale) and bill.open_amount:
            writing_off.write_off(unit, bill, bill.open_amount, day)
