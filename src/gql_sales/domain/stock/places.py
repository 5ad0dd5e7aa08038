"""Where stock lies: from what a caller says to locked rows, and the one way to change goods on hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.models.products import Product
from gql_sales.db.models.stock import MovementKind, StockLevel, StockMovement, StockPool
from gql_sales.db.queries.master import MAIN_BIN, bins_of, find_products, find_warehouses
from gql_sales.db.queries.stock import ensure_levels, ensure_pools, load_levels_at, load_pools
from gql_sales.db.session import Unit
from gql_sales.domain.stock.value import (
    ACCOUNTS,
    VALUED,
    books_currency,
    post_value,
    put_in,
    take_out,
    worth,
)
from gql_sales.kernel.errors import (
    InvalidAmount,
    InvalidInput,
    InvalidQuantity,
    NotAllocatable,
    NotFound,
    Refused,
    SalesError,
    StockAllocated,
    StockCommitted,
    TooManyEntries,
)
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.money import LARGEST
from gql_sales.kernel.quantities import LIMIT

MOST_LINES = 500


class Line(Protocol):
    """What the lines of every stock verb say of a place."""

    @property
    def product_id(self) -> UUID:
        """The product."""

    @property
    def bin_id(self) -> UUID | None:
        """The bin; None is the bin that the warehouse began with."""

    @property
    def lot(self) -> str | None:
        """The lot; None when lots are not told apart."""


@dataclass(frozen=True)
class Place:
    """One product in one bin, of one lot."""

    product: Product
    warehouse: Warehouse
    bin: Bin
    lot: str

    @property
    def key(self) -> tuple[UUID, UUID, UUID, str]:
        """What identifies its stock level; levels are locked in this order."""
        return self.product.id, self.warehouse.id, self.bin.id, self.lot

    @property
    def pool_key(self) -> tuple[UUID, UUID]:
        """What identifies its stock pool; pools are locked in this order."""
        return self.warehouse.pool_id, self.product.id

    @property
    def is_sellable(self) -> bool:
        """Whether goods there count for the pool (I-12)."""
        return self.bin.kind == BinKind.NORMAL

    @property
    def is_valued(self) -> bool:
        """Whether goods there have a value in the books."""
        return self.bin.kind in VALUED

    @property
    def account(self) -> AccountRole:
        """Where the value of goods there stands."""
        return ACCOUNTS[self.bin.kind]


async def find_places(
    unit: Unit, warehouse_id: UUID, lines: Sequence[Line], found: Findings, *, end: str = ""
) -> list[Place | None]:
    """The place of each line, None where something was found to be wrong with it.

    ``end`` is what the caller's fields begin with when a line has two places, such as ``from``. Finds NOT_FOUND,
    NOT_ALLOCATABLE, INVALID_INPUT; refuses at once with NOT_FOUND, INVALID_INPUT, TOO_MANY_ENTRIES.
    """
    if not lines:
        raise Refused(InvalidInput("Name at least one line.", ("input", "lines")))
    if len(lines) > MOST_LINES:
        raise Refused(TooManyEntries(f"At most {MOST_LINES} lines.", ("input", "lines")))
    warehouse = (await find_warehouses(unit, [warehouse_id])).get(warehouse_id)
    if warehouse is None:
        raise Refused(NotFound("No such warehouse.", ("input", _field(end, "warehouseId"))))
    if warehouse.is_fulfillment_method:
        message = "A fulfillment method holds no stock of ours."
        raise Refused(InvalidInput(message, ("input", _field(end, "warehouseId"))))
    bins = await bins_of(unit, warehouse.id)
    products = await find_products(unit, [line.product_id for line in lines])
    places: list[Place | None] = []
    for index, line in enumerate(lines):
        path = ("input", "lines", str(index))
        product, bin_ = products.get(line.product_id), _bin(bins, line.bin_id)
        refusals = _product_refusals(product, path)
        if bin_ is None:
            refusals.append(NotFound("The warehouse has no such bin.", (*path, _field(end, "binId"))))
        found.refuse(*refusals)
        lot = found.optional_line(line.lot, 80, *path[1:], "lot") or ""
        places.append(None if refusals or not product or not bin_ else Place(product, warehouse, bin_, lot))
    return places


def _field(end: str, name: str) -> str:
    return f"{end}{name[0].upper()}{name[1:]}" if end else name


def _product_refusals(product: Product | None, path: tuple[str, ...]) -> list[SalesError]:
    """Only goods that are counted have stock (domain.md 2, stock rules)."""
    if product is None:
        return [NotFound("No such product.", (*path, "productId"))]
    if not product.is_allocatable:
        return [NotAllocatable(f"{product.sku} is no goods.", (*path, "productId"))]
    if not product.is_stocked:
        return [InvalidInput(f"{product.sku} is not stocked.", (*path, "productId"))]
    return []


def _bin(bins: Mapping[UUID, Bin], bin_id: UUID | None) -> Bin | None:
    if bin_id is not None:
        return bins.get(bin_id)
    return next((row for row in bins.values() if row.code == MAIN_BIN), None)


class Stock:
    """The rows behind some places, locked."""

    def __init__(self, unit: Unit, currency: str) -> None:
        """Made by ``lock_stock``; ``currency`` is that of the company's books."""
        self._unit = unit
        self.currency = currency
        self._postings: dict[StockPool, dict[AccountRole, int]] = defaultdict(lambda: defaultdict(int))
        self._levels = {
            (level.product_id, level.warehouse_id, level.bin_id, level.lot): level for level in unit.levels.values()
        }

    def level(self, place: Place) -> StockLevel:
        """The place's level."""
        return self._levels[place.key]

    def pool(self, place: Place) -> StockPool:
        """The pool that the place's warehouse belongs to."""
        return self._unit.pools[place.pool_key]

    def move(
        self, place: Place, difference: Decimal, kind: MovementKind, reason: str | None, amount: int | None = None
    ) -> int:
        """Change goods on hand, and with them what the pool can sell; the movement records it (S7, I-8, I-12).

        What comes is worth ``amount``, or what the pool's average says. Gives the value that moved, above zero.
        """
        level, pool = self.level(place), self.pool(place)
        level.on_hand += difference
        if place.is_sellable:
            pool.on_hand_sellable += difference
        moved = worth(pool, abs(difference), self.currency) if amount is None else amount
        if place.is_valued and difference > 0:
            put_in(pool, difference, moved, self.currency)
        elif place.is_valued:
            moved = take_out(pool, -difference)
        self._unit.add(
            StockMovement(
                company_id=level.company_id,
                level_id=level.id,
                product_id=level.product_id,
                warehouse_id=level.warehouse_id,
                kind=kind,
                quantity=difference,
                value_amount=(moved if difference > 0 else -moved) if place.is_valued else 0,
                reason=reason,
                actor=self._unit.principal.key,
                occurred_at=self._unit.now,
            )
        )
        return moved

    def post(self, place: Place, debit: AccountRole, credit: AccountRole, amount: int) -> None:
        """Note what the ledger is to say of the place's pool (``write``)."""
        lines = self._postings[self.pool(place)]
        lines[debit] += amount
        lines[credit] -= amount

    async def write(self) -> None:
        """Post what was noted, an entry for each pool and product."""
        if self._postings:
            await post_value(self._unit, self._postings.items())


