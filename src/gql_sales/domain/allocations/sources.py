"""Where stock is to be set aside when somebody says so by hand, and whether it lies there (KS-13, KS-14, C-14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.models.stock import StockLevel
from gql_sales.db.queries.master import bins_among, find_warehouses
from gql_sales.db.session import Unit
from gql_sales.domain.stock.allocation import allocate_item, levels_by_product, set_aside_at_method
from gql_sales.kernel.errors import (
    BinKindNotAllowed,
    InsufficientStock,
    LotUnknown,
    NotAllocatable,
    NotFound,
    SalesError,
    WarehouseNotInPool,
)
from gql_sales.kernel.inputs import Findings

ZERO = Decimal(0)
Path = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A warehouse, or one of its bins, or one lot; a fulfillment method has neither bins nor lots."""

    warehouse_id: UUID
    bin_id: UUID | None = None
    lot: str | None = None


@dataclass(frozen=True)
class Wanted:
    """How much of an item is to be set aside at which source; ``path`` is where the caller said so."""

    item: OrderItem
    quantity: Decimal
    source: Source
    path: Path


class Sources:
    """The sources that a call names: what the caller may use of them, and what lies there."""

    def __init__(
        self, unit: Unit, order: Order, warehouses: Mapping[UUID, Warehouse], bins: Mapping[UUID, Bin]
    ) -> None:
        """Made by ``find_sources``."""
        self._unit, self._order = unit, order
        self._warehouses, self._bins = warehouses, bins
        self._levels = levels_by_product(unit)

    def refusals(self, wanted: Wanted) -> Iterable[SalesError]:
        """Why goods of the item cannot come from there at all."""
        item, source, path = wanted.item, wanted.source, wanted.path
        warehouse = self._warehouses.get(source.warehouse_id)
        if warehouse is None:
            yield NotFound("No such warehouse.", (*path, "warehouseId"))
        elif warehouse.pool_id != self._unit.channels[self._order.channel_id].pool_id:
            message = "The warehouse does not belong to the channel's stock pool."
            yield WarehouseNotInPool(message, (*path, "warehouseId"))
        elif (refusal := source_refusal(item, warehouse, (*path, "warehouseId"))) is not None:
            yield refusal
        else:
            yield from self._place_refusals(wanted)

    def _place_refusals(self, wanted: Wanted) -> Iterable[SalesError]:
        source, path = wanted.source, wanted.path
        bin_ = self._bins.get(source.bin_id) if source.bin_id else None
        if source.bin_id and (bin_ is None or bin_.warehouse_id != source.warehouse_id):
            yield NotFound("The warehouse has no such bin.", (*path, "binId"))
        elif bin_ is not None and bin_.kind != BinKind.NORMAL:
            yield BinKindNotAllowed(f"{bin_.code} is a {bin_.kind} bin; orders are served from NORMAL ones.",
                                    (*path, "binId"))  # fmt: skip
        elif source.lot is not None and not self.levels(wanted):
            yield LotUnknown(f"No {wanted.item.sku} of that lot is kept there.", (*path, "lot"))

    def levels(self, wanted: Wanted) -> list[StockLevel]:
        """The levels that the source means, first in line first."""
        source = wanted.source
        return [
            level
            for level in self._levels.get(wanted.item.product_id, ())
            if level.warehouse_id == source.warehouse_id
            and source.bin_id in (None, level.bin_id)
            and source.lot in (None, level.lot)
        ]

    def set_aside(self, wanted: Sequence[Wanted]) -> list[SalesError]:
        """Set aside all of it; INSUFFICIENT_STOCK, with what lies free there, for each line that is short.

        Who names a bin or a lot is served before who takes any, so that lines do not take away each other's stock.
        """
        short: dict[int, SalesError] = {}
        for index, one in sorted(enumerate(wanted), key=lambda numbered: _vagueness(numbered[1].source)):
            if not one.item.is_stocked:
                set_aside_at_method(self._unit, self._order, one.item, one.source.warehouse_id, one.quantity)
                continue
            levels = self.levels(one)
            free = sum((level.free for level in levels), ZERO)
            if allocate_item(self._unit, self._order, one.item, one.quantity, levels) < one.quantity:
                message = (
                    f"{free.normalize():f} of {one.item.sku} lie free there, {one.quantity.normalize():f} are wanted."
                )
                short[index] = InsufficientStock(
                    message, (*one.path, "quantity"), order_item_id=one.item.id, available_quantity=free
                )
        return [short[index] for index in sorted(short)]


def _vagueness(source: Source) -> int:
    return (source.bin_id is None) + (source.lot is None)


def source_refusal(item: OrderItem, warehouse: Warehouse, path: Path) -> NotAllocatable | None:
    """Our own stock lies in warehouses, and what we do not stock is sent by a fulfillment method (KS-14)."""
    if not item.is_allocatable:
        return NotAllocatable(f"{item.sku} is no goods.", path)
    if item.is_stocked == warehouse.is_fulfillment_method:
        where = "lies in warehouses" if item.is_stocked else "is sent by a fulfillment method"
        return NotAllocatable(f"{item.sku} {where}; {warehouse.code} is none.", path)
    return None


async def find_sources(unit: Unit, order: Order, wanted: Iterable[Source]) -> Sources:
    """Look the named warehouses and bins up, in two statements."""
    named = list(wanted)
    warehouses = await find_warehouses(unit, [source.warehouse_id for source in named])
    bins = await bins_among(unit, {source.bin_id for source in named if source.bin_id})
    return Sources(unit, order, warehouses, bins)


def checked_source(source: Source, found: Findings, path: Path) -> Source:
    """The source with its lot as it is stored; notes INVALID_INPUT when that cannot be."""
    return Source(source.warehouse_id, source.bin_id, found.optional_line(source.lot, 80, *path[1:], "lot"))
