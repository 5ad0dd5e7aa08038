"""A proforma order whose advances cover it becomes a sales order, in the transaction of the payment (KH-6, X-24)."""

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderType
from gql_sales.db.models.payments import Payment
from gql_sales.db.session import Unit
from gql_sales.domain.orders.axes import billable_amount
from gql_sales.domain.orders.prepayment import is_paid_ahead
from gql_sales.domain.transition import reaction
from gql_sales.kernel.money import to_major
from gql_sales.kernel.warnings import WarningCode


@reaction(on="PaymentReceived")
async def convert_paid(unit: Unit, payment: Payment) -> None:
    """Take an order that is paid in full off the list of those that expire; a proforma becomes a sales order."""
    order = unit.loaded.get(payment.order_id) if payment.order_id else None
    if isinstance(order, Order):
        _convert(unit, order)


@reaction(on="OrderItemCancelled")
@reaction(on="OrderChanged")
async def convert_covered(unit: Unit, order: Order) -> None:
    """The same when less is left to pay, and the advances cover it."""
    if order.advance_amount:
        _convert(unit, order)


def _convert(unit: Unit, order: Order) -> None:
    if order.state not in IN_PROCESS or not is_paid_ahead(order):
        return
    order.expires_at = None
    if order.type_code != OrderType.PF:
        return
    order.type_code = OrderType.S
    unit.emit("OrderProformaConverted", order)
    more = order.advance_amount - billable_amount(order.items)
    if more:
        amount = to_major(more, order.currency_code)
        unit.warn(WarningCode.PROFORMA_OVERPAID, f"{amount} {order.currency_code} more than the order comes to.")
