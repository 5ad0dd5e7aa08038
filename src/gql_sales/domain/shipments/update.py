"""A draft of a shipment can be changed until it is booked (BA-29, BA-30)."""

from collections.abc import Sequence

from gql_sales.db.models.orders import Order
from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.shipments.finalize import sent_by
from gql_sales.domain.shipments.guards import order_is_placed
from gql_sales.domain.shipments.lines import NewShipmentItem, free_lines, judge_partial, set_lines, wanted_lines
from gql_sales.domain.shipments.needs import WAREHOUSES
from gql_sales.domain.shipments.packing import unfit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, Refused
from gql_sales.kernel.inputs import KEEP, Absent


@transition(
    Shipment,
    sources={ShipmentState.OPEN},
    guards=[order_is_placed],
    needs=[needs.CONTEXT, WAREHOUSES],
    scope="shipments:edit",
    event="ShipmentUpdated",
)
async def shipment_update(
    unit: Unit,
    shipment: Shipment,
    *,
    items: Sequence[NewShipmentItem] | Absent = KEEP,
    carrier: str | Absent | None = KEEP,
    tracking_number: str | Absent | None = KEEP,
) -> None:
    """Change what a drafted shipment takes along, who carries it, or its tracking number.

    Refusals: INVALID_TRANSITION (the order is no longer placed), INVALID_INPUT, NOT_FOUND, NOT_ALLOCATABLE,
    INVALID_QUANTITY, QUANTITY_NOT_OPEN, PARTIAL_SHIPMENT_BLOCKED, CONTENTS_EXCEED_ITEMS.
    """
    set_sender(shipment, carrier, tracking_number)
    if items is not KEEP:
        await _take(unit, shipment, items)


async def _take(unit: Unit, shipment: Shipment, items: Sequence[NewShipmentItem]) -> None:
    """The items are all that it takes along from now on."""
    if not items:
        raise Refused(InvalidInput("A shipment takes something along; delete it instead.", ("input", "items")))
    order = unit.document(Order, shipment.order_id)
    free = await free_lines(unit, order, shipment)
    lines = wanted_lines(order, unit.warehouses[shipment.warehouse_id], items, free)
    if refusals := unfit(shipment, order, lines):
        raise Refused(*refusals)
    judge_partial(unit, order, lines)
    set_lines(shipment, lines)


def set_sender(shipment: Shipment, carrier: str | Absent | None, tracking_number: str | Absent | None) -> None:
    """Note who carries the shipment; INVALID_INPUT when either is no short line, KEEP leaves what is."""
    checked = sent_by(
        shipment.carrier if carrier is KEEP else carrier,
        shipment.tracking_number if tracking_number is KEEP else tracking_number,
    )
    shipment.carrier, shipment.tracking_number = checked
