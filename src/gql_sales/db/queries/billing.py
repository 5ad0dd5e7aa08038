"""Lists of invoices, cash sales and payments, and what verbs look up about them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.reading import SOURCES
from gql_sales.db.session import Unit
from gql_sales.kernel.principals import Principal


def invoice_list(
    principal: Principal,
    *,
    order_id: UUID | None = None,
    customer_id: UUID | None = None,
    is_open: bool | None = None,
) -> Select[Any]:
    """Visible invoices that meet the conditions."""
    statement = SOURCES["Invoice"].select(principal)
    if order_id is not None:
        statement = statement.where(Invoice.order_id == order_id)
    if customer_id is not None:
        statement = statement.where(Invoice.customer_id == customer_id)
    if is_open is not None:
        statement = statement.where(Invoice.open_amount > 0 if is_open else Invoice.open_amount == 0)
    return statement


def cash_sale_list(
    principal: Principal,
    *,
    order_id: UUID | None = None,
    customer_id: UUID | None = None,
    is_open: bool | None = None,
    is_invoiced: bool | None = None,
) -> Select[Any]:
    """Visible cash sales that meet the conditions."""
    statement = SOURCES["CashSale"].select(principal)
    if order_id is not None:
        statement = statement.where(CashSale.order_id == order_id)
    if customer_id is not None:
        statement = statement.where(CashSale.customer_id == customer_id)
    if is_open is not None:
        statement = statement.where(CashSale.open_amount > 0 if is_open else CashSale.open_amount == 0)
    if is_invoiced is not None:
        statement = statement.where(
            CashSale.invoiced_at.is_not(None) if is_invoiced else CashSale.invoiced_at.is_(None)
        )
    return statement


def payment_list(
    principal: Principal,
    *,
    order_id: UUID | None = None,
    customer_id: UUID | None = None,
    has_unallocated: bool | None = None,
) -> Select[Any]:
    """Visible payments that meet the conditions."""
    statement = SOURCES["Payment"].select(principal)
    if order_id is not None:
        statement = statement.where(Payment.order_id == order_id)
    if customer_id is not None:
        statement = statement.where(Payment.customer_id == customer_id)
    if has_unallocated is not None:
        statement = statement.where(
            Payment.unallocated_amount > 0 if has_unallocated else Payment.unallocated_amount == 0
        )
    return statement


async def tagged_payments(unit: Unit, order_id: UUID) -> set[UUID]:
    """The payments with money left that are reserved for the order; the order's lock covers them."""
    statement = select(Payment.id).where(Payment.order_id == order_id, Payment.unallocated_amount > 0)
    return set(await unit.session.scalars(statement))
