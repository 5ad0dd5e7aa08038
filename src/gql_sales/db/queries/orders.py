"""Loading what belongs to orders besides their items, which few verbs look at."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from gql_sales.db.models.orders import OrderHold
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, ids

_HOLDS = Prepared(lambda _: select(OrderHold).where(OrderHold.order_id == ids()).order_by(OrderHold.id))


async def load_holds(unit: Unit, order_ids: Iterable[UUID]) -> None:
    """Put the holds of the orders into ``unit.holds``, released ones too; the orders' locks cover them."""
    missing = sorted(set(order_ids) - unit.holds.keys())
    if not missing:
        return
    for order_id in missing:
        unit.holds[order_id] = []
    for hold in await _HOLDS(unit, ids=missing):
        unit.holds[hold.order_id].append(hold)
