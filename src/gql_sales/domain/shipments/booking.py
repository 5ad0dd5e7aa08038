"""What a shipment can book now: its own allocations first, then free stock of its warehouse (C-13, C-14)."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Allocation, AllocationState, Order
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.session import Unit
from gql_sales.domain.orders.holds import ALLOCATION, is_held
from gql_sales.domain.stock.allocation import allocatable, methods_of
from gql_sales.domain.stock.commitment import committable

ZERO = Decimal(0)


def bookable(unit: Unit, shipment: Shipment) -> dict[UUID, Decimal]:
    """Quantity by order item that booking would reserve, at most what the shipment asks for."""
    order = unit.document(Order, shipment.order_id)
    items = {item.id: item for item in order.items}
    promise = committable(unit, order)
    is_set_aside_only = is_held(order, ALLOCATION)
    own = {id_: sum((row.quantity for row in rows), ZERO) for id_, rows in own_allocations(unit, shipment).items()}
    free: dict[UUID, Decimal] = defaultdict(Decimal)
    for level in unit.levels.values():
        if level.warehouse_id == shipment.warehouse_id:
            free[level.product_id] += level.free
    is_method = shipment.warehouse_id in methods_of(unit, order)
    found: dict[UUID, Decimal] = {}
    for line in shipment.items:
        item = items[line.order_item_id]
        held = own.get(item.id, ZERO)
        more = ZERO if is_set_aside_only else allocatable(item) + promise.get(item.id, ZERO)
        if item.is_stocked:
            more = min(more, free[item.product_id])
        elif not is_method:
            more = ZERO
        found[item.id] = min(line.quantity, held + more)
        if item.is_stocked:
            free[item.product_id] -= max(ZERO, found[item.id] - held)
    return found


def own_allocations(unit: Unit, shipment: Shipment) -> dict[UUID, list[Allocation]]:
    """What is set aside for each item of the order in the shipment's warehouse and not booked, oldest first."""
    found: dict[UUID, list[Allocation]] = defaultdict(list)
    for row in unit.allocations[shipment.order_id]:
        if row.warehouse_id == shipment.warehouse_id and row.state == AllocationState.ALLOCATED:
            found[row.order_item_id].append(row)
    return found
