"""Items are added to a draft at the channel's price."""

from collections.abc import Sequence

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.items import NewItem, add_items
from gql_sales.domain.orders.totals import recalculate
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NoItems, Refused


@transition(Order, sources={OrderState.OPEN}, needs=[needs.CONTEXT], scope="orders:edit", event="OrderChanged")
async def order_item_add(unit: Unit, order: Order, *, items: Sequence[NewItem]) -> None:
    """Add items to a draft; price and tax rate are copied from the channel and the tax rules.

    Refusals: NO_ITEMS, TOO_MANY_ENTRIES, NOT_FOUND, INVALID_INPUT, INVALID_QUANTITY, INVALID_AMOUNT, NOT_PRICED.
    """
    if not items:
        raise Refused(NoItems("Name at least one item.", ("input", "items")))
    await add_items(unit, order, items, ("input", "items"))
    recalculate(unit, order)
