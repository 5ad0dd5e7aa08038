"""The list of orders: the pool of all channels, one channel's view, and work queues (KS-2, KS-3, PK-25)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, any_, func, literal_column, or_, select, text
from sqlalchemy.sql import false, true

from gql_sales.db.filters import (
    FieldKind,
    FilterField,
    Wanted,
    amounts,
    choice,
    codes,
    compare,
    customers,
    days,
    instants,
    moment,
    moments,
    reference,
)
from gql_sales.db.filters import text as texts
from gql_sales.db.listings.listing import Listing, SortField
from gql_sales.db.listings.search import Hits, begins, is_code
from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.channels import Channel
from gql_sales.db.models.list_indexes import TAKEN
from gql_sales.db.models.orders import IN_PROCESS, Allocation, Order, OrderItem, OrderSource, OrderState, OrderType
from gql_sales.db.models.queues import BEHIND, WAITING, WorkQueue
from gql_sales.db.models.stock import StockPool
from gql_sales.db.queries.order_lookup import channel_by_channel
from gql_sales.kernel.principals import Principal


def _external_refs(principal: Principal, operators: Wanted) -> ColumnElement[bool]:
    found = texts(Order.external_ref, "").build(principal, operators)
    return and_(channel_by_channel(principal), found) if "in" in operators else found


def _skus(_: Principal, operators: Wanted) -> ColumnElement[bool]:
    lowered = {name: [sku.strip().lower() for sku in value] for name, value in operators.items() if name != "is_null"}
    wanted = lowered.get("in", lowered.get("not_in"))
    if wanted is None:
        return false()
    named = Order.id.in_(select(OrderItem.order_id).where(func.lower(OrderItem.sku).in_(wanted)))
    return named if "in" in lowered else ~named


def _warehouses(_: Principal, operators: Wanted) -> ColumnElement[bool]:
    """Where its goods are set aside or have left."""
    found = select(Allocation.order_id).where(text(f"allocations.{TAKEN}"), compare(Allocation.warehouse_id, operators))
    return Order.id.in_(found)


def _named(found: Select[Any]) -> ColumnElement[bool]:
    """As an array, so that the few orders are looked up one by one."""
    return Order.id == any_(func.array(found.scalar_subquery()))


def _overdue(principal: Principal) -> ColumnElement[bool]:
    late = and_(Invoice.company_id == principal.company_id, Invoice.due_on < func.current_date())
    return _named(select(Invoice.order_id).where(late, text("invoices.open_amount > 0")))


def _backordered(_: Principal) -> ColumnElement[bool]:
    """Some of it waits for more than is free in its channel's pool."""
    missing = (
        OrderItem.ordered_quantity
        - OrderItem.cancelled_quantity
        - OrderItem.shipped_quantity
        - OrderItem.committed_quantity
    )
    free = (
        select(StockPool.on_hand_sellable - StockPool.committed)
        .join(Channel, Channel.pool_id == StockPool.pool_id)
        .where(Channel.id == Order.channel_id, StockPool.product_id == OrderItem.product_id)
        .correlate(Order, OrderItem)
        .scalar_subquery()
    )
    short = select(OrderItem.id).where(
        OrderItem.order_id == Order.id,
        OrderItem.kind == "GOODS",
        OrderItem.is_stocked.is_(True),
        missing > func.coalesce(free, 0),
    )
    return and_(_told(WorkQueue.TO_COMMIT), short.correlate(Order).exists())


def _told(queue: WorkQueue) -> ColumnElement[bool]:
    """What the order's own columns tell, in the words of the index."""
    return literal_column(f"({WAITING[queue]})", Boolean)


def _billed_too_much(_: Principal) -> ColumnElement[bool]:
    return _named(select(OrderItem.order_id).where(text(BEHIND[WorkQueue.BILLED_TOO_MUCH])))


def _cash_sale_unpaid(principal: Principal) -> ColumnElement[bool]:
    own = CashSale.company_id == principal.company_id
    return _named(select(CashSale.order_id).where(own, text(BEHIND[WorkQueue.CASH_SALE_UNPAID])))


