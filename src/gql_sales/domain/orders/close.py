"""Closing is the explicit end of an order: all of it is done, billed and paid (BA-42)."""

from collections.abc import Iterable

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import DocumentsOpen, SalesError
from gql_sales.kernel.money import to_major


def nothing_to_bill(_: Unit, order: Order) -> Iterable[SalesError]:
    """No quantity may be billed now."""
    for item in order.items:
        if item.billable_quantity > 0:
            message = f"{item.billable_quantity.normalize():f} of {item.sku} may still be billed."
            yield DocumentsOpen(message, ("items", str(item.position)))


def bills_are_paid(_: Unit, order: Order) -> Iterable[SalesError]:
    """Its invoices and cash sales are settled."""
    if order.open_amount:
        amount = to_major(order.open_amount, order.currency_code)
        yield DocumentsOpen(f"{amount} {order.currency_code} of its bills are not paid.", ("outstanding",))


@transition(
    Order,
    sources={OrderState.COMPLETED},
    target=OrderState.CLOSED,
    guards=[nothing_to_bill, bills_are_paid],
    scope="orders:close",
    event="OrderClosed",
    bulk=True,
)
async def order_close(unit: Unit, order: Order) -> None:
    """Close a completed order that is billed and paid; from then on only what was billed can still be credited.

    Refusals: DOCUMENTS_OPEN (something may still be billed, or a bill is not paid).
    """
    order.closed_at = unit.now
