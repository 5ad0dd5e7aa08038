"""Goods of a shipment are packed into boxes or pallets, each with a number of its own for its label (IF-8, IF-10)."""

from collections.abc import Sequence

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.shipments import Package, Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.shipments.lines import NewShipmentItem
from gql_sales.domain.shipments.packages import tracked
from gql_sales.domain.shipments.packing import MOST_PACKAGES, pack
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings


@transition(
    Shipment,
    sources={ShipmentState.OPEN, ShipmentState.BOOKED},
    scope="shipments:pack",
    event="ShipmentPacked",
)
async def shipment_package_add(
    unit: Unit, shipment: Shipment, *, items: Sequence[NewShipmentItem] = (), tracking_number: str | None = None
) -> None:
    """Add a package to a shipment, with what it holds as far as that is known.

    Refusals: TOO_MANY_ENTRIES, INVALID_INPUT, NOT_FOUND, NOT_ALLOCATABLE, INVALID_QUANTITY, CONTENTS_EXCEED_ITEMS.
    """
    if len(shipment.packages) >= MOST_PACKAGES:
        raise Refused(TooManyEntries(f"A shipment has at most {MOST_PACKAGES} packages.", ("input",)))
    found = Findings()
    package = Package(
        company_id=shipment.company_id,
        shipment_id=shipment.id,
        tracking_number=tracked(tracking_number, found, "trackingNumber"),
        created_at=unit.now,
        items=[],
    )
    shipment.packages.append(package)
    pack(unit, shipment, package, items, found)
    found.check()
    unit.number(package, SeriesKind.PACKAGE, unit.now.date())
