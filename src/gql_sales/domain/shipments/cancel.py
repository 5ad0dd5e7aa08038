"""A shipment that has its number is withdrawn, not deleted: numbers stay unbroken (X-28)."""

from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.shipments.guards import has_number
from gql_sales.domain.shipments.packing import unpack
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import Findings


@transition(
    Shipment,
    sources={ShipmentState.OPEN},
    target=ShipmentState.CANCELLED,
    guards=[has_number],
    scope="shipments:cancel",
    event="ShipmentCancelled",
)
async def shipment_cancel(unit: Unit, shipment: Shipment, *, reason: str) -> None:
    """Withdraw an unbooked shipment that keeps its number; what it was to take along is free for another.

    Refusals: REASON_REQUIRED, INVALID_INPUT (reason), INVALID_TRANSITION (it was never booked).
    """
    found = Findings()
    shipment.cancel_reason = found.reason(reason)
    found.check()
    unpack(unit, shipment)
    shipment.cancelled_at = unit.now
