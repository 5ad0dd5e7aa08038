"""Events of the log as subscriptions deliver them: one interface per stream, one GraphQL type per type of event."""

import asyncio
from datetime import datetime
from typing import Any

import strawberry

from gql_sales.db.event_log import encode_cursor
from gql_sales.db.logged_events import LoggedEvent
from gql_sales.kernel.ids import encode_id
from gql_sales.schema.cash_sales import CashSale
from gql_sales.schema.context import Info
from gql_sales.schema.credit_memos import CreditMemo
from gql_sales.schema.customers import Customer
from gql_sales.schema.directives import scopes
from gql_sales.schema.event_streams import STREAMS, Stream, snake
from gql_sales.schema.invoices import Invoice
from gql_sales.schema.nodes import id_field, text
from gql_sales.schema.orders import Allocation, Order
from gql_sales.schema.payments import Payment
from gql_sales.schema.products import Product
from gql_sales.schema.refunds import Refund
from gql_sales.schema.relations import one
from gql_sales.schema.shipments import Shipment
from gql_sales.schema.stock import StockPool
from gql_sales.schema.timeline import TimelineItem

SHOWN: dict[str, type] = {
    cls.__name__: cls
    for cls in (Order, Shipment, Invoice, CashSale, CreditMemo, Payment, Refund, Customer, Product, StockPool)
}
"""What streams show, by type of document."""
Members = dict[str, tuple[Any, Any]]
"""Fields of a type that is made here: annotation and field by name."""


@strawberry.type(description="Change of a derived status within an event.")
class EventAxisInfo:
    """Made from the data of the event."""

    axis: str = text("Axis, such as BILLING.")
    from_: str = strawberry.field(name="from", description="Value before.")
    to: str = text("Value after.")


def _cursor(root: Any) -> str:  # noqa: ANN401 (a LoggedEvent)
    event: LoggedEvent = root
    return encode_cursor(event.position)


def _axes(root: Any) -> list[EventAxisInfo]:  # noqa: ANN401 (a LoggedEvent)
    return [EventAxisInfo(axis=change["axis"], from_=change["from"], to=change["to"]) for change in root.axes]


def told_actor(root: Any, info: Info) -> str | None:  # noqa: ANN401 (a LoggedEvent)
    """A shopper is not told which member of staff did it."""
    principal = info.context.principal
    return None if principal.is_shopper and root.actor != principal.key else str(root.actor)


def _from_state(root: Any) -> str | None:  # noqa: ANN401 (a LoggedEvent)
    return root.state["from"] if root.state else None


def _to_state(root: Any) -> str | None:  # noqa: ANN401 (a LoggedEvent)
    return root.state["to"] if root.state else None


class Logged:
    """What Strawberry asks of interfaces whose objects are not instances of their types."""

    @classmethod
    def is_type_of(cls, *_: Any) -> bool:  # noqa: ANN401 (what graphql-core passes)
        """Fields of one concrete type always hold events of that type."""
        return True


def _common(stream: Stream) -> Members:
    """What every event of a stream tells."""
    name, noun = snake(stream.document), stream.noun
    version = strawberry.field(
        resolver=lambda root: root.document_version, description=f"Version of the {noun} after the change."
    )
    return {
        "cursor": (
            str,
            strawberry.field(resolver=_cursor, description="Resume position; also the event's unique id."),
        ),
        "type": (str, text("Event type; a new one may come before it has a type of its own here.")),
        "occurred_at": (datetime, text("When it was done.")),
        "actor": (
            str | None,
            strawberry.field(resolver=told_actor, description="Who did it; shoppers see only themselves."),
        ),
        f"{name}_id": (strawberry.ID, id_field(stream.document, "document_id", f"The {noun}.")),
        f"{name}_version": (int, version),
        name: (
            SHOWN[stream.document] | None,
            one(stream.document, "document_id", f"The {noun} as of now; null when it is no longer visible."),
        ),
    }


