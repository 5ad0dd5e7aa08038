"""Streams of events: what happened since a cursor, then what happens, as far as the caller may see it."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

import strawberry

from gql_sales.db.event_hub import hub_of
from gql_sales.db.event_log import LoggedEvent, Position, Wanted, encode_cursor, last_place, position_of
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.events import OrderEvent, ShipmentEvent

MOST_IDS = 250

Ids = list[strawberry.ID] | None
After = Annotated[
    str | None,
    strawberry.argument(description="Cursor of the last event seen, at most 72 hours old; without it, from now on."),
]


@strawberry.type
class EventSubscription:
    """One stream per kind of document."""

    @strawberry.subscription(
        description="What happens to orders, changes through shipments, invoices and payments included.",
        directives=[scopes("orders:read"), SemanticNonNull()],
    )
    async def order_events(
        self,
        info: Info,
        order_ids: Annotated[Ids, strawberry.argument(description="Only these orders, at most 250.")] = None,
        channel_ids: Annotated[Ids, strawberry.argument(description="Only orders of these channels.")] = None,
        after: After = None,
    ) -> AsyncGenerator[OrderEvent | None, None]:
        """Errors of the arguments come before the first event."""
        wanted = Wanted(
            "Order",
            document_ids=_decoded("Order", order_ids),
            channel_ids=_decoded("Channel", channel_ids),
        )
        return await _follow(info, wanted, after)

    @strawberry.subscription(
        description="What happens to shipments.", directives=[scopes("shipments:read"), SemanticNonNull()]
    )
    async def shipment_events(
        self,
        info: Info,
        shipment_ids: Annotated[Ids, strawberry.argument(description="Only these shipments, at most 250.")] = None,
        order_ids: Annotated[Ids, strawberry.argument(description="Only shipments of these orders.")] = None,
        warehouse_ids: Annotated[Ids, strawberry.argument(description="Only shipments of these warehouses.")] = None,
        after: After = None,
    ) -> AsyncGenerator[ShipmentEvent | None, None]:
        """Errors of the arguments come before the first event."""
        wanted = Wanted(
            "Shipment",
            document_ids=_decoded("Shipment", shipment_ids),
            order_ids=_decoded("Order", order_ids),
            warehouse_ids=_decoded("Warehouse", warehouse_ids),
        )
        return await _follow(info, wanted, after)


def _decoded(type_name: str, ids: Ids) -> frozenset[UUID] | None:
    if ids is None:
        return None
    if len(ids) > MOST_IDS:
        raise RequestError(Code.BAD_USER_INPUT, f"A subscription takes at most {MOST_IDS} ids of one kind.")
    return frozenset(decode_id(type_name, id_) for id_ in ids)


async def _follow(info: Info, wanted: Wanted, after: str | None) -> AsyncGenerator[Any, None]:
    """The stream, standing at its first position, so that nothing is missed from the moment that this returns."""
    database = info.context.database
    after = info.context.resume_after or after
    position = await position_of(database, after) if after is not None else Position(await last_place(database))
    return _fresh(info, hub_of(database).follow(database, info.context.principal, wanted, position))


async def _fresh(info: Info, events: AsyncGenerator[LoggedEvent, None]) -> AsyncGenerator[LoggedEvent, None]:
    """Each event with loaders that remember nothing, because objects are shown as they are at its delivery."""
    try:
        async for event in events:
            info.context.loaders.clear()
            info.context.cursor = encode_cursor(event.position)
            yield event
    finally:
        await events.aclose()
