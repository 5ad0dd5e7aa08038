"""Guards of allocation verbs."""

from collections.abc import Iterable
from decimal import Decimal

from gql_sales.db.models.orders import AllocationState, Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders.promising import promised_on, to_set_aside
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.stock.allocation import allocatable, methods_of
from gql_sales.domain.stock.commitment import committable
from gql_sales.kernel.errors import InsufficientStock, NothingOpen, PolicyForbids, SalesError


def may_set_aside(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Under allocateOn BOOK goods are set aside by booking a shipment only (X-3)."""
    if policy(unit, order, "allocateOn") == "BOOK":
        yield PolicyForbids("Goods are set aside when their shipment is booked.", policy="allocateOn")


def something_to_allocate(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Something is promised and not set aside, and some of it lies free or is sent by others."""
    waiting = [item for item in order.items if item.is_allocatable and to_set_aside(unit, order, item) > 0]
    if not waiting:
        yield NothingOpen("Everything promised is set aside.", ("items",))
        return
    free = {level.product_id for level in unit.levels.values() if level.free > 0}
    also = committable(unit, order) if promised_on(unit, order, "ON_ALLOCATE") else {}
    possible = [item for item in waiting if allocatable(item) + also.get(item.id, Decimal(0)) > 0]
    if any(item.product_id in free if item.is_stocked else methods_of(unit, order) for item in possible):
        return
    for item in waiting:
        message = f"Nothing of {item.sku} lies free." if item.is_stocked else f"No fulfillment method sends {item.sku}."
        yield InsufficientStock(message, ("items", str(item.position)), order_item_id=item.id)


def something_to_release(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Some allocation is not booked."""
    if not any(row.state == AllocationState.ALLOCATED for row in unit.allocations[order.id]):
        yield NothingOpen("Nothing is set aside that is not booked.", ("allocations",))
