"""Booking reserves the goods of a shipment in its warehouse and locks its items (BA-32, KS-15)."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import AllocationState, Order
from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.promising import promising_what_is_set_aside
from gql_sales.domain.shipments.booking import bookable, own_allocations
from gql_sales.domain.shipments.guards import (
    contents_fit,
    order_is_free_to_book,
    order_is_paid_in_advance,
    order_is_placed,
    something_to_book,
)
from gql_sales.domain.stock.allocation import (
    allocatable,
    allocate_item,
    levels_by_product,
    set_aside_at_method,
    split_off,
)
from gql_sales.domain.stock.commitment import commit
from gql_sales.domain.transition import transition
from gql_sales.kernel.warnings import WarningCode

ZERO = Decimal(0)


@transition(
    Shipment,
    sources={ShipmentState.OPEN},
    target=ShipmentState.BOOKED,
    guards=[order_is_placed, order_is_free_to_book, order_is_paid_in_advance, something_to_book, contents_fit],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS, needs.LEVELS],
    scope="shipments:book",
    event="ShipmentBooked",
    bulk=True,
)
async def shipment_book(unit: Unit, shipment: Shipment) -> None:
    """Reserve the goods of a shipment in its warehouse and give it its number; what is not there leaves the note.

    Refusals: INVALID_TRANSITION (the order is no longer placed), ON_HOLD, NOTHING_TO_BOOK, CONTENTS_EXCEED_ITEMS (more
    is packed than is left).
    """
    order = unit.document(Order, shipment.order_id)
    items = {item.id: item for item in order.items}
    possible = bookable(unit, shipment)
    for line in list(shipment.items):
        item, quantity = items[line.order_item_id], possible[line.order_item_id]
        if quantity < line.quantity:
            message = f"Only {quantity.normalize():f} of {item.sku} are booked; the rest left the note."
            unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))
        if quantity == 0:
            shipment.items.remove(line)
        else:
            line.quantity = quantity
    with promising_what_is_set_aside(unit, order):
        commit(unit, order)
        _set_aside_what_is_missing(unit, order, shipment, possible)
        _book(unit, order, shipment, possible)
    shipment.booked_at = unit.now
    if shipment.number is None:
        unit.number(shipment, SeriesKind.DELIVERY_NOTE, unit.now.date())


def _set_aside_what_is_missing(
    unit: Unit, order: Order, shipment: Shipment, quantities: Mapping[UUID, Decimal]
) -> None:
    """Allocate in the shipment's warehouse what is to be booked and is not set aside there yet."""
    held = own_allocations(unit, shipment)
    levels = levels_by_product(unit, {shipment.warehouse_id})
    for item in order.items:
        missing = quantities.get(item.id, ZERO) - sum((row.quantity for row in held.get(item.id, ())), ZERO)
        if missing > 0 and item.is_stocked:
            allocate_item(unit, order, item, min(missing, allocatable(item)), levels.get(item.product_id, ()))
        elif missing > 0:
            set_aside_at_method(unit, order, item, shipment.warehouse_id, missing)


def _book(unit: Unit, order: Order, shipment: Shipment, quantities: Mapping[UUID, Decimal]) -> None:
    """Turn allocations of the shipment's warehouse into booked ones; what they hold beyond stays set aside."""
    items = {item.id: item for item in order.items}
    for item_id, rows in own_allocations(unit, shipment).items():
        item, left = items[item_id], quantities.get(item_id, ZERO)
        for row in rows:
            if left <= 0:
                break
            part = split_off(unit, row, min(left, row.quantity))
            part.state, part.shipment_id = AllocationState.BOOKED, shipment.id
            left -= part.quantity
            item.allocated_quantity -= part.quantity
            item.booked_quantity += part.quantity
            if part.level_id is not None:
                level = unit.levels[part.level_id]
                level.allocated -= part.quantity
                level.booked += part.quantity
