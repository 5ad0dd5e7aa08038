"""Finding an order by what people call it."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from gql_sales.db.engine import Database
from gql_sales.db.models.channels import Channel
from gql_sales.db.models.orders import Order
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal


def channel_by_channel(principal: Principal) -> ColumnElement[bool]:
    """Orders of the company's channels: references are unique in their channel, so they are looked up there."""
    return Order.channel_id.in_(select(Channel.id).where(Channel.company_id == principal.company_id))


async def order_id_by(
    database: Database, principal: Principal, *, number: str | None, external_ref: str | None
) -> UUID | None:
    """Id of the visible order with the number or the external reference; the newest one where channels share it."""
    keys = [Order.number == number]
    if number is None:
        keys = [channel_by_channel(principal), Order.external_ref == (external_ref or "")]
    statement = select(Order.id).where(*keys, visible(Order, principal)).order_by(Order.id.desc()).limit(1)
    rows = await database.read(statement)
    return rows[0].id if rows else None
