"""A completed order is at work again when something of it is open: billing of what is no goods was taken back."""

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.transition import automatic


def is_open_again(_: Unit, order: Order) -> bool:
    """Something is open, and the order was acknowledged before it was completed."""
    return order.acknowledged_at is not None and _is_open(order)


def is_open_unacknowledged(_: Unit, order: Order) -> bool:
    """Something is open, and the order was never acknowledged."""
    return order.acknowledged_at is None and _is_open(order)


def _is_open(order: Order) -> bool:
    return any(item.open_quantity > 0 for item in order.items)


@automatic(
    Order, sources={OrderState.COMPLETED}, target=OrderState.ACKNOWLEDGED, event="OrderUncompleted", when=is_open_again
)
def order_uncomplete(_: Unit, order: Order) -> None:
    """Take an order up again of which an item is open once more."""
    order.completed_at = None


automatic(
    Order,
    sources={OrderState.COMPLETED},
    target=OrderState.PLACED,
    event="OrderUncompleted",
    when=is_open_unacknowledged,
)(order_uncomplete)
