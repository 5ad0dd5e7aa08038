"""Delivery ends a shipment's life: the carrier, or whoever asked, says that the goods have arrived."""

from datetime import datetime

from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidDate, Refused


@transition(
    Shipment,
    sources={ShipmentState.FINALIZED},
    target=ShipmentState.DELIVERED,
    scope="shipments:deliver",
    event="ShipmentDelivered",
    bulk=True,
)
async def shipment_deliver(unit: Unit, shipment: Shipment, *, delivered_at: datetime | None = None) -> None:
    """Note that a shipment has arrived, now or when the carrier says.

    Refusals: INVALID_DATE (later than now, or before it left).
    """
    when = delivered_at or unit.now
    if when > unit.now or (shipment.finalized_at is not None and when < shipment.finalized_at):
        message = "A delivery lies between the departure of the goods and now."
        raise Refused(InvalidDate(message, ("input", "deliveredAt")))
    shipment.delivered_at = when
