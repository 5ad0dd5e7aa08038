"""Loading the documents of a unit: locked, in the one lock order, with their children (architecture.md 5)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Package, Shipment
from gql_sales.db.session import Unit
from gql_sales.db.visibility import visible

Plan = Mapping[type[Document], set[UUID]]

LOCK_ORDER: tuple[type[Document], ...] = (Customer, Order, Shipment, Invoice, CashSale, Payment, CreditMemo, Refund)
_CHILDREN: dict[type[Document], list[Any]] = {
    Order: [Order.items],
    Shipment: [Shipment.items, Shipment.packages],
    Invoice: [Invoice.items, Invoice.tax_lines],
    CashSale: [CashSale.items, CashSale.tax_lines],
    Payment: [Payment.tenders],
    CreditMemo: [CreditMemo.items],
    Refund: [Refund.tenders],
}
_GRANDCHILDREN: dict[type[Document], list[tuple[Any, Any]]] = {Shipment: [(Shipment.packages, Package.items)]}
_PARENT_ORDER: dict[type[Document], Any] = {
    Shipment: Shipment.order_id,
    Invoice: Invoice.order_id,
    CashSale: CashSale.order_id,
    Payment: Payment.order_id,
}


async def load_documents(unit: Unit, plan: Plan) -> None:
    """Put the planned documents, and the orders they belong to, into ``unit.loaded``; invisible ones stay out.

    Orders are found by an unlocked look first, then everything is locked in order and read again.
    """
    wanted = {cls: set(ids) for cls, ids in plan.items()}
    for cls, column in _PARENT_ORDER.items():
        if wanted.get(cls):
            found = await unit.session.scalars(select(column).where(cls.id.in_(wanted[cls]), column.is_not(None)))
            wanted.setdefault(Order, set()).update(found)
    for cls in sorted(wanted, key=_rank):
        missing = wanted[cls] - unit.loaded.keys()
        if missing:
            await _load(unit, cls, missing)


def _rank(cls: type[Document]) -> int:
    """Master data come first: they are locked alone, or before every document."""
    return LOCK_ORDER.index(cls) if cls in LOCK_ORDER else -1


async def _load(unit: Unit, cls: type[Document], ids: set[UUID]) -> None:
    statement = (
        select(cls)
        .where(cls.id.in_(sorted(ids)), visible(cls, unit.principal))
        .order_by(cls.id)
        .options(
            *[selectinload(children) for children in _CHILDREN.get(cls, [])],
            *[selectinload(above).selectinload(below) for above, below in _GRANDCHILDREN.get(cls, [])],
        )
        .execution_options(populate_existing=True)
    )
    if unit.is_locking:
        statement = statement.with_for_update(key_share=True, of=cls)
    for document in await unit.session.scalars(statement):
        unit.loaded[document.id] = document
