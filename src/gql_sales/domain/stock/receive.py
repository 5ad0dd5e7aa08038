"""Goods come in: what arrives in a normal bin can be sold at once."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.stock import MovementKind, StockPool
from gql_sales.db.session import Unit
from gql_sales.domain.stock.places import Place, find_places, lock_stock, size_refusals, tell
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import Refused
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals


@dataclass(frozen=True)
class ReceivedLine:
    """How much of what arrived, and where it was put."""

    product_id: UUID
    quantity: Decimal
    bin_id: UUID | None = None
    lot: str | None = None


async def _claims(unit: Unit, calls: Sequence[dict[str, Any]]) -> None:
    """The stock of many deliveries at once; what is wrong with a line is told by the call that has it."""
    places: list[Place] = []
    for call in calls:
        with suppress(Refused):
            places += filter(None, await find_places(unit, call["warehouse_id"], call["lines"], Findings()))
    if places:
        await lock_stock(unit, places)


@creation(StockPool, scope="stock:receive", event="StockReceived", bulk=True, claims=_claims)
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
