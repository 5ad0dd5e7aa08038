"""Who may know of a document that an event names, from its row as it is now: what db/visibility.py asks of a list."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Uuid,
    case,
    cast,
    column,
    func,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.orm import aliased

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.events import Event
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment, PaymentAllocation
from gql_sales.db.models.products import Product
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.models.stock import StockPool

NAMED = (
    func.unnest(Event.document_ids, Event.document_versions, Event.document_types)
    .table_valued(
        column("id", PGUUID), column("version", BigInteger), column("type", String), with_ordinality="ordinal"
    )
    .render_derived(name="named")
)
"""One row for each document that an event names."""

_COLUMNS: dict[str, Any] = {
    "channel_ids": ARRAY(Uuid),
    "maker": String(),
    "warehouse_id": Uuid(),
    "customer_id": Uuid(),
    "is_public": Boolean(),
    "order_id": Uuid(),
    "product_id": Uuid(),
    "pool_id": Uuid(),
}
"""What a branch tells: channels of which one is enough (null where any is), or who made it; one warehouse; the customer
whose login sees it, or that every shopper does; and by what else streams can be narrowed."""


def _branch(model: Any, **given: Any) -> Select[Any]:  # noqa: ANN401 (a mapped class, and its expressions)
    """The row of a named document of that type, by primary key; the other types' branches are not run for it."""
    if "channel_ids" not in given and hasattr(model, "channel_id"):
        given["channel_ids"] = type_coerce(func.array_remove(array([model.channel_id]), None), ARRAY(Uuid))
    columns = [
        given.get(name, getattr(model, name, cast(null(), type_))).label(name) for name, type_ in _COLUMNS.items()
    ]
    return select(*columns).where(NAMED.c.type == model.__name__, model.id == NAMED.c.id).correlate(NAMED)


def _array(ids: Select[Any] | CompoundSelect[Any]) -> ColumnElement[Any]:
    return type_coerce(func.array(ids.scalar_subquery()), ARRAY(Uuid))


def _payment_channels() -> ColumnElement[Any]:
    """Where what a payment is for was ordered or billed, as in ``_of_channels`` of db/visibility.py."""
    parts = PaymentAllocation
    ordered = select(Order.channel_id).where(Order.id == Payment.order_id).correlate(Payment)
    billed = [
        select(bill.channel_id).join(parts, named == bill.id).where(parts.payment_id == Payment.id).correlate(Payment)
        for bill, named in ((Invoice, parts.invoice_id), (CashSale, parts.cash_sale_id))
    ]
    return _array(union_all(ordered, *billed))


def _customer_channels() -> ColumnElement[Any]:
    """Where a customer has ordered."""
    ordered = select(Order.channel_id).distinct().where(Order.customer_id == Customer.id).correlate(Customer)
    return _array(ordered)


_BRANCHES = {
    "Order": _branch(Order, order_id=Order.id),
    "Shipment": _branch(
        Shipment,
        customer_id=select(Order.customer_id)
        .where(Order.id == Shipment.order_id)
        .correlate(Shipment)
        .scalar_subquery(),
    ),
    "Invoice": _branch(Invoice),
    "CashSale": _branch(CashSale),
    "CreditMemo": _branch(CreditMemo),
    "Refund": _branch(Refund),
    "Payment": _branch(Payment, channel_ids=_payment_channels()),
    "Customer": _branch(Customer, customer_id=Customer.id, channel_ids=_customer_channels(), maker=Customer.created_by),
    "Product": _branch(Product, is_public=Product.is_active),
    "StockPool": _branch(StockPool),
}
TOLD_TYPES = frozenset(_BRANCHES)
"""Types of documents that streams tell of; journal entries are none, since nothing ever happens to them."""
OF_MANY_CHANNELS = frozenset({"Customer", "Payment"})
"""What stands in no channel itself: which channels may know of it counts for staff and partners, not for shoppers."""

NAMED_ROW = union_all(*_BRANCHES.values()).lateral("document")
"""The row of a named document; none for types that no stream tells of."""
OWNER = aliased(Customer)
"""The record that stands now for the customer whom a document is of."""
SUBJECT = aliased(Customer)
"""The record on whose timeline an event stands."""
CHANGES: ColumnElement[Any] = type_coerce(
    case(
        (NAMED.c.id == Event.document_id, Event.data),
        else_=Event.data["also"][cast(NAMED.c.id, String)],
    ),
    JSONB,
)
"""What changed of a named document: of that which has the event in its data, of others below ``also``."""
