"""Guards of allocation verbs."""

from collections.abc import Iterable

from gql_sales.db.models.orders import AllocationState, Order
from gql_sales.db.session import Unit
from gql_sales.domain.stock.allocation import allocatable
from gql_sales.kernel.errors import InsufficientStock, NothingOpen, SalesError


def something_to_allocate(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Something is promised and not set aside, and some of it lies free."""
    waiting = [item for item in order.items if item.is_stocked and allocatable(item) > 0]
    if not waiting:
        yield NothingOpen("Everything promised is set aside.", ("items",))
        return
    free = {level.product_id for level in unit.levels.values() if level.free > 0}
    if not any(item.product_id in free for item in waiting):
        yield InsufficientStock("Nothing of the order lies free.", ("items",))


def something_to_release(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Some allocation is not booked."""
    if not any(row.state == AllocationState.ALLOCATED for row in unit.allocations[order.id]):
        yield NothingOpen("Nothing is set aside that is not booked.", ("allocations",))
