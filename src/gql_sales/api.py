"""Query, Mutation and Subscription become one schema, a pruned one for each audience, and the exported files."""

from functools import cache

from strawberry.schema.config import StrawberryConfig

from gql_sales.kernel.principals import Audience
from gql_sales.resolvers.root import TYPES, Mutation, Query, Subscription
from gql_sales.schema.scalars import SCALARS
from gql_sales.web.guarded_schema import Roots, SalesSchema, pruned
from gql_sales.web.sdl import sdl

OPEN = {Audience.PARTNER}
"""Audiences that may introspect in production: the others have their queries written by us or beside us."""


def _config() -> StrawberryConfig:
    return StrawberryConfig(scalar_map=SCALARS)


ROOTS = Roots(Query, Mutation, Subscription, tuple(TYPES), _config)


@cache
def whole_schema() -> SalesSchema:
    """Everything there is; it is printed and tested, but served to nobody."""
    return SalesSchema(ROOTS)


def audience_schemas(*, is_development: bool = False) -> dict[Audience, SalesSchema]:
    """What each audience validates and introspects against."""
    whole = whole_schema()
    return {audience: pruned(whole, audience, is_open=is_development or audience in OPEN) for audience in Audience}


def schema_files() -> dict[str, str]:
    """The texts of the exported schema files, by their path in the repository."""
    whole = whole_schema()
    return {
        "schema.graphql": sdl(whole),
        "docs/schema.storefront.graphql": sdl(pruned(whole, Audience.STOREFRONT)),
        "docs/schema.partner.graphql": sdl(pruned(whole, Audience.PARTNER)),
    }
