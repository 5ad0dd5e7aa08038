"""A draft can be thrown away; its row is kept and shown to nobody."""

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition


@transition(Order, sources={OrderState.OPEN}, target=OrderState.DELETED, scope="orders:edit", event="OrderDeleted")
async def order_delete(_: Unit, order: Order) -> None:
    """Throw a draft away."""
    order.external_ref = None
