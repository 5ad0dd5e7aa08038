"""Loading the documents of a unit: locked, in the one lock order, with their children (architecture.md 5)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Package, Shipment
from gql_sales.db.queries.context import load_merged
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, ids
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
            wanted.setdefault(Order, set()).update([row[0] for row in await _orders_of(column)(unit, ids=wanted[cls])])
    for cls in sorted(wanted, key=_rank):
        missing = wanted[cls] - unit.loaded.keys()
        if missing:
            await _load(unit, cls, missing)
    if unit.is_locking:
        await load_merged(unit)


def _rank(cls: type[Document]) -> int:
    """Master data come first: they are locked alone, or before every document."""
    return LOCK_ORDER.index(cls) if cls in LOCK_ORDER else -1


async def _load(unit: Unit, cls: type[Document], wanted: set[UUID]) -> None:
    found = await _documents(cls)(unit, ids=list(wanted))
    for children in _CHILDREN.get(cls, []):
        below = await _load_children(unit, found, children)
        for above, grandchildren in _GRANDCHILDREN.get(cls, []):
            if above is children:
                await _load_children(unit, below, grandchildren)
    unit.loaded |= {document.id: document for document in found}


async def _load_children(unit: Unit, parents: Sequence[Any], children: Any) -> list[Any]:  # noqa: ANN401 (a relationship)
    """Give each parent its list."""
    if not parents:
        return []
    lists: dict[UUID, list[Any]] = {parent.id: [] for parent in parents}
    found = await _children(children)(unit, ids=list(lists))
    column = _parent_column(children)
    for row in found:
        lists[getattr(row, column)].append(row)
    for parent in parents:
        set_committed_value(parent, children.key, lists[parent.id])
    return found


@cache
def _orders_of(column: Any) -> Prepared:  # noqa: ANN401 (a column that names an order)
    return Prepared(lambda _: select(column).where(column.class_.id == ids(), column.is_not(None)))


@cache
def _documents(cls: type[Document]) -> Prepared:
    """Locked in the order of their ids."""
    return Prepared(
        lambda principal: select(cls).where(cls.id == ids(), visible(cls, principal)).order_by(cls.id),
        is_locking=True,
    )


@cache
def _children(children: Any) -> Prepared:  # noqa: ANN401 (a relationship)
    relation = children.property
    cls = relation.mapper.class_
    column = getattr(cls, _parent_column(children))
    return Prepared(lambda _: select(cls).where(column == ids()).order_by(*(relation.order_by or [cls.id])))


@cache
def _parent_column(children: Any) -> str:  # noqa: ANN401 (a relationship)
    """Which column of the children names their parent."""
    ((_, column),) = children.property.local_remote_pairs
    name: str = column.key
    return name
