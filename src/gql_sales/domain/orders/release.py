"""Releasing a hold lets the order go on, as far as no other hold stops it."""

from collections.abc import Iterable
from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, NothingOpen, Refused, SalesError
from gql_sales.kernel.inputs import Findings


def something_held(_: Unit, order: Order) -> Iterable[SalesError]:
    """Some hold is not released yet."""
    if not order.held_scopes:
        yield NothingOpen("The order is not on hold.", ("holds",))


@transition(
    Order,
    # A hold against billing outlives the last shipment.
    sources=IN_PROCESS | {OrderState.COMPLETED},
    guards=[something_held],
    needs=[needs.HOLDS],
    scope="orders:hold",
    event="OrderReleased",
    bulk=True,
)
async def order_release(unit: Unit, order: Order, *, hold_id: UUID, reason: str) -> None:
    """Release one hold of an order; others stay.

    Refusals: NOTHING_OPEN (no hold), NOT_FOUND (hold), REASON_REQUIRED, INVALID_INPUT (reason).
    """
    found = Findings()
    reason = found.reason(reason)
    found.check()
    standing = {hold.id: hold for hold in unit.holds[order.id] if hold.released_at is None}
    hold = standing.pop(hold_id, None)
    if hold is None:
        raise Refused(NotFound("The order has no such hold, or it is released.", ("input", "holdId")))
    hold.released_by, hold.released_at, hold.release_reason = unit.principal.key, unit.now, reason
    order.held_scopes = sorted({other.scope for other in standing.values()})
    data = {"hold": str(hold.id), "scope": hold.scope}
    unit.events.append(PendingEvent("OrderReleased", order, data, is_main=True))
