"""Directives that the schema carries: required scopes, static cost, nullability that only errors break."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT, Location.INTERFACE],
    description="Scopes a caller needs for this field: outer list is OR, inner list is AND.",
)
class RequiresScopes:
    """What a caller must hold; on a type it counts for every field that returns the type."""

    scopes: list[list[str]] = strawberry.directive_field(name="scopes")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], description="Static cost of a field, added once per selection."
)
class Cost:
    """Points on top of what the shape of the selection costs."""

    weight: int = strawberry.directive_field(name="weight")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Marks a field that is null only when an error is reported for it.",
)
class SemanticNonNull:
    """The client may treat the field as non-null when it handles errors."""

    levels: list[int] = strawberry.directive_field(name="levels", default=(0,))


def scopes(*names: str) -> RequiresScopes:
    """All of the named scopes."""
    return RequiresScopes(scopes=[list(names)])
