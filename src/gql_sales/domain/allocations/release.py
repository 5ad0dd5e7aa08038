"""Stock that was set aside can be given back; it stays promised."""

from collections.abc import Sequence
from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, AllocationState, Order
from gql_sales.db.session import Unit
from gql_sales.domain.allocations.guards import something_to_release
from gql_sales.domain.orders import needs
from gql_sales.domain.stock.allocation import give_back
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import AlreadyBooked, NotFound, NothingOpen, Refused


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[something_to_release],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.ALLOCATED_LEVELS],
    scope="allocations:release",
    event="AllocationReleased",
)
async def allocation_release(unit: Unit, order: Order, *, allocation_ids: Sequence[UUID] = ()) -> None:
    """Give allocations of an order back, all that are not booked or just those named.

    Who is bound to warehouses gives back what is set aside there. Refusals: NOTHING_OPEN, NOT_FOUND, ALREADY_BOOKED.
    """
    own = unit.principal.warehouse_ids
    standing = {row.id: row for row in unit.allocations[order.id] if own is None or row.warehouse_id in own}
    for index, id_ in enumerate(allocation_ids):
        path = ("input", "allocationIds", str(index))
        if id_ not in standing:
            raise Refused(NotFound("The order has no such allocation.", path))
        if standing[id_].state == AllocationState.BOOKED:
            raise Refused(AlreadyBooked("The allocation is on a booked shipment.", path))
    if give_back(unit, order, [standing[id_] for id_ in allocation_ids] or standing.values()) == 0:
        raise Refused(NothingOpen("Nothing is set aside that you may give back.", ("allocations",)))
