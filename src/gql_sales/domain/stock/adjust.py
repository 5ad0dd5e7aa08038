"""Counting finds more or less than the books say; what is promised or set aside cannot be counted away."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.models.stock import MovementKind, StockPool
from gql_sales.db.session import Unit
from gql_sales.domain.stock.places import Place, Stock, find_places, lock_stock, shortfalls, size_refusals, tell
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import InvalidQuantity, SalesError
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import digit_refusals


@dataclass(frozen=True)
class AdjustedLine:
    """What was counted, or by how much the books are wrong: exactly one of the two."""

    product_id: UUID
    counted_quantity: Decimal | None = None
    difference: Decimal | None = None
    bin_id: UUID | None = None
    lot: str | None = None


@creation(StockPool, scope="stock:adjust", event="StockAdjusted")
async def stock_adjust(unit: Unit, *, warehouse_id: UUID, lines: Sequence[AdjustedLine], reason: str) -> StockPool:
    """Correct goods on hand to what was counted, or by a difference.

    Refusals: REASON_REQUIRED, NOT_FOUND, NOT_ALLOCATABLE, INVALID_QUANTITY, INVALID_INPUT, TOO_MANY_ENTRIES,
    STOCK_ALLOCATED, STOCK_COMMITTED.
    """
    found = Findings()
    why = found.reason(reason)
    wanted: dict[Place, tuple[int, AdjustedLine]] = {}
    for index, (line, place) in enumerate(zip(lines, await find_places(unit, warehouse_id, lines, found), strict=True)):
        if place is not None:
            found.refuse(*_quantity_refusals(place, line, ("input", "lines", str(index))))
            if place in wanted:
                found.invalid("Another line says the same product, bin and lot.", "lines", str(index))
            wanted[place] = index, line
    found.check()
    stock = await lock_stock(unit, wanted)
    for place, (_, line) in wanted.items():
        difference = _difference(stock, place, line)
        if difference:
            _correct(stock, place, difference, why)
    found.refuse(
        *size_refusals(stock, wanted), *shortfalls(stock, {place: index for place, (index, _) in wanted.items()})
    )
    found.check()
    await stock.write()
    return tell(unit, "StockAdjusted", stock, wanted)


def _quantity_refusals(place: Place, line: AdjustedLine, path: tuple[str, ...]) -> list[SalesError]:
    if (line.counted_quantity is None) == (line.difference is None):
        return [InvalidQuantity("Give either countedQuantity or difference.", path)]
    digits = place.product.quantity_digits
    if line.counted_quantity is not None:
        if line.counted_quantity < 0:
            return [InvalidQuantity("Nobody counts less than nothing.", (*path, "countedQuantity"))]
        return digit_refusals(digits, line.counted_quantity, (*path, "countedQuantity"))
    if line.difference == 0:
        return [InvalidQuantity("A difference is not zero.", (*path, "difference"))]
    return digit_refusals(digits, line.difference or Decimal(0), (*path, "difference"))


def _correct(stock: Stock, place: Place, difference: Decimal, reason: str) -> None:
    """What is found to be missing takes its value with it; what is found has the average one."""
    amount = stock.move(place, difference, MovementKind.ADJUST, reason)
    if place.is_valued and difference > 0:
        stock.post(place, AccountRole.INVENTORY, AccountRole.STOCK_ADJUSTMENT, amount)
    elif place.is_valued:
        stock.post(place, AccountRole.STOCK_ADJUSTMENT, AccountRole.INVENTORY, amount)


def _difference(stock: Stock, place: Place, line: AdjustedLine) -> Decimal:
    if line.counted_quantity is not None:
        return line.counted_quantity - stock.level(place).on_hand
    return line.difference or Decimal(0)
