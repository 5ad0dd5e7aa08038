"""Cancelling withdraws everything that is still open; possible until something was shipped, booked or billed (X-19)."""

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.stock.allocation import give_back
from gql_sales.domain.stock.commitment import release
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import Findings


@transition(
    Order,
    sources=IN_PROCESS,
    target=OrderState.CANCELLED,
    guards=[guards.nothing_shipped, guards.nothing_booked, guards.nothing_billed],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS, needs.ALLOCATED_LEVELS],
    scope="orders:cancel",
    event="OrderCancelled",
    bulk=True,
)
async def order_cancel(unit: Unit, order: Order, *, reason: str) -> None:
    """Cancel every open quantity of an order and give its stock back.

    Refusals: INVALID_INPUT (reason), ALREADY_SHIPPED, ALREADY_BOOKED, ALREADY_BILLED.
    """
    found = Findings()
    reason = found.line(reason, 500, "reason")
    found.check()
    give_back(unit, order, unit.allocations[order.id])
    release(unit, order, {item.id: item.committed_quantity for item in order.items})
    for item in order.items:
        item.cancelled_quantity += item.open_quantity
    order.cancelled_at = unit.now
    order.cancel_reason = reason
