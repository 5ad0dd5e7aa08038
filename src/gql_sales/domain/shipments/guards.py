"""Guards of shipment verbs."""

from collections.abc import Iterable

from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.session import Unit
from gql_sales.domain.orders.holds import SHIPMENT, holds_against
from gql_sales.domain.shipments.booking import bookable
from gql_sales.kernel.errors import InvalidTransition, NothingOpen, NothingToBook, SalesError


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


def something_to_book(unit: Unit, shipment: Shipment) -> Iterable[SalesError]:
    """At least one line can be booked now (BA-32)."""
    if not any(bookable(unit, shipment).values()):
        yield NothingToBook("Nothing of the shipment is available in its warehouse.", ("items",))
