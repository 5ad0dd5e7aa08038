"""A shipment's packages, and the carrier's numbers for them."""

from uuid import UUID

from gql_sales.db.models.shipments import Package, Shipment
from gql_sales.kernel.errors import NotFound, Refused
from gql_sales.kernel.inputs import Findings


def package_of(shipment: Shipment, package_id: UUID, path: tuple[str, ...]) -> Package:
    """The package of the shipment with the id; refused with NOT_FOUND when it has none."""
    found = next((package for package in shipment.packages if package.id == package_id), None)
    if found is None:
        raise Refused(NotFound("The shipment has no such package.", path))
    return found


def tracked(number: str | None, found: Findings, *path: str) -> str | None:
    """The carrier's number without blanks around it; notes INVALID_INPUT when it is no short line."""
    return found.optional_line(number, 120, *path)
