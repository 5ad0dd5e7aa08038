"""Postal addresses on documents, going in and coming out."""

from typing import Any

import strawberry

from gql_sales.domain.orders.address import PostalAddress as DomainAddress
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.scalars import CountryCode


@strawberry.type(description="A postal address as it was copied onto a document.")
class PostalAddress:
    """Never changes with the address book."""

    name: str = text("Who receives it.")
    line1: str = text("Street and number.")
    line2: str | None = text("Further details.")
    city: str = text("City.")
    region: str | None = text("State or province.")
    postal_code: str | None = text("Postal code.")
    country_code: CountryCode = text("Country.")


@strawberry.input(description="A postal address for a document.")
class PostalAddressInput:
    """Name, first line, city and country are what every address has."""

    name: str = text("Who receives it.")
    line1: str = text("Street and number.")
    line2: str | None = optional("Further details.")
    city: str = text("City.")
    region: str | None = optional("State or province.")
    postal_code: str | None = optional("Postal code.")
    country_code: CountryCode = text("Country.")

    def to_domain(self) -> DomainAddress:
        """As verbs take it."""
        return DomainAddress(
            self.name.strip(),
            self.line1.strip(),
            self.city.strip(),
            self.country_code,
            given(self.line2),
            given(self.region),
            given(self.postal_code),
        )


def to_address(value: PostalAddressInput | None) -> DomainAddress | None:
    """An optional input as verbs take it."""
    found: PostalAddressInput | None = given(value)
    return found.to_domain() if found else None


def address_field(column: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """A nullable address over a column of JSON."""

    def resolve(root: Any) -> PostalAddress | None:  # noqa: ANN401 (a row)
        stored = getattr(root, column)
        return PostalAddress(**stored) if stored else None

    return strawberry.field(resolver=resolve, description=description)
