"""Tax rules as clients see them."""

from datetime import date
from decimal import Decimal

import strawberry

from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Node, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.scalars import CountryCode


@strawberry.type(
    description="The rate of one tax group in one country from a day on.", directives=[scopes("tax_rules:read")]
)
class TaxRule(Node):
    """The newest rule not after a day counts for that day."""

    country_code: CountryCode = text("Country of delivery.")
    tax_group: str = text("Group of products.")
    rate: Decimal = text("Rate as a share, such as 0.19.")
    name: str = text("What the tax is called.")
    valid_from: date = text("First day it holds.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")


@strawberry.input(description="Conditions on tax rules; all given ones must hold.")
class TaxRuleFilter:
    """By what they are for."""

    country_code: CountryCode | None = optional("Of this country.")
    tax_group: str | None = optional("Of this tax group.")


@strawberry.input(description="Input of taxRuleSet.")
class TaxRuleSetInput(MutationInput):
    """A new rule, or another rate of the same country, group and day."""

    country_code: CountryCode = text("Country of delivery.")
    tax_group: str = text("Group of products, at most 40 characters.")
    rate: Decimal = text("Rate as a share between 0 and 1, such as 0.19.")
    name: str = text("What the tax is called, at most 200 characters.")
    valid_from: date = text("First day it holds.")


@strawberry.type(description="Outcome of taxRuleSet.")
class TaxRuleSetPayload(Payload):
    """The rule."""

    tax_rule: TaxRule | None = changed("TaxRule", "The rule as it is now; null when it was refused.")
