"""Goods come in: what arrives in a normal bin can be sold at once."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.models.stock import MovementKind, StockPool
from gql_sales.db.session import Unit
from gql_sales.domain.stock.places import Place, Stock, find_places, lock_stock, size_refusals, tell
from gql_sales.domain.stock.value import worth
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import InvalidAmount, Refused, SalesError
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals

COST_LIMIT = Decimal(10) ** 12
"""Major units; every cost of one piece is below it."""


@dataclass(frozen=True)
class ReceivedLine:
    """How much of what arrived, and where it was put."""

    product_id: UUID
    quantity: Decimal
    bin_id: UUID | None = None
    lot: str | None = None
    unit_cost: Decimal | None = None
    """What one has cost, in major units of the company's books; None is the average of what was there."""


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

    Refusals: NOT_FOUND, NOT_ALLOCATABLE, INVALID_QUANTITY, INVALID_AMOUNT, INVALID_INPUT, TOO_MANY_ENTRIES.
    """
    found = Findings()
    reason = found.optional_line(reason, 500, "reason")
    arrived: dict[Place, list[ReceivedLine]] = defaultdict(list)
    for index, (line, place) in enumerate(zip(lines, await find_places(unit, warehouse_id, lines, found), strict=True)):
        if place is not None:
            path = ("input", "lines", str(index))
            found.refuse(*quantity_refusals(place.product.quantity_digits, line.quantity, (*path, "quantity")))
            found.refuse(*_cost_refusals(line.unit_cost, (*path, "unitCost")))
            arrived[place].append(line)
    found.check()
    stock = await lock_stock(unit, arrived)
    for place, here in arrived.items():
        _put(stock, place, here, reason)
    found.refuse(*size_refusals(stock, arrived))
    found.check()
    await stock.write()
    return tell(unit, "StockReceived", stock, arrived)


def _put(stock: Stock, place: Place, lines: Sequence[ReceivedLine], reason: str | None) -> None:
    """Lines of one place are one movement; each has its own cost."""
    pool = stock.pool(place)
    amount = sum(worth(pool, line.quantity, stock.currency, line.unit_cost) for line in lines)
    moved = stock.move(place, sum((line.quantity for line in lines), Decimal(0)), MovementKind.RECEIVE, reason, amount)
    if place.is_valued:
        stock.post(place, AccountRole.INVENTORY, AccountRole.GOODS_RECEIVED, moved)


def _cost_refusals(cost: Decimal | None, path: tuple[str, ...]) -> list[SalesError]:
    if cost is not None and not 0 <= cost < COST_LIMIT:
        return [InvalidAmount("A cost is not below zero and not astronomical.", path)]
    return []
