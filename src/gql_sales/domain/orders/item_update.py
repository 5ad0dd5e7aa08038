"""The quantity of an item of a draft can be changed."""

from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order, OrderItem, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.totals import recalculate
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, Refused
from gql_sales.kernel.quantities import quantity_refusals


@transition(Order, sources={OrderState.OPEN}, needs=[needs.CONTEXT], scope="orders:edit", event="OrderChanged")
async def order_item_update(unit: Unit, order: Order, *, order_item_id: UUID, quantity: Decimal) -> None:
    """Set the quantity of an item of a draft.

    Refusals: NOT_FOUND, INVALID_QUANTITY, INVALID_AMOUNT (more money than an order can be about).
    """
    item = item_of(order, order_item_id)
    refusals = quantity_refusals(item.quantity_digits, quantity, ("input", "quantity"))
    if refusals:
        raise Refused(*refusals)
    item.ordered_quantity = quantity
    recalculate(unit, order)


def item_of(order: Order, order_item_id: UUID, path: tuple[str, ...] = ("input", "orderItemId")) -> OrderItem:
    """The item of the order with the id; refused with NOT_FOUND when the order has none."""
    found = next((item for item in order.items if item.id == order_item_id), None)
    if found is None:
        raise Refused(NotFound("The order has no such item.", path))
    return found