async def lock_stock(unit: Unit, places: Iterable[Place]) -> Stock:
    """The rows of the places, made where they are missing: all pools, then the levels, pool by pool as everywhere."""
    wanted = list(places)
    pools = {place.pool_key for place in wanted}
    await ensure_pools(unit, pools)
    await load_pools(unit, pools)
    for pool_id in sorted({pool_id for pool_id, _ in pools}):
        levels = {place.key for place in wanted if place.warehouse.pool_id == pool_id}
        await ensure_levels(unit, levels)
        await load_levels_at(unit, levels)
    return Stock(unit, await books_currency(unit))


def shortfalls(stock: Stock, places: Mapping[Place, int]) -> list[SalesError]:
    """Where less is left than is set aside in the bin, or promised from the pool; each pool is told once.

    ``places`` gives the line that names each place.
    """
    refusals: list[SalesError] = []
    short: set[UUID] = set()
    for place, index in places.items():
        path = ("input", "lines", str(index))
        level, pool = stock.level(place), stock.pool(place)
        if level.on_hand < level.allocated + level.booked:
            held = level.allocated + level.booked
            refusals.append(StockAllocated(f"{held.normalize():f} are allocated or booked there.", path))
        if pool.on_hand_sellable < pool.committed and pool.id not in short:
            short.add(pool.id)
            refusals.append(StockCommitted(f"{pool.committed.normalize():f} are promised to orders.", path))
    return refusals


def size_refusals(stock: Stock, places: Iterable[Place]) -> list[SalesError]:
    """Sums that are larger than the database can hold."""
    refusals: list[SalesError] = []
    for place in places:
        pool, path = stock.pool(place), ("input", "lines")
        if max(stock.level(place).on_hand, pool.on_hand_sellable, pool.valued_quantity) >= LIMIT:
            refusals.append(InvalidQuantity(f"There would be too much of {place.product.sku}.", path))
        if pool.inventory_amount >= LARGEST:
            refusals.append(InvalidAmount(f"What there is of {place.product.sku} would be worth too much.", path))
    return refusals


def tell(unit: Unit, event: str, stock: Stock, places: Iterable[Place]) -> StockPool:
    """Each pool of the places has the event once; the first pool is returned, whose event the runner appends."""
    first, *others = {place.pool_key: stock.pool(place) for place in places}.values()
    for pool in others:
        unit.emit(event, pool)
    return first
