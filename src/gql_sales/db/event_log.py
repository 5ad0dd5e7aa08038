"""Reading the event log in the order of its places, as far as the reader may see the documents that it names."""

import base64
import binascii
import struct
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, cast, func, or_, select, true

from gql_sales.db.engine import Database
from gql_sales.db.event_reach import CHANGES, NAMED, NAMED_ROW, OWNER, SUBJECT
from gql_sales.db.logged_events import LoggedEvent, Position, Wanted, condition, visible
from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.events import Event, EventOrder
from gql_sales.db.visibility import visible as is_known
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError

RETENTION = timedelta(hours=72)
_MARK = b"ev"
_ENTRY: ColumnElement[Any] = cast(Event.data["entry"].astext, Uuid)
_ROW = NAMED_ROW.c
_LOGGED: Select[Any] = (
    select(
        EventOrder.place,
        NAMED.c.ordinal,
        NAMED.c.type.label("document_type"),
        NAMED.c.id.label("document_id"),
        NAMED.c.version.label("document_version"),
        Event.company_id,
        *[_ROW[name] for name in ("channel_ids", "maker", "warehouse_id", "is_public")],
        *[_ROW[name] for name in ("order_id", "product_id", "pool_id")],
        OWNER.subject.label("owner"),
        Event.id.label("event_id"),
        Event.type,
        Event.actor,
        Event.occurred_at,
        (NAMED.c.id == Event.document_id).label("is_main"),
        Event.customer_id,
        func.coalesce(SUBJECT.merged_into_id, SUBJECT.id).label("subject_id"),
        _ENTRY.label("entry_id"),
        CHANGES.label("changes"),
    )
    .select_from(EventOrder)
    .join(Event, Event.id == EventOrder.event_id)
    .join(NAMED, true())
    .join(NAMED_ROW, true())
    .outerjoin(Customer, Customer.id == _ROW.customer_id)
    .outerjoin(OWNER, OWNER.id == func.coalesce(Customer.merged_into_id, Customer.id))
    .outerjoin(SUBJECT, SUBJECT.id == Event.customer_id)
    .order_by(EventOrder.place, NAMED.c.ordinal)
)


async def last_place(database: Database) -> int:
    """The last place that exists; 0 in an empty log."""
    return int((await database.read(select(func.coalesce(func.max(EventOrder.place), 0))))[0][0])


async def read_events(
    database: Database, principal: Principal, wanted: Wanted, after: Position, limit: int
) -> list[LoggedEvent]:
    """The next events, at most ``limit``, of what is wanted and may be seen."""
    statement = events_behind(principal, wanted, after).limit(limit)
    return [_logged(row) for row in await database.read(statement)]


def events_behind(principal: Principal, wanted: Wanted, after: Position) -> Select[Any]:
    """The statement of a replay."""
    later = or_(EventOrder.place > after.place, NAMED.c.ordinal > after.ordinal)
    return _LOGGED.where(EventOrder.place >= after.place, later, condition(wanted), visible(principal))


async def read_places(database: Database, after: int, upto: int) -> list[LoggedEvent]:
    """Everything from behind one place up to another, whoever may see it: for the one reader that serves many."""
    statement = _LOGGED.where(EventOrder.place > after, EventOrder.place <= upto)
    return [_logged(row) for row in await database.read(statement)]


async def pools_of(database: Database, principal: Principal, warehouse_ids: Collection[UUID]) -> frozenset[UUID]:
    """The pools whose goods lie in those of the warehouses that the principal may know of."""
    known = select(Warehouse.pool_id).where(Warehouse.id.in_(warehouse_ids), is_known(Warehouse, principal)).distinct()
    return frozenset(row.pool_id for row in await database.read(known))


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
    changes: Mapping[str, Any] = row.changes or {}
    allocations = [(UUID(one["id"]), UUID(one["warehouseId"])) for one in changes.get("allocations", ())]
    is_tax_recalculated = bool(changes.get("taxRecalculated"))
    told: list[Any] = [*row[:-1], changes.get("state"), changes.get("axes", ()), allocations, is_tax_recalculated]
    return LoggedEvent(*told)
