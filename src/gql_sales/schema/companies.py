"""The company as clients see it."""

import strawberry

from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Node, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.scalars import CountryCode, CurrencyCode


@strawberry.type(
    description="A legal entity with its own books, numbers and stock.", directives=[scopes("companies:read")]
)
class Company(Node):
    """Nothing is shared between companies."""

    code: str = text("Short name, unique.")
    name: str = text("Name.")
    country_code: CountryCode = text("Country of its seat.")
    currency_code: CurrencyCode = text("Currency of its books.")
    timezone: str = text("IANA time zone that its dates are counted in.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")


@strawberry.input(description="Conditions on companies; all given ones must hold.")
class CompanyFilter:
    """By how people call them."""

    codes: list[str] | None = optional("With one of these codes, at most 100.")


@strawberry.input(description="Input of companyCreate.")
class CompanyCreateInput(MutationInput):
    """A new company."""

    code: str = text("Short name, unique.")
    name: str = text("Name.")
    country_code: CountryCode = text("Country of its seat.")
    currency_code: CurrencyCode = text("Currency of its books.")
    timezone: str = strawberry.field(description="IANA time zone that its dates are counted in.", default="UTC")


@strawberry.type(description="Outcome of companyCreate.")
class CompanyCreatePayload(Payload):
    """The new company."""

    company: Company | None = changed("Company", "The new company; null when it was refused.")


@strawberry.input(description="Input of companyUpdate.")
class CompanyUpdateInput(MutationInput):
    """What is absent stays."""

    company_id: strawberry.ID = text("The company.")
    name: str | None = optional("Name, at most 200 characters.")
    timezone: str | None = optional("IANA time zone that its dates are counted in.")


@strawberry.type(description="Outcome of companyUpdate.")
class CompanyUpdatePayload(Payload):
    """The changed company."""

    company: Company | None = changed("Company", "The company as it is now.")
