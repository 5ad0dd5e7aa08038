"""Guards of shipment verbs."""

from collections.abc import Iterable
from decimal import Decimal

from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.session import Unit
from gql_sales.domain.orders.holds import SHIPMENT, holds_against
from gql_sales.domain.orders.prepayment import paid_in_advance
from gql_sales.domain.shipments.booking import bookable
from gql_sales.domain.shipments.packing import contents, unfit
from gql_sales.kernel.errors import (
    ContentsIncomplete,
    InvalidTransition,
    NothingOpen,
    NothingToBook,
    NumberTaken,
    SalesError,
)


def goods_open(_: Unit, order: Order) -> Iterable[SalesError]:
    """Some goods are neither shipped nor booked nor cancelled."""
    if not any(item.is_allocatable and item.open_quantity - item.booked_quantity > 0 for item in order.items):
        yield NothingOpen("No goods of the order are waiting to be shipped.", ("items",))


def order_is_placed(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """The order still wants its goods."""
    order = unit.document(Order, shipment.order_id)
    if order.state not in IN_PROCESS:
        yield InvalidTransition(f"The order is {order.state}.", ("order",), from_state=str(order.state))


def order_is_free_to_book(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """No hold on the order stops booking."""
    return holds_against(unit.document(Order, shipment.order_id), SHIPMENT)


def order_is_paid_in_advance(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """A proforma order is shipped once it is paid."""
    return paid_in_advance(unit, unit.document(Order, shipment.order_id))


def something_to_book(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """At least one line can be booked now (BA-32)."""
    if not any(bookable(unit, shipment).values()):
        yield NothingToBook("Nothing of the shipment is available in its warehouse.", ("items",))


def contents_fit(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """What booking would leave on the note is not less than what is packed already."""
    yield from unfit(shipment, unit.document(Order, shipment.order_id), bookable(unit, shipment))


def contents_complete(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """Where the warehouse wants it, everything is in packages (packRequired)."""
    if not unit.warehouses[shipment.warehouse_id].is_pack_required:
        return
    items = {item.id: item for item in unit.document(Order, shipment.order_id).items}
    packed = contents(shipment)
    for line in shipment.items:
        item, missing = items[line.order_item_id], line.quantity - packed.get(line.order_item_id, Decimal(0))
        if missing > 0:
            message = f"{missing.normalize():f} of {item.sku} are in no package."
            yield ContentsIncomplete(message, ("items", str(item.position)))


def has_no_number(_: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """It was never booked."""
    if shipment.number is not None:
        yield NumberTaken(f"The shipment is {shipment.number} for good.", ("number",))


def has_number(_: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """It was booked once; a draft without a number is deleted instead."""
    if shipment.number is None:
        message = "The shipment was never booked; delete it instead."
        yield InvalidTransition(message, ("number",), from_state=str(shipment.state))
