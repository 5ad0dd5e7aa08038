"""Lists of orders, shipments and their like, as far as the caller may see them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from gql_sales.db.engine import Database
from gql_sales.db.models.axes import BillingStatus
from gql_sales.db.models.channels import Channel
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.pages import Statement
from gql_sales.db.queries.reading import SOURCES
from gql_sales.db.visibility import of_customer, visible
from gql_sales.kernel.principals import Principal


def orders_statement(
    principal: Principal,
    *,
    channel_id: UUID | None = None,
    customer_id: UUID | None = None,
    states: Sequence[OrderState] | None = None,
    billing: Sequence[BillingStatus] | None = None,
    external_refs: Sequence[str] | None = None,
) -> Statement:
    """Visible orders that meet the conditions."""
    statement = SOURCES["Order"].select(principal)
    if channel_id is not None:
        statement = statement.where(Order.channel_id == channel_id)
    if customer_id is not None:
        statement = statement.where(of_customer(Order.customer_id, customer_id))
    if states is not None:
        statement = statement.where(Order.state.in_(states))
    if billing is not None:
        statement = statement.where(Order.billing_status.in_(billing))
    if external_refs is not None:
        statement = statement.where(_referred(principal, external_refs))
    return statement


def _referred(principal: Principal, external_refs: Sequence[str]) -> ColumnElement[bool]:
    """The references are unique in their channel, so they are looked up channel by channel."""
    channels = select(Channel.id).where(Channel.company_id == principal.company_id)
    return and_(Order.channel_id.in_(channels), Order.external_ref.in_(external_refs))


def shipments_statement(principal: Principal, *, order_id: UUID | None = None) -> Statement:
    """Visible shipments, of one order when it is given."""
    statement = SOURCES["Shipment"].select(principal)
    return statement.where(Shipment.order_id == order_id) if order_id is not None else statement


async def order_id_by(
    database: Database, principal: Principal, *, number: str | None, external_ref: str | None
) -> UUID | None:
    """Id of the visible order with the number or the external reference; the newest one where channels share it."""
    key = Order.number == number if number is not None else _referred(principal, [external_ref or ""])
    statement = select(Order.id).where(key, visible(Order, principal)).order_by(Order.id.desc()).limit(1)
    rows = await database.read(statement)
    return rows[0].id if rows else None
