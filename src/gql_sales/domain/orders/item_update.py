"""Quantity and price of an item can be changed in a draft, and in a placed order until it locks."""

from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.editing import EDITABLE, finish, is_editable, item_refusals
from gql_sales.domain.orders.items import price_refusals
from gql_sales.domain.orders.promising import follow
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, Refused
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals


@transition(
    Order,
    sources=EDITABLE,
    guards=[is_editable],
    needs=[needs.CONTEXT],
    scope="orders:edit",
    event="OrderChanged",
)
async def order_item_update(
    unit: Unit,
    order: Order,
    *,
    order_item_id: UUID,
    quantity: Decimal | None = None,
    unit_price: Decimal | None = None,
) -> None:
    """Set the ordered quantity of an item, or its price, or both; what is promised of a placed order follows.

    Refusals: ORDER_LOCKED, NOT_FOUND, INVALID_INPUT (neither given), INVALID_QUANTITY, INVALID_AMOUNT, POLICY_FORBIDS
    (a price without orders:price); of a placed order also ITEM_LOCKED, ALREADY_BILLED, STOCK_ALLOCATED,
    INSUFFICIENT_STOCK.
    """
    item, found = item_of(order, order_item_id), Findings()
    if quantity is None and unit_price is None:
        found.invalid("Give a quantity or a price.", "quantity")
    if quantity is not None:
        found.refuse(*quantity_refusals(item.quantity_digits, quantity, ("input", "quantity")))
    if unit_price is not None:
        found.refuse(*price_refusals(unit, item.kind, unit_price, ("input", "unitPrice")))
    found.check()
    found.refuse(*item_refusals(order, item, quantity))
    found.check()
    before = item.ordered_quantity
    item.ordered_quantity = quantity if quantity is not None else before
    item.unit_price = unit_price if unit_price is not None else item.unit_price
    finish(unit, order)
    await follow(unit, order, {item.id: item.ordered_quantity - before})


def item_of(order: Order, order_item_id: UUID, path: tuple[str, ...] = ("input", "orderItemId")) -> OrderItem:
    """The item of the order with the id; refused with NOT_FOUND when the order has none."""
    found = next((item for item in order.items if item.id == order_item_id), None)
    if found is None:
        raise Refused(NotFound("The order has no such item.", path))
    return found
