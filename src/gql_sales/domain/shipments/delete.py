"""A draft of a shipment can be thrown away as long as it has no number (BA-31, X-28)."""

from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.shipments.guards import has_no_number
from gql_sales.domain.shipments.packing import unpack
from gql_sales.domain.transition import transition


@transition(
    Shipment,
    sources={ShipmentState.OPEN},
    target=ShipmentState.DELETED,
    guards=[has_no_number],
    scope="shipments:edit",
    event="ShipmentDeleted",
)
async def shipment_delete(unit: Unit, shipment: Shipment) -> None:
    """Throw away a shipment that was never booked.

    Refusals: NUMBER_TAKEN.
    """
    unpack(unit, shipment)
