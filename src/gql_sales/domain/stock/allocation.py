"""Setting stock aside: which level serves which item, and giving it back (C-16: the check equals the plan)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    """Set aside as much of every item as lies free: from the order's own warehouse first, then by priority (X-26).

    Gives the quantity set aside. With ``warehouse_ids`` only from there. A line may be split over several levels. What
    is not stocked is set aside at the fulfillment method that its product names, or at the first in line (KS-14).
    """
    levels = levels_by_product(unit, warehouse_ids, order.default_warehouse_id)
    total = ZERO
    for item in order.items:
        if item.is_stocked:
            total += allocate_item(unit, order, item, allocatable(item), levels.get(item.product_id, ()))
        elif item.is_allocatable and (method := planned_method(unit, order, item, warehouse_ids)):
            total += set_aside_at_method(unit, order, item, method, allocatable(item))
    return total


def levels_by_product(
    unit: Unit, warehouse_ids: Collection[UUID] | None = None, first: UUID | None = None
) -> Mapping[UUID, Sequence[StockLevel]]:
    """The loaded levels of each product, those in the warehouse ``first`` before the others, which come by priority.

    With ``warehouse_ids`` only those there.
    """
    found: dict[UUID, list[StockLevel]] = defaultdict(list)
    for level in sorted(unit.levels.values(), key=lambda level: level.warehouse_id != first):
        if warehouse_ids is None or level.warehouse_id in warehouse_ids:
            found[level.product_id].append(level)
    return found


def allocate_item(unit: Unit, order: Order, item: OrderItem, wanted: Decimal, levels: Iterable[StockLevel]) -> Decimal:
    """Set aside up to ``wanted`` of a stocked item from the levels; the quantity set aside."""
    left = wanted
    for level in levels:
        quantity = min(left, level.free)
        if quantity > 0:
            level.allocated += quantity
            _set_aside(unit, order, item, level.warehouse_id, level.id, quantity)
            left -= quantity
    return wanted - left


def methods_of(unit: Unit, order: Order) -> Sequence[UUID]:
    """The fulfillment methods of the order's stock pool, first in line first."""
    return unit.methods.get(unit.channels[order.channel_id].pool_id, ())


def planned_method(
    unit: Unit, order: Order, item: OrderItem, warehouse_ids: Collection[UUID] | None = None
) -> UUID | None:
    """Who is to send goods that are not stocked: the method that the product names, the order's own, or the first."""
    methods = sorted(methods_of(unit, order), key=lambda id_: id_ != order.default_warehouse_id)
    named = unit.named_methods.get(item.product_id)
    possible = [named] if named in methods else methods
    return next((id_ for id_ in possible if warehouse_ids is None or id_ in warehouse_ids), None)


def set_aside_at_method(unit: Unit, order: Order, item: OrderItem, method_id: UUID, quantity: Decimal) -> Decimal:
    """Have a fulfillment method send goods: no level moves, only the item's buckets (domain.md 2, stock rules)."""
    if quantity > 0:
        _set_aside(unit, order, item, method_id, None, quantity)
    return max(quantity, ZERO)


def _set_aside(
    unit: Unit, order: Order, item: OrderItem, warehouse_id: UUID, level_id: UUID | None, quantity: Decimal
) -> None:
    item.allocated_quantity += quantity
    new_allocation(
        unit,
        Allocation(
            company_id=order.company_id,
            order_id=order.id,
            order_item_id=item.id,
            level_id=level_id,
            warehouse_id=warehouse_id,
            quantity=quantity,
            created_at=unit.now,
        ),
    )


def split_off(unit: Unit, row: Allocation, quantity: Decimal) -> Allocation:
    """The part of an allocation that something is about to happen to; the row itself when that is all of it."""
    if quantity == row.quantity:
        return row
    row.quantity -= quantity
    part = Allocation(
        company_id=row.company_id,
        order_id=row.order_id,
        order_item_id=row.order_item_id,
        level_id=row.level_id,
        warehouse_id=row.warehouse_id,
        quantity=quantity,
        created_at=row.created_at,
    )
    return new_allocation(unit, part)


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
