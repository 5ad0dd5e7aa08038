"""Loading what belongs to orders besides their items, which few verbs look at."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from gql_sales.db.models.orders import IN_PROCESS, HoldScope, Order, OrderHold, OrderState
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given, ids
from gql_sales.db.visibility import visible

_HOLDS = Prepared(lambda _: select(OrderHold).where(OrderHold.order_id == ids()).order_by(OrderHold.id))

_SAME_PO = Prepared(
    lambda caller: (
        select(Order)
        .where(
            Order.customer_id == given("customer_id"),
            Order.customer_po == given("customer_po"),
            Order.id != given("id"),
            Order.state.not_in([OrderState.CANCELLED, OrderState.DELETED]),
            visible(Order, caller),
        )
        .order_by(Order.id.desc())
        .limit(1)
    )
)


async def load_holds(unit: Unit, order_ids: Iterable[UUID]) -> None:
    """Put the holds of the orders into ``unit.holds``, released ones too; the orders' locks cover them."""
    missing = sorted(set(order_ids) - unit.holds.keys())
    if not missing:
        return
    for order_id in missing:
        unit.holds[order_id] = []
    for hold in await _HOLDS(unit, ids=missing):
        unit.holds[hold.order_id].append(hold)


async def order_with_po(unit: Unit, order: Order) -> str | None:
    """Number or id of another living order with the same customer and purchase order number that the caller may see."""
    rows = await _SAME_PO(unit, id=order.id, customer_id=order.customer_id, customer_po=order.customer_po)
    return (rows[0].number or str(rows[0].id)) if rows else None


async def database_now(unit: Unit) -> datetime:
    """The instant by the database's clock, by which things expire (reliability.md S5)."""
    found: datetime = (await unit.session.execute(select(func.clock_timestamp()))).scalar_one()
    return found


@dataclass(frozen=True)
class Due:
    """An order of which something is due since an instant, with the version that says so."""

    company_id: UUID
    id: UUID
    version: int
    since: datetime


FindDue = Callable[[AsyncSession, int, Due | None], Awaitable[list[Due]]]
"""Gives at most so many of the orders of which something is due, those behind the given one."""


async def expired_orders(session: AsyncSession, most: int, after: Due | None) -> list[Due]:
    """Orders that were not paid in time, the longest expired first; with ``after`` those that come behind it."""
    return await _due(session, Order.expires_at, most, after, Order.state.in_(IN_PROCESS))


async def unacknowledged_orders(
    session: AsyncSession, most: int, after: Due | None, waiting: Iterable[HoldScope]
) -> list[Due]:
    """Orders that are to be acknowledged by now and have no open hold of these scopes, the longest due first."""
    is_free = ~Order.held_scopes.overlap(sorted(waiting))
    return await _due(session, Order.acknowledgement_due_at, most, after, Order.state == OrderState.PLACED, is_free)


async def _due(
    session: AsyncSession,
    instant: InstrumentedAttribute[datetime | None],
    most: int,
    after: Due | None,
    *conditions: ColumnElement[bool],
) -> list[Due]:
    """Orders whose instant has passed by the database's clock."""
    statement = (
        select(Order.company_id, Order.id, Order.version, instant.label("since"))
        .where(instant <= func.now(), *conditions)
        .order_by(instant, Order.id)
        .limit(most)
    )
    if after:
        statement = statement.where(tuple_(instant, Order.id) > (after.since, after.id))
    return [Due(row.company_id, row.id, row.version, row.since) for row in await session.execute(statement)]
