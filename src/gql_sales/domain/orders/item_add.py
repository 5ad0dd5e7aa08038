"""Items are added to a draft, or to a placed order until it locks, at the channel's price."""

from collections.abc import Sequence

from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.editing import EDITABLE, finish, is_editable
from gql_sales.domain.orders.items import NewItem, add_items
from gql_sales.domain.orders.promising import follow
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NoItems, Refused


@transition(
    Order,
    sources=EDITABLE,
    guards=[is_editable],
    needs=[needs.CONTEXT],
    scope="orders:edit",
    event="OrderChanged",
)
async def order_item_add(unit: Unit, order: Order, *, items: Sequence[NewItem]) -> None:
    """Add items to an order; price and tax rate are copied from the channel and the tax rules.

    A placed order's stock is promised at once by the rules it was placed under. Refusals: ORDER_LOCKED, NO_ITEMS,
    TOO_MANY_ENTRIES, NOT_FOUND, INVALID_INPUT, INVALID_QUANTITY, INVALID_AMOUNT, NOT_PRICED; of a placed order also
    TAX_INCOMPLETE, INSUFFICIENT_STOCK.
    """
    if not items:
        raise Refused(NoItems("Name at least one item.", ("input", "items")))
    added = await add_items(unit, order, items, ("input", "items"))
    finish(unit, order)
    await follow(unit, order, {item.id: item.ordered_quantity for item in added})
