"""What a package holds can be changed until its shipment has left (IF-9)."""

from collections.abc import Sequence
from uuid import UUID

from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.shipments.lines import NewShipmentItem
from gql_sales.domain.shipments.packages import package_of, tracked
from gql_sales.domain.shipments.packing import pack
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(
    Shipment,
    sources={ShipmentState.OPEN, ShipmentState.BOOKED},
    scope="shipments:pack",
    event="ShipmentPacked",
)
async def shipment_package_set_items(
    unit: Unit,
    shipment: Shipment,
    *,
    package_id: UUID,
    items: Sequence[NewShipmentItem],
    tracking_number: str | Absent | None = KEEP,
) -> None:
    """Say anew what a package of a shipment holds; no items empty it.

    Refusals: NOT_FOUND, INVALID_INPUT, NOT_ALLOCATABLE, INVALID_QUANTITY, CONTENTS_EXCEED_ITEMS.
    """
    package, found = package_of(shipment, package_id, ("input", "packageId")), Findings()
    if tracking_number is not KEEP:
        package.tracking_number = tracked(tracking_number, found, "trackingNumber")
    pack(unit, shipment, package, items, found)
    found.check()
