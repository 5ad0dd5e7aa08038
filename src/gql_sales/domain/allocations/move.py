"""Stock that was set aside can be taken from elsewhere: given back and set aside anew in one step (C-14, C-15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, Allocation, Order
from gql_sales.db.session import Unit
from gql_sales.domain.allocations.guards import something_to_release
from gql_sales.domain.allocations.sources import Source, Wanted, checked_source, find_sources
from gql_sales.domain.allocations.standing import refusal_of, standing
from gql_sales.domain.orders import needs
from gql_sales.domain.stock.allocation import give_back, split_off
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, QuantityNotOpen, Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals

MOST_MOVES = 1000


@dataclass(frozen=True)
class AllocationMove:
    """Which allocation, or how much of it, is to come from where instead."""

    allocation_id: UUID
    source: Source
    quantity: Decimal | None = None


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[something_to_release],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.LEVELS],
    scope="allocations:move",
    event="AllocationMoved",
)
async def allocation_move(unit: Unit, order: Order, *, moves: Sequence[AllocationMove]) -> None:
    """Set allocated goods of an order aside elsewhere, all of an allocation or a part; the place is checked as well.

    All are given back before any is set aside anew, so that two may change places. Refusals: NOTHING_OPEN, NOT_FOUND,
    ALREADY_BOOKED, INVALID_INPUT, TOO_MANY_ENTRIES, INVALID_QUANTITY, QUANTITY_NOT_OPEN, WAREHOUSE_NOT_IN_POOL,
    NOT_ALLOCATABLE, BIN_KIND_NOT_ALLOWED, LOT_UNKNOWN, INSUFFICIENT_STOCK.
    """
    if not moves:
        raise Refused(InvalidInput("Name at least one move.", ("input", "moves")))
    if len(moves) > MOST_MOVES:
        raise Refused(TooManyEntries(f"At most {MOST_MOVES} moves.", ("input", "moves")))
    found = Findings()
    wanted = _wanted(unit, order, moves, found)
    found.check()
    sources = await find_sources(unit, order, [one.source for _, one in wanted])
    for _, one in wanted:
        found.refuse(*sources.refusals(one))
    found.check()
    give_back(unit, order, [split_off(unit, row, one.quantity) for row, one in wanted])
    found.refuse(*sources.set_aside([one for _, one in wanted]))
    found.check()


def _wanted(
    unit: Unit, order: Order, moves: Sequence[AllocationMove], found: Findings
) -> list[tuple[Allocation, Wanted]]:
    """Each allocation that moves, and what is to be set aside instead."""
    known, items = standing(unit, order), {item.id: item for item in order.items}
    wanted: dict[UUID, tuple[Allocation, Wanted]] = {}
    for index, move in enumerate(moves):
        path = ("input", "moves", str(index))
        row = known.get(move.allocation_id)
        refusal = refusal_of(row, (*path, "allocationId"))
        if row is None or refusal is not None:
            found.refuse(*[refusal] if refusal else [])
            continue
        if row.id in wanted:
            found.invalid("Another move names the same allocation.", *path[1:], "allocationId")
        item, quantity = items[row.order_item_id], row.quantity if move.quantity is None else move.quantity
        found.refuse(*quantity_refusals(item.quantity_digits, quantity, (*path, "quantity")))
        if quantity > row.quantity:
            message = f"The allocation holds {row.quantity.normalize():f}."
            found.refuse(QuantityNotOpen(message, (*path, "quantity"), available_quantity=row.quantity))
        wanted[row.id] = row, Wanted(item, quantity, checked_source(move.source, found, path), path)
    return list(wanted.values())
