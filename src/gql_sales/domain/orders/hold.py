"""A hold stops an order where its scope says, until somebody releases it; an order may have several at once."""

from gql_sales.db.models.orders import IN_PROCESS, HoldScope, Order, OrderHold
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings

MOST_HOLDS = 500


@transition(Order, sources=IN_PROCESS, needs=[needs.HOLDS], scope="orders:hold", event="OrderHeld", bulk=True)
async def order_hold(unit: Unit, order: Order, *, reason: str, scope: HoldScope = HoldScope.ALL) -> None:
    """Put an order on hold, wholly or for one kind of work, until the hold is released.

    Refusals: REASON_REQUIRED, INVALID_INPUT (reason), TOO_MANY_ENTRIES (holds, released ones too).
    """
    found = Findings()
    reason = found.reason(reason)
    found.check()
    if len(unit.holds[order.id]) >= MOST_HOLDS:
        raise Refused(TooManyEntries(f"An order has at most {MOST_HOLDS} holds.", ("holds",)))
    hold = OrderHold(order_id=order.id, scope=scope, reason=reason, held_by=unit.principal.key, held_at=unit.now)
    unit.add(hold)
    order.held_scopes = sorted({*order.held_scopes, scope})
    unit.events.append(PendingEvent("OrderHeld", order, {"hold": str(hold.id), "scope": scope}, is_main=True))
