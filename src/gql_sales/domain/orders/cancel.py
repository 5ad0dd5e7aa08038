"""Cancelling withdraws everything that is still open; possible until something was shipped, booked or billed (X-19)."""

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.withdrawal import withdraw
from gql_sales.domain.transition import transition
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.errors import Refused
from gql_sales.kernel.inputs import Findings


class Settlement(DescribedEnum):
    """What becomes of the bills of an order that is cancelled."""

    NONE = "NONE", "An order that is billed is not cancelled."
    CREDIT = "CREDIT", "What was billed is credited; the credit can be used for other bills, or refunded later."
    REFUND = "REFUND", "What was billed is credited, and what was paid goes back to where it came from."


@transition(
    Order,
    sources=IN_PROCESS,
    target=OrderState.CANCELLED,
    guards=[guards.nothing_shipped, guards.nothing_booked, guards.bills_can_be_credited],
    needs=[needs.CONTEXT, needs.BILLS, needs.ALLOCATIONS, needs.POOLS, needs.ALLOCATED_LEVELS],
    scope="orders:cancel",
    event="OrderCancelled",
    bulk=True,
)
async def order_cancel(unit: Unit, order: Order, *, reason: str, settlement: Settlement = Settlement.NONE) -> None:
    """Cancel an order and give its stock back; what was billed of it is credited or refunded if asked to (X-19).

    After the lock a cancellation note with a number of its own is written (KS-16).
    Refusals: REASON_REQUIRED, INVALID_INPUT (reason), ALREADY_SHIPPED, ALREADY_BOOKED, ALREADY_BILLED (without a
    settlement), and those of creditMemoIssue and refundRequest, whose scopes the caller needs then.
    """
    found = Findings()
    reason = found.reason(reason)
    found.check()
    if settlement == Settlement.NONE and (refusals := list(guards.nothing_billed(unit, order))):
        raise Refused(*refusals)
    withdraw(unit, order, reason)
    unit.events.append(PendingEvent("OrderCancelled", order, {"settlement": str(settlement)}, is_main=True))
