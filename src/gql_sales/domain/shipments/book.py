"""Booking reserves the goods of a shipment in its warehouse and locks its items (BA-32, KS-15)."""

from decimal import Decimal

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Allocation, AllocationState, Order, OrderItem
from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.queries.stock import new_allocation
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.shipments.booking import bookable, own_allocated
from gql_sales.domain.shipments.guards import order_is_free_to_book, order_is_placed, something_to_book
from gql_sales.domain.stock.allocation import allocatable, allocate_item
from gql_sales.domain.stock.commitment import commit
from gql_sales.domain.transition import transition
from gql_sales.kernel.warnings import WarningCode


@transition(
    Shipment,
    sources={ShipmentState.OPEN},
    target=ShipmentState.BOOKED,
    guards=[order_is_placed, order_is_free_to_book, something_to_book],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS, needs.LEVELS],
    scope="shipments:book",
    event="ShipmentBooked",
    bulk=True,
)
async def shipment_book(unit: Unit, shipment: Shipment) -> None:
    """Reserve the goods of a shipment in its warehouse and give it its number; what is not there leaves the note.

    Refusals: INVALID_TRANSITION (the order is no longer placed), ON_HOLD, NOTHING_TO_BOOK.
    """
    order = unit.document(Order, shipment.order_id)
    items = {item.id: item for item in order.items}
    possible = bookable(unit, shipment)
    commit(unit, order)
    for line in list(shipment.items):
        item, quantity = items[line.order_item_id], possible[line.order_item_id]
        if quantity < line.quantity:
            message = f"Only {quantity.normalize():f} of {item.sku} are booked; the rest left the note."
            unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))
        if quantity == 0:
            shipment.items.remove(line)
            continue
        line.quantity = quantity
        _book(unit, order, shipment, item, quantity)
    shipment.booked_at = unit.now
    if shipment.number is None:
        unit.number(shipment, SeriesKind.DELIVERY_NOTE, unit.now.date())


def _book(unit: Unit, order: Order, shipment: Shipment, item: OrderItem, quantity: Decimal) -> None:
    missing = quantity - own_allocated(unit, shipment, item.id)
    if missing > 0 and item.is_stocked:
        allocate_item(unit, order, item, min(missing, allocatable(item)), {shipment.warehouse_id})
    elif missing > 0:
        _set_aside_unstocked(unit, order, shipment, item, missing)
    left = quantity
    for row in list(unit.allocations[order.id]):
        if left <= 0:
            break
        if not _is_own(row, shipment, item):
            continue
        left -= _take(unit, row, shipment, item, min(left, row.quantity))


def _is_own(row: Allocation, shipment: Shipment, item: OrderItem) -> bool:
    return (
        row.state == AllocationState.ALLOCATED
        and row.order_item_id == item.id
        and row.warehouse_id == shipment.warehouse_id
    )


def _take(unit: Unit, row: Allocation, shipment: Shipment, item: OrderItem, quantity: Decimal) -> Decimal:
    """Book ``quantity`` of an allocation; what it holds beyond stays behind as an allocation of its own."""
    if quantity < row.quantity:
        rest = Allocation(
            order_id=row.order_id,
            order_item_id=row.order_item_id,
            level_id=row.level_id,
            warehouse_id=row.warehouse_id,
            quantity=row.quantity - quantity,
            created_at=row.created_at,
        )
        new_allocation(unit, rest)
        row.quantity = quantity
    row.state, row.shipment_id = AllocationState.BOOKED, shipment.id
    item.allocated_quantity -= quantity
    item.booked_quantity += quantity
    if row.level_id is not None:
        level = unit.levels[row.level_id]
        level.allocated -= quantity
        level.booked += quantity
    return quantity


def _set_aside_unstocked(unit: Unit, order: Order, shipment: Shipment, item: OrderItem, quantity: Decimal) -> None:
    """Goods of a drop shipper lie in no level: only the buckets of the item move (domain.md 2, stock rules)."""
    item.allocated_quantity += quantity
    new_allocation(
        unit,
        Allocation(
            order_id=order.id,
            order_item_id=item.id,
            level_id=None,
            warehouse_id=shipment.warehouse_id,
            quantity=quantity,
            created_at=unit.now,
        ),
    )
