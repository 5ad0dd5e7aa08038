"""Loading what belongs to orders besides their items, which few verbs look at."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderHold, OrderState
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


async def expired_orders(session: AsyncSession, most: int) -> list[tuple[UUID, UUID]]:
    """Company and id of orders that were not paid in time, the longest expired first."""
    statement = (
        select(Order.company_id, Order.id)
        .where(Order.expires_at <= func.now(), Order.state.in_(IN_PROCESS))
        .order_by(Order.expires_at)
        .limit(most)
    )
    return [(row.company_id, row.id) for row in await session.execute(statement)]
