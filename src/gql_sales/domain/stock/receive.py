"""Goods come in: what arrives in a normal bin can be sold at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.stock import MovementKind, StockPool
from gql_sales.db.session import Unit
from gql_sales.domain.stock.places import Place, find_places, lock_stock, size_refusals, tell
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals


@dataclass(frozen=True)
class ReceivedLine:
    """How much of what arrived, and where it was put."""

    product_id: UUID
    quantity: Decimal
    bin_id: UUID | None = None
    lot: str | None = None


@creation(StockPool, scope="stock:receive", event="StockReceived")
async def stock_receive(
    unit: Unit, *, warehouse_id: UUID, lines: Sequence[ReceivedLine], reason: str | None = None
) -> StockPool:
    """Take goods into the bins of a warehouse; lines of one product, bin and lot count together.

    Refusals: NOT_FOUND, NOT_ALLOCATABLE, INVALID_QUANTITY, INVALID_INPUT, TOO_MANY_ENTRIES.
    """
    found = Findings()
    reason = found.optional_line(reason, 500, "reason")
    quantities: dict[Place, Decimal] = defaultdict(Decimal)
    for index, (line, place) in enumerate(zip(lines, await find_places(unit, warehouse_id, lines, found), strict=True)):
        if place is not None:
            path = ("input", "lines", str(index), "quantity")
            found.refuse(*quantity_refusals(place.product.quantity_digits, line.quantity, path))
            quantities[place] += line.quantity
    found.check()
    stock = await lock_stock(unit, quantities)
    for place, quantity in quantities.items():
        stock.move(place, quantity, MovementKind.RECEIVE, reason)
    found.refuse(*size_refusals(stock, quantities))
    found.check()
    return tell(unit, "StockReceived", stock, quantities)
