"""Finding an order by what people call it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from gql_sales.db.engine import Database
from gql_sales.db.models.channels import Channel
from gql_sales.db.models.orders import Order
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal


def _referred(principal: Principal, external_refs: Sequence[str]) -> ColumnElement[bool]:
    """The references are unique in their channel, so they are looked up channel by channel."""
    channels = select(Channel.id).where(Channel.company_id == principal.company_id)
    return and_(Order.channel_id.in_(channels), Order.external_ref.in_(external_refs))


async def order_id_by(
    database: Database, principal: Principal, *, number: str | None, external_ref: str | None
) -> UUID | None:
    """Id of the visible order with the number or the external reference; the newest one where channels share it."""
    key = Order.number == number if number is not None else _referred(principal, [external_ref or ""])
    statement = select(Order.id).where(key, visible(Order, principal)).order_by(Order.id.desc()).limit(1)
    rows = await database.read(statement)
    return rows[0].id if rows else None
