"""Loading what belongs to orders besides their items, which few verbs look at."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from gql_sales.db.models.orders import OrderHold
from gql_sales.db.session import Unit


async def load_holds(unit: Unit, order_ids: Iterable[UUID]) -> None:
    """Put the holds of the orders into ``unit.holds``, released ones too; the orders' locks cover them."""
    missing = sorted(set(order_ids) - unit.holds.keys())
    if not missing:
        return
    for order_id in missing:
        unit.holds[order_id] = []
    statement = select(OrderHold).where(OrderHold.order_id.in_(missing)).order_by(OrderHold.id)
    for hold in await unit.session.scalars(statement):
        unit.holds[hold.order_id].append(hold)
