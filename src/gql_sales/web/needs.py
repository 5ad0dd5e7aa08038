"""What a field or type of the schema needs of its caller, read from ``@requiresScopes`` and from nothing else."""

from collections.abc import Iterable

from strawberry.types.base import StrawberryContainer, StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from gql_sales.schema.directives import RequiresScopes

Needs = frozenset[frozenset[str]]
"""Alternatives, each a set of scopes that are all needed; empty when nothing is."""

FREE: Needs = frozenset()
CARRIERS = {"Connection": ("nodes", "edges"), "Edge": ("node",)}
"""Types that only carry others: a page needs what its rows need, or it would tell how many there are."""


def of_directives(directives: Iterable[object] | None) -> Needs:
    """What the directives of one field or type ask for."""
    needs = FREE
    for directive in directives or ():
        if isinstance(directive, RequiresScopes):
            # Two directives, or one on the field and one on its type, both have to be met.
            needs = both(needs, frozenset(frozenset(names) for names in directive.scopes))
    return needs


def both(one: Needs, other: Needs) -> Needs:
    """What satisfies the one and the other, without alternatives that need more than another does."""
    if not one or not other:
        return one or other
    pairs = {left | right for left in one for right in other}
    return frozenset(pair for pair in pairs if not any(smaller < pair for smaller in pairs))


def is_met(needs: Needs, scopes: frozenset[str]) -> bool:
    """Whether somebody who holds the scopes may."""
    return not needs or any(alternative <= scopes for alternative in needs)


def is_implied(needs: Needs, held: Needs) -> bool:
    """Whether everybody who meets ``held`` meets ``needs`` too."""
    if not needs:
        return True
    return bool(held) and all(is_met(needs, alternative) for alternative in held)


def of_type(definition: object) -> Needs:
    """What a type asks for; a connection or edge without a directive of its own asks for what it carries."""
    if not isinstance(definition, StrawberryObjectDefinition):
        return FREE
    own = of_directives(definition.directives)
    if own or definition.is_input or definition.is_interface:
        return own
    for ending, names in CARRIERS.items():
        if definition.name.endswith(ending):
            for field in definition.fields:
                if field.python_name in names:
                    return of_type(returned(field, definition))
    return FREE


def of_field(field: StrawberryField, parent: StrawberryObjectDefinition) -> Needs:
    """What a field asks for by itself and through the type it returns."""
    return both(of_directives(field.directives), of_type(returned(field, parent)))


def returned(field: StrawberryField, parent: StrawberryObjectDefinition) -> object:
    """The definition of the type a field returns, below lists, options and lazy references."""
    type_: object = field.resolve_type(type_definition=parent)
    while True:
        if isinstance(type_, LazyType):
            type_ = type_.resolve_type()
        elif isinstance(type_, StrawberryContainer):
            type_ = type_.of_type
        else:
            return getattr(type_, "__strawberry_definition__", type_)
