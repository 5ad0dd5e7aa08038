"""Setting stock aside: which level serves which item, and giving it back (C-16: the check equals the plan)."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Allocation, AllocationState, Order, OrderItem
from gql_sales.db.models.stock import StockLevel
from gql_sales.db.queries.stock import new_allocation
from gql_sales.db.session import Unit

ZERO = Decimal(0)


def allocatable(item: OrderItem) -> Decimal:
    """What is promised to the item and not yet set aside."""
    return item.committed_quantity - item.allocated_quantity - item.booked_quantity


def allocate(unit: Unit, order: Order, warehouse_ids: Collection[UUID] | None = None) -> Decimal:
    """Set aside as much of every stocked item as lies free, warehouses by priority; the quantity set aside.

    With ``warehouse_ids`` only from there. A line may be split over several levels. Goods that are not stocked are set
    aside when they are booked.
    """
    total = ZERO
    for item in order.items:
        if item.is_stocked:
            total += allocate_item(unit, order, item, allocatable(item), warehouse_ids)
    return total


def allocate_item(
    unit: Unit, order: Order, item: OrderItem, wanted: Decimal, warehouse_ids: Collection[UUID] | None = None
) -> Decimal:
    """Set aside up to ``wanted`` of the item; the quantity set aside, which is less when stock lies elsewhere."""
    left = wanted
    for level in unit.levels.values():
        if left <= 0:
            break
        if level.product_id != item.product_id:
            continue
        if warehouse_ids is not None and level.warehouse_id not in warehouse_ids:
            continue
        quantity = min(left, level.free)
        if quantity > 0:
            _set_aside(unit, order, item, level, quantity)
            left -= quantity
    return wanted - left


def _set_aside(unit: Unit, order: Order, item: OrderItem, level: StockLevel, quantity: Decimal) -> None:
    level.allocated += quantity
    item.allocated_quantity += quantity
    new_allocation(
        unit,
        Allocation(
            order_id=order.id,
            order_item_id=item.id,
            level_id=level.id,
            warehouse_id=level.warehouse_id,
            quantity=quantity,
            created_at=unit.now,
        ),
    )


def give_back(unit: Unit, order: Order, allocations: Iterable[Allocation]) -> Decimal:
    """Release allocations that are not booked; their quantities stay promised. The quantity released."""
    items = {item.id: item for item in order.items}
    total = ZERO
    for allocation in allocations:
        if allocation.state != AllocationState.ALLOCATED:
            continue
        allocation.state = AllocationState.RELEASED
        items[allocation.order_item_id].allocated_quantity -= allocation.quantity
        if allocation.level_id is not None:
            unit.levels[allocation.level_id].allocated -= allocation.quantity
        total += allocation.quantity
    return total
