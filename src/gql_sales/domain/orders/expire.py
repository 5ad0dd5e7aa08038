"""Orders that were not paid in time are cancelled by a job (X-24, BA-94).

A payment in the same second either comes first or finds the order cancelled, for both take its lock (S5).
"""

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.queries.orders import database_now
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.withdrawal import withdraw
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidTransition, Refused


@transition(
    Order,
    sources=IN_PROCESS,
    target=OrderState.CANCELLED,
    guards=[guards.nothing_shipped, guards.nothing_booked, guards.nothing_billed],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS, needs.ALLOCATED_LEVELS],
    scope="orders:expire",
    event="OrderExpired",
    is_job=True,
)
async def order_expire(unit: Unit, order: Order) -> None:
    """Cancel an order that was not paid in time, and give its stock back.

    Refusals: INVALID_TRANSITION (it does not expire, or not yet), ALREADY_SHIPPED, ALREADY_BOOKED, ALREADY_BILLED.
    """
    if order.expires_at is None or order.expires_at > await database_now(unit):
        raise Refused(InvalidTransition("The order does not expire yet.", from_state=str(order.state)))
    withdraw(unit, order, "Not paid in time.")
