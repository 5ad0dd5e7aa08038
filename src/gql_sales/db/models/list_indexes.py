"""Indexes that lists are read by: one for each filter and each sort that has none from a key already (api.md 4).

Each begins with what every caller is bound to, the company or what belongs to one, and ends with the id, so that a page
in the default order is read from the index as it lies.
"""

from typing import Any

from sqlalchemy import ColumnElement, Index, Table, func, literal_column, text

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.events import Event
from gql_sales.db.models.ledger import JournalEntry
from gql_sales.db.models.orders import Allocation, Order, OrderItem
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.products import Product
from gql_sales.db.models.queues import WAITING
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.models.stock import StockLevel, StockMovement

NEVER = "'9999-12-31 00:00:00+00'::timestamptz"
"""Where what has not happened yet stands in an order by time."""

BY_COMPANY: dict[Any, tuple[str, ...]] = {
    Allocation: ("created_at", "state"),
    CashSale: ("gross_amount", "payment_status", "sold_on", "state"),
    CreditMemo: ("cause", "credited_on", "gross_amount", "state", "usage_status"),
    Customer: ("kind", "name", "state", "updated_at"),
    Event: ("actor", "document_type", "occurred_at", "type"),
    Invoice: ("due_on", "gross_amount", "invoiced_on", "open_amount", "payment_status", "state"),
    JournalEntry: ("event", "posted_on"),
    Order: (
        "allocation_status",
        "commitment_status",
        "credit_status",
        "dispatch_status",
        "document_date",
        "gross_amount",
        "outstanding_amount",
        "pack_status",
        "payment_status",
        "source",
        "type_code",
        "updated_at",
    ),
    Payment: ("amount", "kind", "received_at", "state"),
    Product: ("brand", "kind", "name", "tax_group"),
    Refund: ("amount", "requested_on", "state"),
    Shipment: ("carrier", "delivered_at", "state", "updated_at"),
    StockLevel: ("lot", "on_hand", "owner"),
    StockMovement: ("kind", "occurred_at"),
}
"""(company, column, id)"""

BY_PARENT: dict[Any, tuple[str, ...]] = {
    Allocation: ("company_id", "shipment_id", "warehouse_id"),
    CashSale: ("channel_id",),
    CreditMemo: ("channel_id",),
    Event: ("channel_id", "company_id"),
    Invoice: ("channel_id",),
    Product: ("company_id",),
    Refund: ("channel_id",),
    Shipment: ("channel_id", "warehouse_id"),
    StockLevel: ("company_id", "warehouse_id"),
    StockMovement: ("company_id", "shipment_id", "warehouse_id"),
}
"""(column, id)"""

MOMENTS: dict[Any, str] = {Order: "placed_at", Shipment: "finalized_at"}
"""(company, the moment or never, id)"""

CODES: dict[Any, tuple[str, ...]] = {
    CashSale: ("number",),
    CreditMemo: ("external_ref", "number"),
    Invoice: ("number",),
    Order: ("customer_po", "external_ref", "number"),
    Payment: ("number",),
    Refund: ("number", "reference"),
    Shipment: ("number", "tracking_number"),
}
"""(company, code without regard to case), for what begins with a text"""

WORDS: dict[Any, str] = {
    Customer: (
        "search_fold((((name::text || ' '::text) || COALESCE(email, ''::character varying)::text) || ' '::text) || "
        "COALESCE(external_ref, ''::character varying)::text)"
    ),
    Product: "search_fold((sku::text || ' '::text) || name::text)",
}
"""Trigrams of the words in a text without accents and case; written as PostgreSQL would, who is compared with it"""

SOME: dict[Any, dict[str, str]] = {
    CashSale: {"invoiced": "invoiced_at IS NOT NULL"},
    CreditMemo: {"left": "balance_amount > 0"},
    Invoice: {"open": "open_amount > 0"},
    Order: {queue.value.lower(): condition for queue, condition in WAITING.items()},
    Payment: {"left": "unallocated_amount > 0"},
    Product: {"inactive": "NOT is_active"},
}
"""(company, id) of just the rows that meet a condition"""


TAKEN = "state <> 'RELEASED'"
"""Allocations that an order has or had its goods from."""


def make() -> None:
    """Attach them to their tables."""
    for model, columns in BY_COMPANY.items():
        for column in columns:
            _index(model, f"list_{column}", "company_id", column, "id")
    for model, columns in BY_PARENT.items():
        for column in columns:
            _index(model, f"{column}_id", column, "id")
    for model, column in MOMENTS.items():
        never: ColumnElement[Any] = literal_column(NEVER)
        _index(model, f"list_{column}", "company_id", func.coalesce(model.__table__.c[column], never), "id")
    _make_texts()
    for model, conditions in SOME.items():
        for name, condition in conditions.items():
            _index(model, name, "company_id", "id", postgresql_where=text(condition))
    _index(OrderItem, "sku", func.lower(OrderItem.sku), "order_id")
    _index(Invoice, "overdue", "company_id", "due_on", "order_id", postgresql_where=text("open_amount > 0"))
    _index(Allocation, "taken", "warehouse_id", "order_id", postgresql_where=text(TAKEN))


def _make_texts() -> None:
    for model, columns in CODES.items():
        for column in columns:
            code = func.lower(model.__table__.c[column]).label("code")
            _index(model, f"code_{column}", "company_id", code, postgresql_ops={"code": "text_pattern_ops"})
    for model, words in WORDS.items():
        named: ColumnElement[Any] = literal_column(words).label("words")
        _index(model, "words", named, postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"})


def _index(model: Any, name: str, *columns: Any, **options: Any) -> None:  # noqa: ANN401 (columns and options)
    table: Table = model.__table__
    parts = [table.c[column] if isinstance(column, str) else column for column in columns]
    table.append_constraint(Index(f"ix_{table.name}_{name}", *parts, **options))


make()
