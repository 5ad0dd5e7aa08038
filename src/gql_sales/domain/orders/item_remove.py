"""An item of a draft can be taken out as if it had never been there."""

from uuid import UUID

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.orders.totals import recalculate
from gql_sales.domain.transition import transition


@transition(Order, sources={OrderState.OPEN}, needs=[needs.CONTEXT], scope="orders:edit", event="OrderChanged")
async def order_item_remove(unit: Unit, order: Order, *, order_item_id: UUID) -> None:
    """Take an item out of a draft.

    Refusals: NOT_FOUND.
    """
    order.items.remove(item_of(order, order_item_id))
    recalculate(unit, order)
