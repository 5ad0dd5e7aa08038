"""The list of anomalies: one statement over the documents that have one, each found by an index of just these."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Numeric, Select, cast, literal, null, select, text, union_all
from sqlalchemy.sql.elements import ColumnElement

from gql_sales.db.listings.orders import waits
from gql_sales.db.models.anomalies import AnomalyKind
from gql_sales.db.models.billing import CashSale
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.models.queues import BEHIND, WorkQueue
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal

NO_AMOUNT = cast(null(), BigInteger)
NO_QUANTITY = cast(null(), Numeric(18, 6))


def anomaly_list(principal: Principal, kinds: Collection[AnomalyKind] | None) -> Select[Any]:
    """Visible anomalies of these kinds, or of all; ids are those of the rows that have them."""
    parts = [build(principal) for kind, build in _PARTS.items() if kinds is None or kind in kinds]
    found = union_all(*(parts or [_cash_sales(principal).where(literal(value=False))])).subquery("anomalies")
    return select(*found.c)


def _part(kind: AnomalyKind, row: Any, document: Any, quantity: ColumnElement[Any], amount: Any) -> Select[Any]:  # noqa: ANN401 (mapped classes and columns)
    """One kind: ``row`` has the anomaly and gives the id, ``document`` is what people open."""
    return select(
        row.id,
        literal(kind.value).label("kind"),
        literal(document.__name__).label("document_type"),
        document.id.label("document_id"),
        document.number,
        (Order.id if document is Order else document.order_id).label("order_id"),
        document.currency_code,
        quantity.label("quantity"),
        amount.label("amount"),
    )


def _cash_sales(principal: Principal) -> Select[Any]:
    kind = AnomalyKind.CASH_SALE_UNPAID
    statement = _part(kind, CashSale, CashSale, NO_QUANTITY, CashSale.open_amount)
    return statement.where(text(BEHIND[WorkQueue.CASH_SALE_UNPAID]), visible(CashSale, principal))


def _billed_too_much(principal: Principal) -> Select[Any]:
    net = OrderItem.ordered_quantity - OrderItem.cancelled_quantity
    excess = OrderItem.invoiced_quantity - OrderItem.credited_quantity - net
    statement = _part(AnomalyKind.BILLED_TOO_MUCH, OrderItem, Order, excess, NO_AMOUNT)
    return statement.join(Order, Order.id == OrderItem.order_id).where(
        text(BEHIND[WorkQueue.BILLED_TOO_MUCH]), visible(Order, principal)
    )


def _paid_unbilled(principal: Principal) -> Select[Any]:
    statement = _part(AnomalyKind.PAID_UNBILLED, Order, Order, NO_QUANTITY, Order.advance_amount)
    return statement.where(waits(principal, WorkQueue.PAID_UNBILLED), visible(Order, principal))


def _expired(principal: Principal) -> Select[Any]:
    statement = _part(AnomalyKind.PROFORMA_EXPIRED, Order, Order, NO_QUANTITY, Order.outstanding_amount)
    return statement.where(waits(principal, WorkQueue.PROFORMA_EXPIRED), visible(Order, principal))


_PARTS = {
    AnomalyKind.BILLED_TOO_MUCH: _billed_too_much,
    AnomalyKind.CASH_SALE_UNPAID: _cash_sales,
    AnomalyKind.PAID_UNBILLED: _paid_unbilled,
    AnomalyKind.PROFORMA_EXPIRED: _expired,
}
