"""The lists of what follows from orders: allocations, shipments, bills, credits, money."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

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
    flag,
    instants,
    moment,
    moments,
    reference,
    text,
)
from gql_sales.db.listings.listing import Branches, Listing, SortField
from gql_sales.db.listings.search import Hits, begins
from gql_sales.db.models.axes import AxisStatus, PaymentStatus
from gql_sales.db.models.billing import CashSale, CashSaleState, Invoice, InvoiceState
from gql_sales.db.models.credit_memos import (
    CreditMemo,
    CreditMemoCause,
    CreditMemoItem,
    CreditMemoState,
    Refund,
    RefundState,
)
from gql_sales.db.models.orders import Allocation, AllocationState
from gql_sales.db.models.payments import Payment, PaymentKind, PaymentState
from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.kernel.principals import Principal


def _below(column: Any, key: Any) -> Callable[[Principal, Wanted], ColumnElement[bool]]:  # noqa: ANN401 (columns)
    """Rows with an item for which the operators hold; ``key`` names them on the item."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return CreditMemo.id.in_(select(key).where(compare(column, operators)))

    return build


def _branches(*columns: Any, customer: Any) -> Branches:  # noqa: ANN401 (columns)
    def branches(query: str, hits: Hits) -> list[ColumnElement[bool]]:
        return [*[begins(column, query) for column in columns], customer.in_(hits.customer_ids)]

    return branches


def _tracked(query: str, _: Hits) -> list[ColumnElement[bool]]:
    return [begins(Shipment.number, query), begins(Shipment.tracking_number, query)]


_BY_NAME = "beginning of the number, words of the customer's name or e-mail address"
_NUMBER = "Human-facing number."
_CHANNEL = "Its channel."
_ORDER = "The order it is of."
_CUSTOMER = "Its customer, records merged into that one included."
_TOTAL = "Total with tax."
_CURRENCIES = "Total with tax, whatever the currency."
_CHANGED = "When it last changed."

