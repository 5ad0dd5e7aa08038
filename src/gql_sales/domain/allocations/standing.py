"""Which allocations of an order a caller names, and what may happen to them."""

from uuid import UUID

from gql_sales.db.models.orders import Allocation, AllocationState, Order
from gql_sales.db.session import Unit
from gql_sales.kernel.errors import AlreadyBooked, NotFound, SalesError


def standing(unit: Unit, order: Order) -> dict[UUID, Allocation]:
    """What is set aside or booked for the order, by id; who is bound to warehouses knows only what lies there."""
    own = unit.principal.warehouse_ids
    return {row.id: row for row in unit.allocations[order.id] if own is None or row.warehouse_id in own}


def refusal_of(row: Allocation | None, path: tuple[str, ...]) -> SalesError | None:
    """Why an allocation cannot be given back or moved."""
    if row is None or row.state not in (AllocationState.ALLOCATED, AllocationState.BOOKED):
        return NotFound("The order has no such allocation.", path)
    if row.state == AllocationState.BOOKED:
        return AlreadyBooked("The allocation is on a booked shipment.", path)
    return None