def _members(stream: Stream) -> Members:
    """Its states, axes, order and allocations, where the documents have them."""
    members = _common(stream)
    if stream.has_state:
        before = f"State before; null when it did not change or the {stream.noun} is new."
        after = "State after; null when it did not change."
        members["from_state"] = (str | None, strawberry.field(resolver=_from_state, description=before))
        members["to_state"] = (str | None, strawberry.field(resolver=_to_state, description=after))
    if stream.axes is not None:
        described = "Derived statuses that changed."
        members["axes"] = (list[EventAxisInfo], strawberry.field(resolver=_axes, description=described))
    if stream.of_order:
        members["order_id"] = (strawberry.ID, id_field("Order", "order_id", "The order it is of."))
    if stream.name == "Allocation":
        members |= _ALLOCATIONS
    return members


async def _allocations(root: Any, info: Info) -> list[Any]:  # noqa: ANN401 (a LoggedEvent, and rows)
    own = _own_allocations(root, info)
    found = await asyncio.gather(*[info.context.loaders.node("Allocation", id_) for id_ in own])
    return [row for row in found if row is not None]


def _own_allocations(root: Any, info: Info) -> list[Any]:  # noqa: ANN401 (a LoggedEvent)
    """Those in the warehouses that the caller is bound to."""
    bound = info.context.principal.warehouse_ids
    return [id_ for id_, warehouse_id in root.allocations if bound is None or warehouse_id in bound]


def _allocation_ids(root: Any, info: Info) -> list[strawberry.ID]:  # noqa: ANN401 (a LoggedEvent)
    return [strawberry.ID(encode_id("Allocation", id_)) for id_ in _own_allocations(root, info)]


_LAST = "of several events of one change the last one tells"
_ALLOCATIONS: Members = {
    "allocation_ids": (
        list[strawberry.ID],
        strawberry.field(resolver=_allocation_ids, description=f"Allocations that were made or changed; {_LAST}."),
    ),
    "allocations": (
        list[Allocation],
        strawberry.field(resolver=_allocations, description="Those of them that still exist, as of now."),
    ),
}
OWN_FIELDS: dict[str, Members] = {
    "OrderChangedEvent": {
        "is_tax_recalculated": (bool, text("True when a change of date, customer or address gave items other rates."))
    }
}
"""What events of a type tell besides what all of their stream do."""


def _class(name: str, base: type, members: Members, doc: str, **further: Any) -> type:  # noqa: ANN401 (class members)
    body = {field: value for field, (_, value) in members.items()}
    body["__annotations__"] = {field: type_ for field, (type_, _) in members.items()}
    return type(name, (base,), {"__doc__": doc, "__module__": __name__, **body, **further})


def _interface(stream: Stream) -> type:
    def resolve_type(_: type, value: LoggedEvent, *__: Any) -> str:  # noqa: ANN401 (what graphql-core passes)
        return stream.type_name(value.type)

    article = "an" if stream.noun[0] in "aeiou" else "a"
    described = f"Something that happened to {article} {stream.noun}."
    made = _class(stream.interface, Logged, _members(stream), described, resolve_type=classmethod(resolve_type))
    return strawberry.interface(made, description=described, directives=[scopes(stream.scope)])


INTERFACES: dict[str, type] = {stream.name: _interface(stream) for stream in STREAMS}


def _concrete(stream: Stream, event_type: str, sentence: str) -> type:
    name = stream.type_name(event_type)
    made = _class(name, INTERFACES[stream.name], OWN_FIELDS.get(name, {}), sentence)
    return strawberry.type(made, description=sentence, directives=[scopes(stream.scope)])


EVENT_TYPES: list[type] = [
    _concrete(stream, event_type, sentence) for stream in STREAMS for event_type, sentence in stream.types.items()
]
"""Reached only through their interfaces, so the schema has to be told of them."""


async def _item(root: Any, info: Info) -> Any:  # noqa: ANN401 (a LoggedEvent, and a row)
    if root.entry_id is not None:
        return await info.context.loaders.node("TimelineEntry", root.entry_id)
    return await info.context.loaders.node("TimelineEvent", root.event_id)


@strawberry.type(
    description="Something new on the timeline of a customer.", directives=[scopes("customers.timeline:read")]
)
class CustomerTimelineEvent(Logged):
    """Objects are LoggedEvents of the documents that have the events."""

    cursor: str = strawberry.field(resolver=_cursor, description="Resume position; also the event's unique id.")
    customer_id: strawberry.ID = id_field("Customer", "customer_id", "The customer record that it names.")
    item: TimelineItem | None = strawberry.field(
        resolver=_item, description="What Customer.timeline shows; null when it is no longer visible."
    )
