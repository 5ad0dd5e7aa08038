"""Bulk twins: made from the single mutations, whose resolvers, inputs and payloads they use (api.md 5)."""

from types import GenericAlias
from typing import Any, TypeVar

import strawberry

from gql_sales.domain.bulk import MOST_ENTRIES, Bulk, BulkMode, Seat
from gql_sales.kernel.errors import SalesError
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.enums import described
from gql_sales.schema.errors import UserError, user_error
from gql_sales.schema.mutations import BULK_VERBS, Single, describe_input
from gql_sales.schema.nodes import text

T = TypeVar("T")

described(BulkMode)


@strawberry.input
class BulkInput:
    """What every Bulk input has beside its entries."""

    mode: BulkMode = text("What a refused entry means to the others.")
    dry_run: bool = strawberry.field(
        description="Makes a dry run of every entry; under BEST_EFFORT none of them sees what the others would do.",
        default=False,
    )


@strawberry.type
class BulkPayload:
    """What every Bulk payload has beside its results."""

    errors: strawberry.Private[tuple[SalesError, ...]]

    @strawberry.field(description="What is wrong with the call as a whole; nothing was written then.")
    def user_errors(self) -> list[UserError]:
        """Those of the entries stand in the results."""
        return [user_error(error) for error in self.errors]


def with_twins(mutation: type[T]) -> type[T]:
    """Add the Bulk twin of every verb that is declared to have one."""
    for single in BULK_VERBS:
        setattr(mutation, f"{single.declared.name}_bulk", _twin(single))
    return mutation


def _twin(single: Single) -> Any:  # noqa: ANN401 (a field)
    name = single.declared.name
    input_, result, payload = _types(single, name[0].upper() + name[1:])

    async def resolve(self: Any, info: Info, input: Any) -> Any:  # noqa: ANN401 (types that are made here)
        bulk = Bulk(input.mode, len(input.entries))
        if bulk.errors:
            return payload(errors=bulk.errors, results=[])
        for index, entry in enumerate(input.entries):
            entry.seat = Seat(bulk, index)
            entry.dry_run = entry.dry_run or input.dry_run
        found = await bulk.together([single.resolver(self, info, entry) for entry in input.entries])
        results = [result(index=index, **vars(one)) for index, one in enumerate(found)]
        return payload(errors=bulk.errors, results=[] if bulk.errors else results)

    resolve.__annotations__ |= {"input": input_, "return": payload}
    describe_input(resolve)
    return strawberry.mutation(
        resolver=resolve,
        name=f"{name}Bulk",
        description=f"Up to {MOST_ENTRIES} times {name}: {single.declared.description}",
        directives=[scopes(single.declared.scope), SemanticNonNull()],
    )


def _types(single: Single, name: str) -> tuple[Any, Any, Any]:
    """Input, result and payload of the twin."""
    entries = text(f"What to do, 1 to {MOST_ENTRIES} times; each entry is made safe by a key of its own.")
    input_ = type(f"{name}BulkInput", (BulkInput,), _body(entries=(_list_of(single.input), entries)))
    index = text("Place of the entry in the input, from 0.")
    result = strawberry.type(
        type(f"{name}BulkEntryPayload", (single.payload,), _body(index=(int, index))),
        description=f"Outcome of one entry of {single.declared.name}Bulk.",
    )
    results = text("One for each entry, in their order; empty when the call as a whole was refused.")
    payload = type(f"{name}BulkPayload", (BulkPayload,), _body(results=(_list_of(result), results)))
    return (
        strawberry.input(input_, description=f"Input of {single.declared.name}Bulk."),
        result,
        strawberry.type(payload, description=f"Outcome of {single.declared.name}Bulk."),
    )


def _list_of(type_: Any) -> Any:  # noqa: ANN401 (a type that is known when the program runs)
    return GenericAlias(list, (type_,))


def _body(**members: tuple[Any, Any]) -> dict[str, Any]:
    annotations = {name: type_ for name, (type_, _) in members.items()}
    return {"__annotations__": annotations, **{name: field for name, (_, field) in members.items()}}
