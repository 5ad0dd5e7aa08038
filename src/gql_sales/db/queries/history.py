"""What the log tells of one order: pages of its history, and the way back to how it was (N-6, N-11)."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, String, case, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.dialects.postgresql import UUID as PGUUID

from gql_sales.db.differences import Data, Gap, undo
from gql_sales.db.engine import Database
from gql_sales.db.models.events import Event
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.pages import Statement
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal


def events_of(order_id: ColumnElement[Any]) -> Statement:
    """Every event that names the order, with the order's version after it and what its data tells of the order.

    OFFSET 0 is a fence: without it the planner may look for the newest rows of the whole log until a page is full,
    instead of reading the few that the index of named documents finds.
    """
    ids: ColumnElement[Any] = array([order_id], type_=ARRAY(PGUUID(as_uuid=True)))
    version = Event.document_versions[func.array_position(Event.document_ids, order_id)]
    also = Event.data["also"][cast(order_id, String)]
    return (
        select(
            Event.id,
            Event.actor,
            Event.occurred_at,
            Event.type,
            Event.document_type,
            Event.document_id,
            cast(version, BigInteger).label("order_version"),
            case((Event.document_id == order_id, Event.data), else_=also).label("data"),
        )
        .where(Event.document_ids.contains(ids))
        .offset(literal_column("0"))
    )


def history(principal: Principal, owner: ColumnElement[Any]) -> Statement:
    """The events of an order that is known to be visible; whoever may see it is told what happened to it."""
    named = events_of(owner).correlate(owner.table).subquery("named")
    currency = select(Order.currency_code).where(Order.id == owner).correlate(owner.table).scalar_subquery()
    return select(*named.c, owner.label("order_id"), currency.label("currency_code"))


class Past(NamedTuple):
    """An order as it was: the values of its row, and those of its items by position."""

    order: Data
    items: list[Data]


async def order_as_of(database: Database, principal: Principal, order_id: UUID, at: datetime) -> Past | None:
    """The order after the last event at or before the instant; None when it did not exist or is not visible.

    Gap when a change since then was not recorded. Two statements: the present rows of the order and its items, which
    agree with each other, and the events; those that came between the two statements are left alone.
    """
    rows = await database.read(_present(principal, order_id))
    if not rows:
        return None
    orders, items = Order.__table__.c, OrderItem.__table__.c
    order: Data = {column.key: rows[0]._mapping[column] for column in orders}
    kept: dict[UUID, Data] = {
        row._mapping[items.id]: {column.key: row._mapping[column] for column in items}
        for row in rows
        if row._mapping[items.id] is not None
    }
    told = [row for row in await database.read(_since(order_id, at)) if row.order_version <= order["version"]]
    if not told:
        return None
    *later, base = told
    if base.order_version + len(later) != order["version"]:
        raise Gap
    for row in later:
        undo(order, kept, row.data or {})
    order["version"], order["updated_at"] = base.order_version, base.occurred_at
    return Past(order, sorted(kept.values(), key=lambda item: item["position"]))


def _present(principal: Principal, order_id: UUID) -> Select[Any]:
    return (
        select(*Order.__table__.c, *OrderItem.__table__.c)
        .select_from(Order)
        .outerjoin(OrderItem, OrderItem.order_id == Order.id)
        .where(Order.id == order_id, visible(Order, principal))
    )


def _since(order_id: UUID, at: datetime) -> Select[Any]:
    """The event after which the order was as it was then, and every later one, latest version first.

    Versions decide, not instants: of two processes the one that began later may have had the order first.
    """
    owner = literal(order_id, PGUUID(as_uuid=True))
    told = events_of(owner).cte("told")
    base = select(func.max(told.c.order_version)).where(told.c.occurred_at <= at).scalar_subquery()
    return (
        select(told.c.order_version, told.c.occurred_at, told.c.data)
        .where(told.c.order_version >= base)
        .order_by(told.c.order_version.desc())
    )
