"""Pictures of orders while a random day goes on: each is balanced, and the log leads back to each (N-8, N-11)."""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from gql_sales.db.differences import UNKEPT
from gql_sales.db.engine import Database
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.queries.history import order_as_of
from gql_sales.domain.orders.reconciliation import weigh_item, weigh_order
from gql_sales.kernel.principals import Principal

Row = dict[str, Any]
COMPARED = 12
"""Pictures of a day that are compared; all of them would take longer than the day."""


def shown(row: Row) -> Row:
    """What a snapshot has to tell of a row."""
    return {key: value for key, value in row.items() if key not in UNKEPT - {"version", "updated_at"}}


@dataclass
class Album:
    """By order and version, the order and its items."""

    database: Database
    principal: Principal
    pictures: dict[tuple[UUID, int], tuple[Row, list[Row]]] = field(default_factory=dict)

    async def take(self) -> None:
        """A picture of every order as it is now; figures that do not agree are an error at once."""
        of_company = Order.company_id == self.principal.company_id
        orders = await self.database.read(select(*Order.__table__.c).where(of_company))
        items = await self.database.read(
            select(*OrderItem.__table__.c).join(Order).where(of_company).order_by(OrderItem.position)
        )
        assert [one for row in orders for one in weigh_order(row) if not one.is_balanced] == []
        assert [one for row in items for one in weigh_item(row) if not one.is_balanced] == []
        for row in orders:
            own = [shown(dict(item._mapping)) for item in items if item.order_id == row.id]
            self.pictures.setdefault((row.id, row.version), (shown(dict(row._mapping)), own))

    async def compare(self, dice: Random) -> None:
        """Some pictures with what is told of their instants now."""
        sample = dice.sample(sorted(self.pictures), min(COMPARED, len(self.pictures)))
        for id_, version in sample:
            order, items = self.pictures[id_, version]
            past = await order_as_of(self.database, self.principal, id_, order["updated_at"])
            assert past is not None, f"{id_} has no version {version}"
            assert (shown(past.order), [shown(item) for item in past.items]) == (order, items)
