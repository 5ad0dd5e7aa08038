"""Reading the event log in the order of its places, as far as the reader may see the documents that it names."""

import base64
import binascii
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, case, column, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.orm import aliased

from gql_sales.db.engine import Database
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.events import Event, EventOrder
from gql_sales.db.models.orders import Order
from gql_sales.db.models.shipments import Shipment
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError

RETENTION = timedelta(hours=72)
LAST = 2**31 - 1
"""An ordinal behind all others of a place."""
_MARK = b"ev"


_NAMED = (
    func.unnest(Event.document_ids, Event.document_versions)
    .table_valued(column("id", PGUUID), column("version", BigInteger), with_ordinality="ordinal")
    .render_derived(name="named")
)
_OWNER = aliased(Customer)
"""The record that stands for the customer of an order now."""
_TYPE: ColumnElement[str] = case((Shipment.id.is_(None), "Order"), else_="Shipment")
_LOGGED: Select[Any] = (
    select(
        EventOrder.place,
        _NAMED.c.ordinal,
        _TYPE.label("document_type"),
        _NAMED.c.id.label("document_id"),
        _NAMED.c.version.label("document_version"),
        Order.id.label("order_id"),
        Order.company_id,
        Order.channel_id,
        Shipment.warehouse_id,
        _OWNER.subject.label("owner"),
        Event.type,
        Event.actor,
        Event.occurred_at,
        Event.document_id.label("main_id"),
        Event.data,
    )
    .select_from(EventOrder)
    .join(Event, Event.id == EventOrder.event_id)
    .join(_NAMED, true())
    .outerjoin(Shipment, Shipment.id == _NAMED.c.id)
    .join(Order, Order.id == func.coalesce(Shipment.order_id, _NAMED.c.id))
    .outerjoin(Customer, Customer.id == Order.customer_id)
    .outerjoin(_OWNER, _OWNER.id == func.coalesce(Customer.merged_into_id, Customer.id))
    .order_by(EventOrder.place, _NAMED.c.ordinal)
)


