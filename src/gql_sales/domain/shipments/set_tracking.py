"""Carriers give their numbers when the goods have left, one for the shipment or one for each package (IF-11)."""

from collections.abc import Sequence
from uuid import UUID

from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.shipments.packages import package_of, tracked
from gql_sales.domain.shipments.update import set_sender
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, Refused
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(
    Shipment,
    sources={ShipmentState.FINALIZED},
    scope="shipments:track",
    event="ShipmentTrackingSet",
)
async def shipment_set_tracking(
    _: Unit,
    shipment: Shipment,
    *,
    carrier: str | Absent | None = KEEP,
    tracking_number: str | Absent | None = KEEP,
    packages: Sequence[tuple[UUID, str | None]] = (),
) -> None:
    """Set who carries a shipment that has left, and its tracking numbers or those of its packages.

    Refusals: INVALID_INPUT, NOT_FOUND (package).
    """
    if carrier is KEEP and tracking_number is KEEP and not packages:
        raise Refused(InvalidInput("Say what is known of the carrier.", ("input",)))
    set_sender(shipment, carrier, tracking_number)
    found = Findings()
    for index, (package_id, number) in enumerate(packages):
        path = ("packages", str(index))
        package = package_of(shipment, package_id, ("input", *path, "packageId"))
        package.tracking_number = tracked(number, found, *path, "trackingNumber")
    found.check()
