"""A customer's address book: what an entry must have, and at most one default for shipping and one for billing."""

from collections.abc import Iterable
from dataclasses import dataclass

from gql_sales.db.models.customers import Address
from gql_sales.kernel.inputs import Findings

MOST_ADDRESSES = 50


@dataclass(frozen=True)
class AddressEntry:
    """What a caller says of an address; None of a default keeps it as it is, which is false for a new address."""

    name: str
    line1: str
    city: str
    country_code: str
    line2: str | None = None
    region: str | None = None
    postal_code: str | None = None
    is_default_shipping: bool | None = None
    is_default_billing: bool | None = None


def write(address: Address, entry: AddressEntry, found: Findings, *path: str) -> None:
    """Put the entry into the address; INVALID_INPUT for every part that is missing or too long."""
    address.name = found.line(entry.name, 200, *path, "name")
    address.line1 = found.line(entry.line1, 200, *path, "line1")
    address.line2 = found.optional_line(entry.line2, 200, *path, "line2")
    address.city = found.line(entry.city, 120, *path, "city")
    address.region = found.optional_line(entry.region, 120, *path, "region")
    address.postal_code = found.optional_line(entry.postal_code, 20, *path, "postalCode")
    address.country_code = entry.country_code
    if entry.is_default_shipping is not None:
        address.is_default_shipping = entry.is_default_shipping
    if entry.is_default_billing is not None:
        address.is_default_billing = entry.is_default_billing


def yield_defaults(others: Iterable[Address], entry: AddressEntry) -> None:
    """Let the other addresses be no default any more where the entry becomes one."""
    for other in others:
        if entry.is_default_shipping:
            other.is_default_shipping = False
        if entry.is_default_billing:
            other.is_default_billing = False
