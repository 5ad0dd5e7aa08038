"""Cancelling by quantity: what is open can be taken back at any stage, with a note after the lock (KS-16, X-19)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.axes import billable_amount
from gql_sales.domain.orders.cancellation import cancellable, note_cancellation, take_back
from gql_sales.domain.orders.complete import is_begun
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.orders.items import MOST_ITEMS
from gql_sales.domain.orders.withdrawal import mark_cancelled
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidAmount, NoItems, NothingOpen, QuantityNotOpen, SalesError, TooManyEntries
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals
from gql_sales.kernel.warnings import WarningCode

PATH = ("input", "items")


@dataclass(frozen=True)
class CancelledItem:
    """How much of which order item is no longer wanted."""

    order_item_id: UUID
    quantity: Decimal


def something_to_cancel(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Some quantity is open, not packed, and on no booked shipment."""
    if any(cancellable(item) > 0 for item in order.items):
        return
    booked = list(guards.nothing_booked(unit, order))
    yield from booked or [NothingOpen("Nothing of the order is open that is not packed.", ("items",))]


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[something_to_cancel],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS, needs.ALLOCATED_LEVELS],
    scope="orders:cancel",
    event="OrderItemCancelled",
    bulk=True,
)
async def order_item_cancel(
    unit: Unit, order: Order, *, items: Sequence[CancelledItem], reason: str, requested_by: str | None = None
) -> None:
    """Cancel open quantities of items; an order of which nothing is left and nothing was done is cancelled with them.

    After the lock a cancellation note with a number of its own is written. What is billed beyond the rest is told with
    the warning CREDIT_REQUIRED. Refusals: NOTHING_OPEN, ALREADY_BOOKED (all that is open), REASON_REQUIRED,
    INVALID_INPUT, NO_ITEMS, TOO_MANY_ENTRIES, NOT_FOUND, INVALID_QUANTITY, QUANTITY_NOT_OPEN, INVALID_AMOUNT (discounts
    would exceed what is left to bill).
    """
    found = Findings()
    reason = found.reason(reason)
    requested_by = found.optional_line(requested_by, 120, "requestedBy")
    quantities = _quantities(order, items, found)
    found.check()
    before = billable_amount(order.items)
    take_back(unit, order, quantities)
    if billable_amount(order.items) < min(0, before):
        found.refuse(InvalidAmount("Cancel the discount as well; it exceeds what is left.", PATH))
        found.check()
    note_cancellation(unit, order, quantities, reason, requested_by)
    _tell_billed(unit, order, quantities)
    data = {"items": {str(id_): f"{quantity.normalize():f}" for id_, quantity in quantities.items()}}
    unit.events.append(PendingEvent("OrderItemCancelled", order, data, is_main=True))
    if not is_begun(order) and all(item.open_quantity == 0 for item in order.items):
        order.state = OrderState.CANCELLED
        mark_cancelled(unit, order, reason)
        unit.emit("OrderCancelled", order)


def _quantities(order: Order, items: Sequence[CancelledItem], found: Findings) -> dict[UUID, Decimal]:
    """What to cancel by item; an item named twice is cancelled with the sum."""
    totals: dict[UUID, Decimal] = defaultdict(Decimal)
    if not items:
        found.refuse(NoItems("Name at least one item.", PATH))
    if len(items) > MOST_ITEMS:
        found.refuse(TooManyEntries(f"At most {MOST_ITEMS} items.", PATH))
        return totals
    for index, entry in enumerate(items):
        path = (*PATH, str(index))
        item = item_of(order, entry.order_item_id, (*path, "orderItemId"))
        found.refuse(*quantity_refusals(item.quantity_digits, entry.quantity, (*path, "quantity")))
        totals[item.id] += entry.quantity
        if totals[item.id] > cancellable(item):
            left = cancellable(item)
            message = f"Only {left.normalize():f} of {item.sku} are open and neither booked nor packed."
            found.refuse(QuantityNotOpen(message, (*path, "quantity"), available_quantity=left))
    return totals


def _tell_billed(unit: Unit, order: Order, quantities: Mapping[UUID, Decimal]) -> None:
    """Billed goods may be cancelled, but the money has to go back."""
    for item in order.items:
        beyond = item.invoiced_quantity - item.credited_quantity - item.net_quantity
        if item.id in quantities and beyond > 0:
            message = f"{beyond.normalize():f} of {item.sku} are billed beyond what is left; credit them."
            unit.warn(WarningCode.CREDIT_REQUIRED, message, path=("items", str(item.position)))
