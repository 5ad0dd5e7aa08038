"""Which rows exist for a caller, as a condition inside the statement: foreign and absent rows look the same (A2)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, select

from gql_sales.db.models.companies import Company
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.models.products import Product
from gql_sales.db.models.shipments import Shipment
from gql_sales.kernel.principals import Principal, PrincipalKind

SHOPPER_SHARED = {"products", "channels", "product_prices"}


def visible(model: Any, principal: Principal) -> ColumnElement[bool]:  # noqa: ANN401 (a mapped class)
    """The condition on the model's own columns under which the principal may know that a row exists."""
    if model is Company:
        return Company.id == principal.company_id if principal.company_id else _operator(principal)
    if principal.company_id is None:
        return false()
    conditions: list[ColumnElement[bool]] = [model.company_id == principal.company_id]
    if model is Order:
        conditions.append(Order.state != OrderState.DELETED)
    if principal.is_shopper:
        conditions.append(_owned(model, principal))
    if principal.channel_ids is not None and hasattr(model, "channel_id"):
        conditions.append(model.channel_id.in_(principal.channel_ids))
    if principal.warehouse_ids is not None and hasattr(model, "warehouse_id"):
        conditions.append(model.warehouse_id.in_(principal.warehouse_ids))
    return and_(*conditions)


def _operator(principal: Principal) -> ColumnElement[bool]:
    return Company.id.is_not(None) if principal.kind == PrincipalKind.STAFF else false()


def _owned(model: Any, principal: Principal) -> ColumnElement[bool]:  # noqa: ANN401 (a mapped class)
    """A shopper's own rows: those of the one customer record that carries the shopper's subject."""
    own = (
        select(Customer.id)
        .where(Customer.company_id == principal.company_id, Customer.subject == principal.subject)
        .scalar_subquery()
    )
    if model is Customer:
        return Customer.subject == principal.subject
    if model is Product:
        return Product.is_active
    if model is Shipment:
        return Shipment.order_id.in_(select(Order.id).where(Order.customer_id == own))
    if hasattr(model, "customer_id"):
        owned: ColumnElement[bool] = model.customer_id == own
        return owned
    return model.id.is_not(None) if model.__tablename__ in SHOPPER_SHARED else false()
