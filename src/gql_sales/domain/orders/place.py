"""Placing turns a draft into a firm order: it is numbered, its rules are frozen, its stock is promised."""

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.policies.registry import POLICIES
from gql_sales.domain.stock.allocation import allocate
from gql_sales.domain.stock.commitment import commit, shortages
from gql_sales.domain.transition import transition
from gql_sales.kernel.warnings import WarningCode


@transition(
    Order,
    sources={OrderState.OPEN},
    target=OrderState.PLACED,
    guards=[
        guards.has_items,
        guards.has_customer,
        guards.has_addresses,
        guards.is_taxed,
        guards.is_not_negative,
        guards.channel_is_active,
        guards.stock_suffices,
    ],
    needs=[needs.CONTEXT, needs.CUSTOMER, needs.ALLOCATIONS, needs.POOLS, needs.LEVELS_AT_PLACEMENT],
    scope="orders:place",
    event="OrderPlaced",
    bulk=True,
)
async def order_place(unit: Unit, order: Order) -> None:
    """Hand a draft over for processing: give it its number, freeze its policies and promise its stock.

    Refusals: NO_ITEMS, CUSTOMER_REQUIRED, ACCOUNT_REQUIRED, ADDRESS_REQUIRED, TAX_INCOMPLETE, INVALID_AMOUNT,
    CHANNEL_INACTIVE, INSUFFICIENT_STOCK.
    """
    for item, available in shortages(unit, order):
        message = f"Only {available.normalize():f} of {item.sku} are promised; the rest stays open."
        unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))
    commit(unit, order)
    if policy(unit, order, "allocateOn") == "PLACE":
        allocate(unit, order)
    order.policy_snapshot = {name: policy(unit, order, name) for name in POLICIES}
    order.placed_at = unit.now
    unit.number(order, SeriesKind.ORDER_S, order.document_date)
