"""Goods are taken from one bin to another, in one warehouse or between two, and pools follow what bins they lie in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.stock import MovementKind, StockPool
from gql_sales.db.session import Unit
from gql_sales.domain.stock.places import Place, Stock, find_places, lock_stock, shortfalls, size_refusals, tell
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import InsufficientStock, SalesError
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals


@dataclass(frozen=True)
class MovedLine:
    """How much of what goes from which bin to which."""

    product_id: UUID
    quantity: Decimal
    from_bin_id: UUID | None = None
    to_bin_id: UUID | None = None
    lot: str | None = None

    def start(self) -> "End":
        """Where it lies."""
        return End(self.product_id, self.from_bin_id, self.lot)

    def goal(self) -> "End":
        """Where it is to lie."""
        return End(self.product_id, self.to_bin_id, self.lot)


@dataclass(frozen=True)
class End:
    """One end of a move, as lines of other stock verbs say of their place."""

    product_id: UUID
    bin_id: UUID | None
    lot: str | None


@dataclass(frozen=True)
class Move:
    """What a line means."""

    start: Place
    goal: Place
    quantity: Decimal


@creation(StockPool, scope="stock:move", event="StockMoved")
async def stock_move(
    unit: Unit, *, from_warehouse_id: UUID, to_warehouse_id: UUID, lines: Sequence[MovedLine], reason: str | None = None
) -> StockPool:
    """Take goods from bins of one warehouse to bins of the same or another one; what they are promised for stays kept.

    Refusals: NOT_FOUND, NOT_ALLOCATABLE, INVALID_QUANTITY, INVALID_INPUT, TOO_MANY_ENTRIES, INSUFFICIENT_STOCK,
    STOCK_ALLOCATED, STOCK_COMMITTED.
    """
    found = Findings()
    reason = found.optional_line(reason, 500, "reason")
    moves = await _moves(unit, from_warehouse_id, to_warehouse_id, lines, found)
    found.check()
    places = list(dict.fromkeys(place for move in moves for place in (move.start, move.goal)))
    stock = await lock_stock(unit, places)
    lying = {place: stock.level(place).on_hand for place in places}
    for move in moves:
        _carry(stock, move, reason)
    found.refuse(*size_refusals(stock, places))
    found.refuse(*_missing(stock, moves, lying))
    found.check()
    await stock.write()
    return tell(unit, "StockMoved", stock, places)


async def _moves(
    unit: Unit, from_warehouse_id: UUID, to_warehouse_id: UUID, lines: Sequence[MovedLine], found: Findings
) -> list[Move]:
    """What the lines mean; a line of which something is found to be wrong is left out."""
    starts = await find_places(unit, from_warehouse_id, [line.start() for line in lines], found, end="from")
    # What is wrong with a product or a lot has been found already.
    also = Findings()
    goals = await find_places(unit, to_warehouse_id, [line.goal() for line in lines], also, end="to")
    found.refuse(*[error for error in also.errors if (error.path or ())[-1] == "toBinId"])
    moves = []
    for index, (line, start, goal) in enumerate(zip(lines, starts, goals, strict=True)):
        path = ("lines", str(index))
        if start is None or goal is None:
            continue
        found.refuse(*quantity_refusals(start.product.quantity_digits, line.quantity, ("input", *path, "quantity")))
        if start == goal:
            found.invalid("The goods lie there already.", *path)
        moves.append(Move(start, goal, line.quantity))
    return moves


def _carry(stock: Stock, move: Move, reason: str | None) -> None:
    """Goods take their value along, or get or lose it by the kind of bin they go to (posting table)."""
    amount = stock.move(move.start, -move.quantity, MovementKind.MOVE, reason)
    # Where the goods had no value they get the average of the pool they join.
    given = amount if move.start.is_valued else None
    amount = stock.move(move.goal, move.quantity, MovementKind.MOVE, reason, given)
    if move.goal.account != move.start.account:
        stock.post(move.start, move.goal.account, move.start.account, amount)


def _missing(stock: Stock, moves: Sequence[Move], lying: Mapping[Place, Decimal]) -> list[SalesError]:
    """Where more is taken away than was lying there, than is free, or than the pool can do without; each once."""
    starts: dict[Place, int] = {}
    for index, move in enumerate(moves):
        starts.setdefault(move.start, index)
    refusals: list[SalesError] = []
    for place, index in starts.items():
        level = stock.level(place)
        if level.on_hand < 0:
            message = f"Only {lying[place].normalize():f} of {place.product.sku} lie in {place.bin.code}."
            free = lying[place] - level.allocated - level.booked
            path = ("input", "lines", str(index), "quantity")
            refusals.append(InsufficientStock(message, path, available_quantity=free))
    return refusals or shortfalls(stock, starts)
