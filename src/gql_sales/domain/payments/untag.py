"""Giving advances back to the customer's account when the order they were reserved for is gone (BA-47)."""

from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.billing import tagged_payments
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.transition import reaction
from gql_sales.kernel.money import to_major
from gql_sales.kernel.warnings import WarningCode


@reaction(on="OrderCancelled")
async def untag_cancelled(unit: Unit, order: Order) -> None:
    """A cancelled order keeps no advances; the caller is told what stays on account."""
    left = await _untag(unit, order)
    if left:
        amount = to_major(left, order.currency_code)
        unit.warn(WarningCode.ADVANCE_LEFT, f"{amount} {order.currency_code} of advances stay on account.")


@reaction(on="OrderExpired")
async def untag_expired(unit: Unit, order: Order) -> None:
    """An order that expired keeps no advances; what was paid of it stays on account."""
    await _untag(unit, order)


@reaction(on="OrderDeleted")
async def untag_deleted(unit: Unit, order: Order) -> None:
    """A draft that is thrown away keeps no advances."""
    await _untag(unit, order)


async def _untag(unit: Unit, order: Order) -> int:
    """Take the tag off every payment with money left, under the order's lock; the sum of that money in minor units."""
    ids = await tagged_payments(unit, order.id)
    await load_documents(unit, {Payment: ids})
    left = 0
    for id_ in ids:
        payment = unit.document(Payment, id_)
        payment.order_id = None
        left += payment.unallocated_amount
    order.advance_amount -= left
    return left
