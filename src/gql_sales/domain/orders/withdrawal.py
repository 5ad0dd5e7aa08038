"""Taking back everything that is open of an order: what cancelling and expiring have in common (X-19, X-24)."""

from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders.cancellation import note_cancellation
from gql_sales.domain.stock.allocation import give_back
from gql_sales.domain.stock.commitment import release


def withdraw(unit: Unit, order: Order, reason: str) -> None:
    """Give the order's stock back and cancel all that is open of it."""
    give_back(unit, order, unit.allocations[order.id])
    release(unit, order, {item.id: item.committed_quantity for item in order.items})
    taken: dict[UUID, Decimal] = {}
    for item in order.items:
        # What is no goods is done when it is billed; a settlement takes that back in the same transaction.
        billed = Decimal(0) if item.is_allocatable else item.invoiced_quantity - item.credited_quantity
        taken[item.id] = item.open_quantity + billed
        item.cancelled_quantity += taken[item.id]
    note_cancellation(unit, order, taken, reason)
    mark_cancelled(unit, order, reason)


def mark_cancelled(unit: Unit, order: Order, reason: str) -> None:
    """What stands on an order of which nothing is wanted any more, besides its state."""
    order.acknowledgement_due_at = order.expires_at = None
    order.cancelled_at = unit.now
    order.cancel_reason = reason
