"""An order completes by itself when nothing of it is open (KS-12)."""

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.transition import automatic


def is_done(_: Unit, order: Order) -> bool:
    """Nothing is open, and something was shipped or billed."""
    return is_begun(order) and all(item.open_quantity == 0 for item in order.items)


def is_begun(order: Order) -> bool:
    """Something was shipped or billed, so that the order is completed and not cancelled when nothing is left."""
    return any(item.shipped_quantity > 0 or item.invoiced_quantity > 0 for item in order.items)


@automatic(Order, sources=IN_PROCESS, target=OrderState.COMPLETED, event="OrderCompleted", when=is_done)
def order_complete(unit: Unit, order: Order) -> None:
    """Complete an order of which every item is shipped, billed or cancelled."""
    order.completed_at = unit.now
