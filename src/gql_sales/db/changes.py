"""What a unit is about to write, read off SQLAlchemy's attribute history: the one source of effects and versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect

from gql_sales.db.models.base import Base, Document
from gql_sales.db.models.billing import CashSale, CashSaleItem, CashSaleTaxLine, Invoice, InvoiceItem, TaxLine
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
        state = inspect(row)
        is_new = row in unit.session.new
        for column in state.mapper.column_attrs:
            history = state.attrs[column.key].history
            if not history.added:
                continue
            before = history.deleted[0] if history.deleted else None
            if is_new or before != history.added[0]:
                yield Change(row, column.key, before, history.added[0], is_new)


def touched(unit: Unit) -> list[Document]:
    """Every document of which the unit writes, changes or deletes its own row or one of its children's."""
    found: dict[Any, Document] = {}
    for row in [*_rows(unit), *unit.session.deleted]:
        document = root_of(unit, row)
        if document is not None and (row in unit.session.deleted or is_changed(unit, row)):
            found[document.id] = document
    return list(found.values())


def is_changed(unit: Unit, row: Base) -> bool:
    """Whether the row is new or any column of it has another value than in the database."""
    return row in unit.session.new or unit.session.is_modified(row, include_collections=True)


def root_of(unit: Unit, row: Base) -> Document | None:
    """The document that the row is or belongs to, when the unit has it."""
    if isinstance(row, Document):
        return row
    if type(row) not in _ROOT:
        return None
    cls, column = _ROOT[type(row)]
    wanted = getattr(row, column)
    for candidate in (unit.loaded.get(wanted), *unit.session.new):
        if isinstance(candidate, cls) and candidate.id == wanted:
            return candidate
    return None


def _rows(unit: Unit) -> list[Base]:
    return [row for row in [*unit.session.new, *unit.session.dirty] if isinstance(row, Base)]
