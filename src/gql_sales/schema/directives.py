"""Directives that the schema carries: required scopes, static cost, nullability that only errors break."""

from typing import Any

import strawberry
from strawberry.schema_directive import Location


def _argument(name: str, description: str, **options: Any) -> Any:  # noqa: ANN401 (a field)
    """An argument with its description, which Strawberry has no parameter for."""
    field = strawberry.directive_field(name=name, **options)
    field.description = description
    return field


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT, Location.INTERFACE],
    description="Scopes a caller needs for this field: outer list is OR, inner list is AND.",
)
class RequiresScopes:
    """What a caller must hold; on a type it counts for every field that returns the type."""

    scopes: list[list[str]] = _argument("scopes", "Alternatives of scope sets.")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], description="Static cost of a field, added once per selection."
)
class Cost:
    """Points on top of what the shape of the selection costs."""

    weight: int = _argument("weight", "Points.")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Marks a field that is null only when an error is reported for it.",
)
class SemanticNonNull:
    """The client may treat the field as non-null when it handles errors."""

    levels: list[int] = _argument("levels", "List depths the promise covers.", default=(0,))


def scopes(*names: str) -> RequiresScopes:
    """All of the named scopes."""
    return RequiresScopes(scopes=[list(names)])
