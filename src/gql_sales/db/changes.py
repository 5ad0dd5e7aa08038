"""What a unit is about to write, read off SQLAlchemy's attribute history: the one source of effects and versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import LoaderCallableStatus
from sqlalchemy.orm.attributes import instance_dict, instance_state

from gql_sales.db.models.base import Base, Document
from gql_sales.db.models.billing import CashSale, CashSaleItem, CashSaleTaxLine, Invoice, InvoiceItem, TaxLine
from gql_sales.db.models.cancellations import CancellationNote
from gql_sales.db.models.credit_memos import (
    CreditMemo,
    CreditMemoItem,
    CreditMemoTaxLine,
    MemoApplication,
    Refund,
    RefundTender,
)
from gql_sales.db.models.customers import Address, Customer, TimelineEntry
from gql_sales.db.models.orders import Allocation, Order, OrderHold, OrderItem
from gql_sales.db.models.payments import Payment, PaymentAllocation, Tender
from gql_sales.db.models.products import Product, ProductPrice
from gql_sales.db.models.shipments import Package, Shipment, ShipmentItem
from gql_sales.db.session import Unit

_ROOT: dict[type[Base], tuple[type[Document], str]] = {
    OrderItem: (Order, "order_id"),
    OrderHold: (Order, "order_id"),
    CancellationNote: (Order, "order_id"),
    Allocation: (Order, "order_id"),
    ShipmentItem: (Shipment, "shipment_id"),
    Package: (Shipment, "shipment_id"),
    InvoiceItem: (Invoice, "invoice_id"),
    TaxLine: (Invoice, "invoice_id"),
    CashSaleItem: (CashSale, "cash_sale_id"),
    CashSaleTaxLine: (CashSale, "cash_sale_id"),
    Tender: (Payment, "payment_id"),
    PaymentAllocation: (Payment, "payment_id"),
    CreditMemoItem: (CreditMemo, "credit_memo_id"),
    CreditMemoTaxLine: (CreditMemo, "credit_memo_id"),
    MemoApplication: (CreditMemo, "credit_memo_id"),
    RefundTender: (Refund, "refund_id"),
    ProductPrice: (Product, "product_id"),
    Address: (Customer, "customer_id"),
    TimelineEntry: (Customer, "customer_id"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row: ``before`` is None for a new row."""

    row: Any
    column: str
    before: Any
    after: Any
    is_new: bool


def changes(unit: Unit) -> Iterator[Change]:
    """Every column that the unit has set to another value, new rows included, in the order the rows joined the unit."""
    for row in _rows(unit):
        values, is_new = instance_dict(row), is_made(row)
        for column, before in changed_columns(row):
            yield Change(row, column, before, values[column], is_new)


def touched(unit: Unit) -> list[Document]:
    """Every document of which the unit writes, changes or deletes its own row or one of its children's."""
    found: dict[Any, Document] = {}
    rows = [row for row in _rows(unit) if is_changed(row)]
    made = {row.id: row for row in rows if isinstance(row, Document) and is_made(row)}
    for row in [*rows, *unit.session.deleted]:
        document = _root_of(unit, row, made)
        if document is not None:
            found[document.id] = document
    return list(found.values())


def is_made(row: Base) -> bool:
    """Whether the row is new, and not in the database yet."""
    return instance_state(row).key is None


def is_changed(row: Base) -> bool:
    """Whether the row is new, has lost or got a child, or any column of it has another value than in the database."""
    return is_made(row) or any(True for _ in changed_columns(row)) or bool(_changed_lists(row))


def changed_columns(row: Base) -> Iterator[tuple[str, Any]]:
    """Each column of a row with another value than in the database, and the one there; None when the row is new."""
    state, values = instance_state(row), instance_dict(row)
    if state.key is None:
        for key in column_keys(type(row)):
            if values.get(key) is not None:
                yield key, None
        return
    stored = state.committed_state
    for key in column_keys(type(row)) if stored else ():
        if key in stored and stored[key] != values[key]:
            yield key, None if isinstance(stored[key], LoaderCallableStatus) else stored[key]


def removed_children(unit: Unit) -> list[Any]:
    """Stored rows that were removed from the list of their parent and cannot live without it."""
    found = []
    for row in unit.session.dirty:
        for key, before in _changed_lists(row):
            if inspect(type(row)).relationships[key].cascade.delete_orphan:
                kept = set(map(id, getattr(row, key)))
                found += [child for child in before if id(child) not in kept and not is_made(child)]
    return found


def _changed_lists(row: Base) -> list[tuple[str, list[Any]]]:
    """The lists of children that have changed, as they were."""
    stored, values = instance_state(row).committed_state, instance_dict(row)
    lists = ((key, stored[key]) for key in _lists(type(row)) if key in stored)
    return [(key, before) for key, before in lists if list(map(id, before)) != list(map(id, values[key]))]


@cache
def column_keys(cls: type[Base]) -> tuple[str, ...]:
    """The columns of a class, which are named like their attributes."""
    return tuple(inspect(cls).columns.keys())


@cache
def _lists(cls: type[Base]) -> tuple[str, ...]:
    return tuple(inspect(cls).relationships.keys())


def _root_of(unit: Unit, row: Base, made: dict[UUID, Document]) -> Document | None:
    """The document that the row is or belongs to, when the unit has it."""
    if isinstance(row, Document):
        return row
    if type(row) not in _ROOT:
        return None
    cls, column = _ROOT[type(row)]
    wanted = getattr(row, column)
    found = unit.loaded.get(wanted) or made.get(wanted)
    return found if isinstance(found, cls) else None


def _rows(unit: Unit) -> list[Base]:
    return [row for row in [*unit.session.new, *unit.session.dirty] if isinstance(row, Base)]
