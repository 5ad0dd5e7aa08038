"""Taking back open quantities: in which order promises are given up, and the note that tells of it after the lock."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.cancellations import CancellationItem, CancellationNote
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import AllocationState, Order, OrderItem
from gql_sales.db.session import Unit
from gql_sales.domain.orders.locks import is_item_locked
from gql_sales.domain.stock.allocation import allocatable, give_back, split_off
from gql_sales.domain.stock.commitment import release

ZERO = Decimal(0)


def cancellable(item: OrderItem) -> Decimal:
    """What may be taken back now: open, not packed, and on no booked shipment."""
    return max(ZERO, item.net_quantity - item.locked_quantity) if item.is_allocatable else item.open_quantity


def take_back(unit: Unit, order: Order, quantities: Mapping[UUID, Decimal]) -> None:
    """Cancel quantities by item id: first what is not promised, then what is, then what is set aside.

    None is above what is cancellable.
    """
    released = {}
    for item in order.items:
        quantity = quantities.get(item.id, ZERO)
        promised = max(ZERO, quantity - (item.open_quantity - item.committed_quantity)) if item.is_allocatable else ZERO
        released[item.id] = promised
        _give_back(unit, order, item, promised - allocatable(item))
    release(unit, order, released)
    for item in order.items:
        item.cancelled_quantity += quantities.get(item.id, ZERO)


def _give_back(unit: Unit, order: Order, item: OrderItem, quantity: Decimal) -> None:
    """Give up to ``quantity`` of what is set aside for the item back, the newest allocations first."""
    left = quantity
    for row in list(reversed(unit.allocations[order.id])):
        if left <= 0:
            return
        if row.order_item_id == item.id and row.state == AllocationState.ALLOCATED:
            part = split_off(unit, row, min(left, row.quantity))
            left -= give_back(unit, order, [part])


def note_cancellation(
    unit: Unit, order: Order, quantities: Mapping[UUID, Decimal], reason: str, requested_by: str | None = None
) -> None:
    """Write the note that a cancellation after the lock leaves behind; before the lock there is none (KS-16)."""
    taken = {item.id: quantities[item.id] for item in order.items if quantities.get(item.id, ZERO) > 0}
    if not any(is_item_locked(order, item) for item in order.items if item.id in taken):
        return
    note = unit.add(
        CancellationNote(
            company_id=order.company_id,
            order_id=order.id,
            reason=reason,
            requested_by=requested_by,
            created_at=unit.now,
        )
    )
    for item_id, quantity in taken.items():
        unit.add(CancellationItem(note_id=note.id, order_item_id=item_id, quantity=quantity))
    unit.number(note, SeriesKind.CANCELLATION_NOTE, unit.now.date())