DOCUMENTS = (
    Listing(
        "Allocation",
        {
            "created_at": instants(Allocation.created_at, "When it was set aside."),
            "order_id": reference(Allocation.order_id, "Order", _ORDER),
            "order_item_id": reference(Allocation.order_item_id, "OrderItem", "The order item it is for."),
            "shipment_id": reference(Allocation.shipment_id, "Shipment", "The shipment it is booked on."),
            "state": choice(Allocation.state, AllocationState, "Where it stands."),
            "warehouse_id": reference(Allocation.warehouse_id, "Warehouse", "Where it lies."),
        },
    ),
    Listing(
        "Shipment",
        {
            "channel_id": reference(Shipment.channel_id, "Channel", _CHANNEL),
            "carrier": text(Shipment.carrier, "Who carries it."),
            "delivered_at": instants(Shipment.delivered_at, "When it arrived."),
            "finalized_at": moments(Shipment.finalized_at, "When it left."),
            "number": text(Shipment.number, _NUMBER),
            "order_id": reference(Shipment.order_id, "Order", _ORDER),
            "state": choice(Shipment.state, ShipmentState, "Lifecycle state."),
            "tracking_number": codes(Shipment.tracking_number, "Tracking number, without regard to case."),
            "updated_at": instants(Shipment.updated_at, _CHANGED),
            "warehouse_id": reference(Shipment.warehouse_id, "Warehouse", "Where it is sent from."),
        },
        {
            "FINALIZED_AT": SortField(
                "When it left; what has not left counts as the newest.", moment(Shipment.finalized_at), datetime
            ),
            "UPDATED_AT": SortField(_CHANGED, Shipment.updated_at, datetime),
        },
        _tracked,
        "beginning of the number or of the tracking number",
    ),
    Listing(
        "Invoice",
        {
            "channel_id": reference(Invoice.channel_id, "Channel", _CHANNEL),
            "customer_id": customers(Invoice.customer_id, _CUSTOMER),
            "due_on": days(Invoice.due_on, "Day by which it is to be paid."),
            "invoiced_on": days(Invoice.invoiced_on, "Date of the invoice."),
            "is_open": flag(Invoice.open_amount > 0, Invoice.open_amount == 0, "Whether something is to be paid."),
            "number": text(Invoice.number, _NUMBER),
            "open": amounts(Invoice.open_amount, "What is still to be paid."),
            "order_id": reference(Invoice.order_id, "Order", _ORDER),
            "payment_status": choice(Invoice.payment_status, PaymentStatus, "How far it is paid."),
            "state": choice(Invoice.state, InvoiceState, "Lifecycle state."),
            "total": amounts(Invoice.gross_amount, _TOTAL),
        },
        {
            "DUE_ON": SortField("Day by which it is to be paid.", Invoice.due_on, date),
            "INVOICED_ON": SortField("Date of the invoice.", Invoice.invoiced_on, date),
            "TOTAL": SortField(_CURRENCIES, Invoice.gross_amount, int),
        },
        _branches(Invoice.number, customer=Invoice.customer_id),
        _BY_NAME,
    ),
    Listing(
        "CashSale",
        {
            "channel_id": reference(CashSale.channel_id, "Channel", _CHANNEL),
            "customer_id": customers(CashSale.customer_id, _CUSTOMER),
            "is_invoiced": flag(
                CashSale.invoiced_at.is_not(None), CashSale.invoiced_at.is_(None), "Whether it was invoiced later."
            ),
            "is_open": flag(
                CashSale.open_amount > 0, CashSale.open_amount == 0, "Whether something is to be paid, an anomaly."
            ),
            "number": text(CashSale.number, _NUMBER),
            "order_id": reference(CashSale.order_id, "Order", _ORDER),
            "payment_status": choice(CashSale.payment_status, PaymentStatus, "How far it is paid."),
            "sold_on": days(CashSale.sold_on, "Date of the sale."),
            "state": choice(CashSale.state, CashSaleState, "Lifecycle state."),
            "total": amounts(CashSale.gross_amount, _TOTAL),
        },
        {
            "SOLD_ON": SortField("Date of the sale.", CashSale.sold_on, date),
            "TOTAL": SortField(_CURRENCIES, CashSale.gross_amount, int),
        },
        _branches(CashSale.number, customer=CashSale.customer_id),
        _BY_NAME,
    ),
    Listing(
        "CreditMemo",
        {
            "cause": choice(CreditMemo.cause, CreditMemoCause, "Why it was issued."),
            "channel_id": reference(CreditMemo.channel_id, "Channel", _CHANNEL),
            "credited_on": days(CreditMemo.credited_on, "Date of the credit memo."),
            "customer_id": customers(CreditMemo.customer_id, _CUSTOMER),
            "external_ref": text(CreditMemo.external_ref, "The caller's own reference."),
            "has_balance": flag(
                CreditMemo.balance_amount > 0, CreditMemo.balance_amount == 0, "Whether something is left of it."
            ),
            "number": text(CreditMemo.number, _NUMBER),
            "order_id": FilterField(
                FieldKind.ID,
                "An order whose bills it credits.",
                _below(CreditMemoItem.order_id, CreditMemoItem.credit_memo_id),
                "Order",
            ),
            "state": choice(CreditMemo.state, CreditMemoState, "Lifecycle state."),
            "total": amounts(CreditMemo.gross_amount, _TOTAL),
            "usage_status": choice(CreditMemo.usage_status, AxisStatus, "How much of it is used."),
        },
        {
            "CREDITED_ON": SortField("Date of the credit memo.", CreditMemo.credited_on, date),
            "TOTAL": SortField(_CURRENCIES, CreditMemo.gross_amount, int),
        },
        _branches(CreditMemo.number, CreditMemo.external_ref, customer=CreditMemo.customer_id),
        "beginning of the number or reference, words of the customer's name or e-mail address",
    ),
    Listing(
        "Payment",
        {
            "amount": amounts(Payment.amount, "What came in."),
            "customer_id": customers(Payment.customer_id, _CUSTOMER),
            "has_unallocated": flag(
                Payment.unallocated_amount > 0, Payment.unallocated_amount == 0, "Whether something is left of it."
            ),
            "kind": choice(Payment.kind, PaymentKind, "What it is for."),
            "number": text(Payment.number, _NUMBER),
            "order_id": reference(Payment.order_id, "Order", "The order it is reserved for."),
            "received_at": instants(Payment.received_at, "When the money came."),
            "state": choice(Payment.state, PaymentState, "Lifecycle state."),
        },
        {
            "AMOUNT": SortField("What came in, whatever the currency.", Payment.amount, int),
            "RECEIVED_AT": SortField("When the money came.", Payment.received_at, datetime),
        },
        _branches(Payment.number, customer=Payment.customer_id),
        _BY_NAME,
    ),
    Listing(
        "Refund",
        {
            "amount": amounts(Refund.amount, "What goes back."),
            "channel_id": reference(Refund.channel_id, "Channel", _CHANNEL),
            "credit_memo_id": reference(Refund.credit_memo_id, "CreditMemo", "The credit memo it pays out."),
            "customer_id": customers(Refund.customer_id, _CUSTOMER),
            "number": text(Refund.number, _NUMBER),
            "reference": text(Refund.reference, "The caller's own reference."),
            "requested_on": days(Refund.requested_on, "Date of the refund."),
            "state": choice(Refund.state, RefundState, "Lifecycle state."),
        },
        {
            "AMOUNT": SortField("What goes back, whatever the currency.", Refund.amount, int),
            "REQUESTED_ON": SortField("Date of the refund.", Refund.requested_on, date),
        },
        _branches(Refund.number, Refund.reference, customer=Refund.customer_id),
        "beginning of the number or reference, words of the customer's name or e-mail address",
    ),
)
