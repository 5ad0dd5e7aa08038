"""Allocation picks where promised goods will come from (KS-13)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.queries.shipments import find_warehouse
from gql_sales.db.session import Unit
from gql_sales.domain.allocations.guards import may_set_aside, something_to_allocate
from gql_sales.domain.allocations.sources import Source, Wanted, checked_source, find_sources
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.holds import free_to_allocate
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.orders.prepayment import paid_in_advance
from gql_sales.domain.orders.promising import promising_what_is_set_aside, to_set_aside
from gql_sales.domain.stock.allocation import allocatable, allocate
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import (
    InsufficientStock,
    InvalidInput,
    NotFound,
    QuantityNotOpen,
    Refused,
    SalesError,
    TooManyEntries,
)
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals
from gql_sales.kernel.warnings import WarningCode

MOST_LINES = 1000


@dataclass(frozen=True)
class AllocatedLine:
    """How much of which order item is to come from where."""

    order_item_id: UUID
    quantity: Decimal
    source: Source


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[free_to_allocate, paid_in_advance, may_set_aside, something_to_allocate],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.POOLS_TO_ALLOCATE, needs.LEVELS],
    scope="allocations:create",
    event="AllocationCreated",
    bulk=True,
)
async def allocation_create(
    unit: Unit, order: Order, *, warehouse_id: UUID | None = None, lines: Sequence[AllocatedLine] = ()
) -> None:
    """Set stock aside for an order: by plan, warehouses in order of priority or just the one named, or line by line.

    Who is bound to warehouses sets aside there only. By plan, what lies nowhere free stays promised, with the warning
    STOCK_SHORT; lines are met in full or refused. Refusals: ON_HOLD, POLICY_FORBIDS (allocateOn BOOK), NOTHING_OPEN,
    INSUFFICIENT_STOCK, NOT_FOUND, INVALID_INPUT, TOO_MANY_ENTRIES, INVALID_QUANTITY, QUANTITY_NOT_OPEN,
    WAREHOUSE_NOT_IN_POOL, NOT_ALLOCATABLE, BIN_KIND_NOT_ALLOWED, LOT_UNKNOWN.
    """
    if lines and warehouse_id is not None:
        raise Refused(InvalidInput("Name warehouses in the lines only.", ("input", "warehouseId")))
    with promising_what_is_set_aside(unit, order):
        if lines:
            await _by_hand(unit, order, lines)
        else:
            await _by_plan(unit, order, warehouse_id)


async def _by_plan(unit: Unit, order: Order, warehouse_id: UUID | None) -> None:
    if warehouse_id is not None and await find_warehouse(unit, warehouse_id) is None:
        raise Refused(NotFound("No such warehouse.", ("input", "warehouseId")))
    if allocate(unit, order, {warehouse_id} if warehouse_id else unit.principal.warehouse_ids) == 0:
        message = "Nothing of the order lies free" + (" in that warehouse." if warehouse_id else ".")
        raise Refused(InsufficientStock(message, ("input", "warehouseId") if warehouse_id else None))
    for item in order.items:
        if (short := to_set_aside(unit, order, item)) > 0:
            message = f"{short.normalize():f} of {item.sku} lie nowhere free."
            unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))


async def _by_hand(unit: Unit, order: Order, lines: Sequence[AllocatedLine]) -> None:
    if len(lines) > MOST_LINES:
        raise Refused(TooManyEntries(f"At most {MOST_LINES} lines.", ("input", "lines")))
    found = Findings()
    wanted = [_wanted(order, line, found, ("input", "lines", str(index))) for index, line in enumerate(lines)]
    sources = await find_sources(unit, order, [one.source for one in wanted])
    for one in wanted:
        found.refuse(*sources.refusals(one))
        found.refuse(*quantity_refusals(one.item.quantity_digits, one.quantity, (*one.path, "quantity")))
    found.refuse(*_too_much(unit, order, wanted))
    found.check()
    found.refuse(*sources.set_aside(wanted))
    found.check()


def _too_much(unit: Unit, order: Order, wanted: Sequence[Wanted]) -> Iterable[SalesError]:
    """Where lines of one item ask for more than waits for it, or than the pool can promise with them (S3)."""
    asked: dict[UUID, Decimal] = defaultdict(Decimal)
    for one in wanted:
        item, path = one.item, (*one.path, "quantity")
        before = asked[item.id]
        asked[item.id] += one.quantity
        waiting, promised = to_set_aside(unit, order, item), allocatable(item)
        if item.is_allocatable and asked[item.id] > waiting:
            left = max(waiting - before, Decimal(0))
            message = f"{left.normalize():f} of {item.sku} wait to be set aside."
            yield QuantityNotOpen(message, path, available_quantity=left)
        elif item.is_allocatable and asked[item.id] > promised:
            left = max(promised - before, Decimal(0))
            message = f"Only {left.normalize():f} of {item.sku} can be promised."
            yield InsufficientStock(message, path, order_item_id=item.id, available_quantity=left)


def _wanted(order: Order, line: AllocatedLine, found: Findings, path: tuple[str, ...]) -> Wanted:
    item = item_of(order, line.order_item_id, (*path, "orderItemId"))
    return Wanted(item, line.quantity, checked_source(line.source, found, path), path)