class Position(NamedTuple):
    """Where a reader is: ``place`` in the log, and which of the documents named there it has seen."""

    place: int
    ordinal: int = LAST


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event together with one of the orders or shipments that it names; an event of two orders is two of these.

    ``document_type`` and ``document_id`` are those of the named document, ``document_version`` is its version after the
    change. ``state`` and ``axes`` are what changed of it.
    """

    place: int
    ordinal: int
    document_type: str
    document_id: UUID
    document_version: int
    order_id: UUID
    company_id: UUID
    channel_id: UUID
    warehouse_id: UUID | None
    owner: str | None
    """Subject of the customer's login."""
    type: str
    actor: str
    occurred_at: datetime
    state: Mapping[str, str | None] | None
    axes: Sequence[Mapping[str, str]]
    is_tax_recalculated: bool
    """Whether rates of the order's items are other ones than before."""

    @property
    def position(self) -> Position:
        """Where a reader is who has seen it."""
        return Position(self.place, self.ordinal)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for: events that name documents of one type; None means any."""

    document_type: str
    document_ids: frozenset[UUID] | None = None
    order_ids: frozenset[UUID] | None = None
    channel_ids: frozenset[UUID] | None = None
    warehouse_ids: frozenset[UUID] | None = None

    def matches(self, event: LoggedEvent) -> bool:
        """The same as ``condition``, for an event at hand."""
        return (
            event.document_type == self.document_type
            and (self.document_ids is None or event.document_id in self.document_ids)
            and (self.order_ids is None or event.order_id in self.order_ids)
            and (self.channel_ids is None or event.channel_id in self.channel_ids)
            and (self.warehouse_ids is None or event.warehouse_id in self.warehouse_ids)
        )

    def condition(self) -> ColumnElement[bool]:
        """The condition on the statement of ``_logged``."""
        terms: list[ColumnElement[bool]] = [_TYPE.in_([self.document_type])]
        if self.document_ids is not None:
            ids = sorted(self.document_ids)
            terms += [_NAMED.c.id.in_(ids), Event.document_ids.overlap(ids)]
        if self.order_ids is not None:
            terms.append(Order.id.in_(sorted(self.order_ids)))
        if self.channel_ids is not None:
            terms.append(Order.channel_id.in_(sorted(self.channel_ids)))
        if self.warehouse_ids is not None:
            terms.append(Shipment.warehouse_id.in_(sorted(self.warehouse_ids)))
        return and_(*terms)


def may_see(principal: Principal, event: LoggedEvent) -> bool:
    """Whether the principal may know of the document that the event names; the same rule as ``_visible``."""
    if principal.company_id is None or event.company_id != principal.company_id:
        return False
    if principal.is_shopper and event.owner != principal.subject:
        return False
    if principal.channel_ids is not None and event.channel_id not in principal.channel_ids:
        return False
    narrowed = principal.warehouse_ids is not None and event.warehouse_id is not None
    return not narrowed or event.warehouse_id in (principal.warehouse_ids or ())


def _visible(principal: Principal) -> ColumnElement[bool]:
    """db/visibility.py for a named order or the order of a named shipment; the deletion of a draft is still told."""
    if principal.company_id is None:
        return false()
    terms = [Event.company_id == principal.company_id, Order.company_id == principal.company_id]
    if principal.is_shopper:
        terms.append(_OWNER.subject == principal.subject)
    if principal.channel_ids is not None:
        terms.append(Order.channel_id.in_(sorted(principal.channel_ids)))
    if principal.warehouse_ids is not None:
        terms.append(or_(Shipment.id.is_(None), Shipment.warehouse_id.in_(sorted(principal.warehouse_ids))))
    return and_(*terms)


async def last_place(database: Database) -> int:
    """The last place that exists; 0 in an empty log."""
    return int((await database.read(select(func.coalesce(func.max(EventOrder.place), 0))))[0][0])


async def read_events(
    database: Database, principal: Principal, wanted: Wanted, after: Position, limit: int
) -> list[LoggedEvent]:
    """The next events, at most ``limit``, of what is wanted and may be seen."""
    later = or_(EventOrder.place > after.place, _NAMED.c.ordinal > after.ordinal)
    statement = _LOGGED.where(EventOrder.place >= after.place, later, wanted.condition(), _visible(principal))
    return [_logged(row) for row in await database.read(statement.limit(limit))]


async def read_places(database: Database, after: int, upto: int) -> list[LoggedEvent]:
    """Everything from behind one place up to another, whoever may see it: for the one reader that serves many."""
    statement = _LOGGED.where(EventOrder.place > after, EventOrder.place <= upto)
    return [_logged(row) for row in await database.read(statement)]


async def position_of(database: Database, cursor: str) -> Position:
    """The position behind a client's cursor; INVALID_CURSOR for any other text, CURSOR_EXPIRED after 72 hours.

    Judged by the database's clock. Only replay ends then: the rows are kept.
    """
    position = decode_cursor(cursor)
    statement = (
        select((Event.occurred_at < func.now() - RETENTION).label("is_expired"))
        .join(EventOrder, EventOrder.event_id == Event.id)
        .where(EventOrder.place == position.place)
    )
    rows = await database.read(statement)
    if not rows:
        raise RequestError(Code.INVALID_CURSOR, "The cursor is not one of this log.")
    if rows[0].is_expired:
        hours = int(RETENTION.total_seconds() // 3600)
        raise RequestError(Code.CURSOR_EXPIRED, f"The cursor is older than {hours} hours: read the documents anew.")
    return position


def encode_cursor(position: Position) -> str:
    """The opaque text of a position."""
    raw = _MARK + struct.pack(">qi", *position)
    return base64.urlsafe_b64encode(raw + struct.pack(">I", binascii.crc32(raw))).decode().rstrip("=")


def decode_cursor(cursor: str) -> Position:
    """The position of a text made by ``encode_cursor``; INVALID_CURSOR for any other.

    Not signed: a made-up position shows nothing that the caller could not read from another one.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, place, ordinal, check = struct.unpack(">2sqiI", raw)
    except (ValueError, struct.error):
        mark, place, ordinal, check, raw = b"", 0, 0, 0, b""
    if mark != _MARK or place < 1 or ordinal < 1 or check != binascii.crc32(raw[:-4]):
        raise RequestError(Code.INVALID_CURSOR, "That is not a cursor of events.")
    return Position(place, ordinal)


def _logged(row: Row[Any]) -> LoggedEvent:
    """What changed of a document that has the event is in its data; of one that it only names, below ``also``."""
    changes = row.data if row.document_id == row.main_id else row.data.get("also", {}).get(str(row.document_id), {})
    return LoggedEvent(
        row.place,
        row.ordinal,
        row.document_type,
        row.document_id,
        row.document_version,
        row.order_id,
        row.company_id,
        row.channel_id,
        row.warehouse_id,
        row.owner,
        row.type,
        row.actor,
        row.occurred_at,
        changes.get("state"),
        changes.get("axes", ()),
        bool(changes.get("taxRecalculated")),
    )
