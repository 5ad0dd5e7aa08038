"""Stock that was set aside can be given back; it stays promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, Allocation, AllocationState, Order
from gql_sales.db.session import Unit
from gql_sales.domain.allocations.guards import something_to_release
from gql_sales.domain.allocations.standing import refusal_of, standing
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.orders.promising import promising_what_is_set_aside
from gql_sales.domain.stock.allocation import give_back, split_off
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, NothingOpen, QuantityNotOpen, Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals

MOST_LINES = 1000


@dataclass(frozen=True)
class ReleasedLine:
    """How much of which order item is given back, in any warehouse or just one."""

    order_item_id: UUID
    quantity: Decimal
    warehouse_id: UUID | None = None


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[something_to_release],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS_TO_ALLOCATE, needs.ALLOCATED_LEVELS],
    scope="allocations:release",
    event="AllocationReleased",
)
async def allocation_release(
    unit: Unit, order: Order, *, allocation_ids: Sequence[UUID] = (), lines: Sequence[ReleasedLine] = ()
) -> None:
    """Give allocations of an order back: all that are not booked, those named, or a quantity of an item.

    It stays promised, but for what setting it aside had promised (commitOn ON_ALLOCATE).
    Who is bound to warehouses gives back what is set aside there. Of an item the newest allocations go first.
    Refusals: NOTHING_OPEN, NOT_FOUND, ALREADY_BOOKED, INVALID_INPUT, TOO_MANY_ENTRIES, INVALID_QUANTITY,
    QUANTITY_NOT_OPEN.
    """
    if allocation_ids and lines:
        raise Refused(InvalidInput("Name allocations or quantities, not both.", ("input", "lines")))
    if len(lines) > MOST_LINES:
        raise Refused(TooManyEntries(f"At most {MOST_LINES} lines.", ("input", "lines")))
    known, found = standing(unit, order), Findings()
    chosen: Iterable[Allocation] = known.values()
    if allocation_ids:
        for index, id_ in enumerate(allocation_ids):
            refusal = refusal_of(known.get(id_), ("input", "allocationIds", str(index)))
            found.refuse(*[refusal] if refusal else [])
        chosen = [known[id_] for id_ in dict.fromkeys(allocation_ids) if id_ in known]
    elif lines:
        chosen = _parts(unit, order, known.values(), lines, found)
    found.check()
    with promising_what_is_set_aside(unit, order):
        if give_back(unit, order, chosen) == 0:
            raise Refused(NothingOpen("Nothing is set aside that you may give back.", ("allocations",)))


def _parts(
    unit: Unit, order: Order, known: Iterable[Allocation], lines: Sequence[ReleasedLine], found: Findings
) -> list[Allocation]:
    """What of the allocations the lines give back; what they hold beyond stays set aside."""
    free = [row for row in reversed(list(known)) if row.state == AllocationState.ALLOCATED]
    parts: list[Allocation] = []
    for index, line in enumerate(lines):
        path = ("input", "lines", str(index))
        item = item_of(order, line.order_item_id, (*path, "orderItemId"))
        refusals = quantity_refusals(item.quantity_digits, line.quantity, (*path, "quantity"))
        rows = [r for r in free if r.order_item_id == item.id and line.warehouse_id in (None, r.warehouse_id)]
        held = sum((row.quantity for row in rows), Decimal(0))
        if refusals or line.quantity > held:
            message = f"{held.normalize():f} of {item.sku} are set aside there and not booked."
            found.refuse(*refusals or [QuantityNotOpen(message, (*path, "quantity"), available_quantity=held)])
            continue
        left = line.quantity
        for row in rows:
            if left <= 0:
                break
            part = split_off(unit, row, min(left, row.quantity))
            left -= part.quantity
            parts.append(part)
            if part is row:
                free.remove(row)
    return parts