def _expired(_: Principal) -> ColumnElement[bool]:
    return and_(Order.expires_at < func.now(), Order.state.in_(IN_PROCESS))


QUEUES: Mapping[WorkQueue, Callable[[Principal], ColumnElement[bool]]] = {
    WorkQueue.BACKORDERED: _backordered,
    WorkQueue.BILLED_TOO_MUCH: _billed_too_much,
    WorkQueue.CASH_SALE_UNPAID: _cash_sale_unpaid,
    WorkQueue.OVERDUE: _overdue,
    WorkQueue.PROFORMA_EXPIRED: _expired,
}


def waits(principal: Principal, queue: WorkQueue) -> ColumnElement[bool]:
    """The orders that are in a work queue."""
    return QUEUES[queue](principal) if queue in QUEUES else _told(queue)


def _queues(principal: Principal, operators: Wanted) -> ColumnElement[bool]:
    terms = []
    if "in" in operators:
        terms.append(or_(false(), *[waits(principal, queue) for queue in operators["in"]]))
    if "not_in" in operators:
        waiting = or_(false(), *[waits(principal, queue) for queue in operators["not_in"]])
        terms.append(waiting.is_not(true()))
    return and_(*terms)


def _branches(query: str, hits: Hits) -> list[ColumnElement[bool]]:
    return [
        begins(Order.number, query),
        begins(Order.external_ref, query),
        begins(Order.customer_po, query),
        Order.customer_id.in_(hits.customer_ids),
        Order.id.in_(select(OrderItem.order_id).where(is_code(OrderItem.sku, query))),
    ]


def _axis(column: object, what: str) -> FilterField:
    return choice(column, AxisStatus, what)


ORDERS = Listing(
    "Order",
    {
        "allocation_status": _axis(Order.allocation_status, "How much is set aside."),
        "billing_status": choice(Order.billing_status, BillingStatus, "How far it is billed."),
        "channel_id": reference(Order.channel_id, "Channel", "Its channel."),
        "commitment_status": _axis(Order.commitment_status, "How much is promised."),
        "credit_status": _axis(Order.credit_status, "How much of its bills is credited."),
        "customer_id": customers(Order.customer_id, "Its customer, records merged into that one included."),
        "customer_po": codes(Order.customer_po, "The customer's purchase order number, without regard to case."),
        "dispatch_status": _axis(Order.dispatch_status, "How much has left."),
        "document_date": days(Order.document_date, "Date of the order."),
        "external_ref": FilterField(FieldKind.TEXT, "The caller's own reference.", _external_refs),
        "number": texts(Order.number, "Human-facing number."),
        "outstanding": amounts(Order.outstanding_amount, "What is still to be paid."),
        "pack_status": _axis(Order.pack_status, "How much is packed."),
        "payment_status": choice(Order.payment_status, PaymentStatus, "How far it is paid."),
        "placed_at": moments(Order.placed_at, "When it was placed."),
        "queue": FilterField(FieldKind.CHOICE, "What it waits for.", _queues, WorkQueue),
        "sku": FilterField(FieldKind.TEXT, "SKU of one of its items, without regard to case.", _skus),
        "source": choice(Order.source, OrderSource, "Where it was taken."),
        "state": choice(Order.state, OrderState, "Lifecycle state."),
        "total": amounts(Order.gross_amount, "Total with tax."),
        "type_code": choice(Order.type_code, OrderType, "Type code."),
        "updated_at": instants(Order.updated_at, "When it last changed."),
        "warehouse_id": FilterField(
            FieldKind.ID, "Where its goods are set aside or were sent from.", _warehouses, "Warehouse"
        ),
    },
    {
        "DOCUMENT_DATE": SortField("Date of the order.", Order.document_date, date),
        "PLACED_AT": SortField("When it was placed; drafts count as the newest.", moment(Order.placed_at), datetime),
        "TOTAL": SortField("Total with tax, whatever the currency.", Order.gross_amount, int),
        "UPDATED_AT": SortField("When it last changed.", Order.updated_at, datetime),
    },
    _branches,
    "SKU, beginning of the number, reference or purchase order number, words of the customer's name or e-mail address",
)
