"""Streams of events: what happened since a cursor, then what happens, as far as the caller may see it."""

import inspect
from collections.abc import AsyncGenerator
from types import GenericAlias
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from gql_sales.db.event_hub import hub_of
from gql_sales.db.event_log import encode_cursor, last_place, pools_of, position_of
from gql_sales.db.logged_events import LoggedEvent, Position, Wanted
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.event_streams import FILTERS, STREAMS, Stream
from gql_sales.schema.events import INTERFACES, CustomerTimelineEvent

T = TypeVar("T")
MOST_IDS = 250

Ids = list[strawberry.ID] | None
After = Annotated[
    str | None,
    strawberry.argument(description="Cursor of the last event seen, at most 72 hours old; without it, from now on."),
]

MOST_EVENTS = 1000
First = Annotated[
    int | None,
    strawberry.argument(description=f"End after so many events, 1 to {MOST_EVENTS}; without it the stream goes on."),
]


def _arguments(stream: Stream) -> dict[str, tuple[str | None, Any]]:
    """Arguments that narrow a stream: of which type their ids are, None for those of no ids, and their annotation."""
    own = (stream.document, f"Only these {stream.noun}s, at most {MOST_IDS}.")
    named = {stream.own_ids: own, **{name: FILTERS[name] for name in stream.filters}}
    found: dict[str, tuple[str | None, Any]] = {
        name: (type_name, Annotated[Ids, strawberry.argument(description=sentence)])
        for name, (type_name, sentence) in named.items()
    }
    if stream.axes is not None:
        sentence = "Only events in which one of these derived statuses changed."
        axes: Any = GenericAlias(list, (stream.axes,)) | None
        found["axes"] = (None, Annotated[axes, strawberry.argument(description=sentence)])
    return found


def _subscription(stream: Stream) -> Any:  # noqa: ANN401 (a field)
    """The field of one stream; errors of its arguments come before the first event."""
    arguments = _arguments(stream)

    async def resolve(
        self: Any,  # noqa: ANN401 (the root, of which nothing is asked)
        info: Info,
        after: str | None = None,
        first: int | None = None,
        **given: Any,  # noqa: ANN401 (inputs that are made above)
    ) -> AsyncGenerator[Any, None]:
        values: dict[str, Any] = {
            name: given.get(name) if type_name is None else _decoded(type_name, given.get(name))
            for name, (type_name, _) in arguments.items()
        }
        return await _follow(info, await _wanted(info, stream, values), after, first)

    named = [
        *[inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
          for name, (_, annotation) in arguments.items()],
        inspect.Parameter("after", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=After),
        inspect.Parameter("first", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=First),
    ]  # fmt: skip
    positional = list(inspect.signature(resolve).parameters.values())[:2]
    interface: Any = INTERFACES[stream.name]
    told = AsyncGenerator[interface | None, None]
    resolve.__signature__ = inspect.Signature([*positional, *named], return_annotation=told)  # type: ignore[attr-defined]
    resolve.__annotations__["return"] = told
    return strawberry.subscription(
        resolver=resolve, description=stream.description, directives=[scopes(stream.scope), SemanticNonNull()]
    )


async def _wanted(info: Info, stream: Stream, values: dict[str, Any]) -> Wanted:
    """What the arguments of a stream ask for."""
    values["document_ids"] = values.pop(stream.own_ids)
    if stream.name == "Stock" and (warehouse_ids := values.pop("warehouse_ids")) is not None:
        # What lies where is promised by pools: stock of a warehouse is that of its pool.
        pools = await pools_of(info.context.database, info.context.principal, warehouse_ids)
        values["pool_ids"] = pools if values["pool_ids"] is None else pools & values["pool_ids"]
    if stream.name == "Allocation":
        values["allocating"] = stream.types
        if (bound := info.context.principal.warehouse_ids) is not None:
            asked = values["warehouse_ids"]
            values["warehouse_ids"] = bound if asked is None else bound & asked
    return Wanted(stream.document, **values)


def _with_streams(subscription: type[T]) -> type[T]:
    """Add one field for each stream of the table."""
    for stream in STREAMS:
        setattr(subscription, f"{stream.field_name}_events", _subscription(stream))
    return subscription


@strawberry.type
@_with_streams
class EventSubscription:
    """One stream per kind of document, and one of what a customer's timeline shows."""

    @strawberry.subscription(
        description="What is new on the timeline of a customer, records included that were merged into it.",
        directives=[scopes("customers.timeline:read"), SemanticNonNull()],
    )
    async def customer_timeline(
        self,
        info: Info,
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="The customer.")],
        after: After = None,
        first: First = None,
    ) -> AsyncGenerator[CustomerTimelineEvent | None, None]:
        """Each event once, however many documents it names."""
        return await _follow(info, Wanted(customer_id=decode_id("Customer", customer_id)), after, first)


def _decoded(type_name: str, ids: Ids) -> frozenset[UUID] | None:
    if ids is None:
        return None
    if len(ids) > MOST_IDS:
        raise RequestError(Code.BAD_USER_INPUT, f"A subscription takes at most {MOST_IDS} ids of one kind.")
    return frozenset(decode_id(type_name, id_) for id_ in ids)


async def _follow(info: Info, wanted: Wanted, after: str | None, first: int | None) -> AsyncGenerator[Any, None]:
    """The stream, standing at its first position, so that nothing is missed from the moment that this returns."""
    if first is not None and not 1 <= first <= MOST_EVENTS:
        raise RequestError(Code.BAD_USER_INPUT, f"A subscription ends after 1 to {MOST_EVENTS} events, or not at all.")
    database = info.context.database
    after = info.context.resume_after or after
    position = await position_of(database, after) if after is not None else Position(await last_place(database))
    return _fresh(info, hub_of(database).follow(database, info.context.principal, wanted, position), first)


async def _fresh(
    info: Info, events: AsyncGenerator[LoggedEvent, None], first: int | None
) -> AsyncGenerator[LoggedEvent, None]:
    """Each event with loaders that remember nothing, because objects are shown as they are at its delivery."""
    left = first
    try:
        async for event in events:
            info.context.loaders.clear()
            info.context.cursor = encode_cursor(event.position)
            yield event
            if left is not None and (left := left - 1) == 0:
                return
    finally:
        await events.aclose()
