"""Acknowledging confirms an order to the customer, which may lock it and promise its stock (BA-9, BA-10, X-20)."""

from datetime import datetime, timedelta

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.promising import promise, promised_on
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import reaction, transition


@transition(
    Order,
    sources={OrderState.PLACED},
    target=OrderState.ACKNOWLEDGED,
    guards=[guards.stock_suffices_to_acknowledge],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS_TO_ACKNOWLEDGE, needs.LEVELS_TO_ACKNOWLEDGE],
    scope="orders:acknowledge",
    event="OrderAcknowledged",
    bulk=True,
)
async def order_acknowledge(unit: Unit, order: Order) -> None:
    """Confirm a placed order to the customer; its stock is promised now where commitOn says so.

    Refusals: INSUFFICIENT_STOCK (under commitOn ACKNOWLEDGE).
    """
    if promised_on(unit, order, "ACKNOWLEDGE"):
        promise(unit, order)
    order.acknowledgement_due_at = None
    order.acknowledged_at = unit.now


def due_at(unit: Unit, order: Order) -> datetime | None:
    """When an order that is placed now is acknowledged by itself (X-20); None when it is at once or by a person."""
    if policy(unit, order, "acknowledgeMode") != "AFTER_MINUTES":
        return None
    return unit.now + timedelta(minutes=int(policy(unit, order, "acknowledgeMinutes")))


@reaction(on="OrderPlaced")
async def acknowledge_placed(unit: Unit, order: Order) -> None:
    """Acknowledge the order in the same transaction that places it, where acknowledgeMode is AUTO_ON_PLACE (BA-91)."""
    if policy(unit, order, "acknowledgeMode") == "AUTO_ON_PLACE":
        await order_acknowledge.within(unit, order)
