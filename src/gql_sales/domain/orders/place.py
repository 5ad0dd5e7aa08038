"""Placing turns a draft into a firm order: it is numbered, its rules are frozen, its stock is promised."""

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.acknowledge import due_at
from gql_sales.domain.orders.prepayment import expiry
from gql_sales.domain.orders.promising import promise, promised_at_placement
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.policies.registry import POLICIES
from gql_sales.domain.transition import transition


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
        guards.stock_suffices_to_place,
    ],
    needs=[needs.CONTEXT, needs.CUSTOMER, needs.ALLOCATIONS, needs.POOLS_TO_PLACE, needs.LEVELS_TO_PLACE],
    scope="orders:place",
    event="OrderPlaced",
    bulk=True,
)
async def order_place(unit: Unit, order: Order) -> None:
    """Hand a draft over for processing: give it its number, freeze its policies and promise its stock.

    Under commitOn ACKNOWLEDGE its stock is promised when it is acknowledged, under PAYMENT when it is paid.

    Refusals: NO_ITEMS, CUSTOMER_REQUIRED, ACCOUNT_REQUIRED, ADDRESS_REQUIRED, TAX_INCOMPLETE, INVALID_AMOUNT,
    CHANNEL_INACTIVE, INSUFFICIENT_STOCK.
    """
    if promised_at_placement(unit, order):
        promise(unit, order)
    order.policy_origins = unit.policy_origins[order.channel_id]
    order.policy_snapshot = {name: policy(unit, order, name) for name in POLICIES}
    order.placed_at = unit.now
    order.series_code = order.type_code
    order.acknowledgement_due_at = due_at(unit, order)
    order.expires_at = expiry(unit, order)
    unit.number(order, SeriesKind[f"ORDER_{order.type_code}"], order.document_date)
