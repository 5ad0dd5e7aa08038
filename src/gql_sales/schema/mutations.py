"""How a mutation field is declared: description and scope come from the verb, so that each exists once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import strawberry

from gql_sales.domain.transition import Creation, Transition
from gql_sales.schema.directives import SemanticNonNull, scopes

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])


@dataclass(frozen=True)
class Single:
    """What the Bulk twin of a mutation is made from."""

    declared: Transition[Any, ...] | Creation[..., Any]
    resolver: Callable[..., Any]
    input: Any
    payload: Any


BULK_VERBS: list[Single] = []


def describe_input(resolver: Callable[..., Any]) -> None:
    """Every mutation has one argument of one name, and is null when the call itself is an error: said once, here."""
    wanted = resolver.__annotations__["input"]
    about = strawberry.argument(description="What to do, and how the call is made safe.")
    resolver.__annotations__["input"] = Annotated[wanted, about]
    resolver.__annotations__["return"] = resolver.__annotations__["return"] | None


def mutation(declared: Transition[Any, ...] | Creation[..., Any]) -> Callable[[F], Any]:
    """Make the resolver below the field of the verb; its name must be the verb's."""

    def declare(resolver: F) -> Any:  # noqa: ANN401 (a field)
        if declared.is_bulk:
            types = resolver.__annotations__
            BULK_VERBS.append(Single(declared, resolver, types["input"], types["return"]))
        describe_input(resolver)
        return strawberry.mutation(
            resolver=resolver,
            name=declared.name,
            description=declared.description,
            directives=[scopes(declared.scope), SemanticNonNull()],
        )

    return declare
