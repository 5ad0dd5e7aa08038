"""Postal addresses as documents keep them: a copy that later changes of the address book do not touch."""

from dataclasses import asdict, dataclass
from typing import Any

from gql_sales.db.models.customers import Address
from gql_sales.kernel.inputs import Findings


@dataclass(frozen=True)
class PostalAddress:
    """Where to send something."""

    name: str
    line1: str
    city: str
    country_code: str
    line2: str | None = None
    region: str | None = None
    postal_code: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What the document stores."""
        return asdict(self)


def checked(address: PostalAddress | None, found: Findings, *path: str) -> dict[str, Any] | None:
    """What the document stores of an address, without blanks around its parts; a draft may lack some of them.

    Finds INVALID_INPUT for parts that are too long or hold control characters.
    """
    if address is None:
        return None
    return PostalAddress(
        found.optional_line(address.name, 200, *path, "name") or "",
        found.optional_line(address.line1, 200, *path, "line1") or "",
        found.optional_line(address.city, 120, *path, "city") or "",
        address.country_code,
        found.optional_line(address.line2, 200, *path, "line2"),
        found.optional_line(address.region, 120, *path, "region"),
        found.optional_line(address.postal_code, 20, *path, "postalCode"),
    ).as_json()


def copied(address: Address | None) -> dict[str, Any] | None:
    """A copy of an address of the address book."""
    if address is None:
        return None
    return PostalAddress(
        address.name,
        address.line1,
        address.city,
        address.country_code,
        address.line2,
        address.region,
        address.postal_code,
    ).as_json()


def is_complete(address: dict[str, Any] | None) -> bool:
    """Whether the parts that every address has are there."""
    return bool(address) and all((address or {}).get(part) for part in ("name", "line1", "city", "country_code"))
