"""Loading and locking stock: pools, levels and the allocations that hold them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.models.ledger import AccountRole, JournalLine
from gql_sales.db.models.orders import Allocation, AllocationState
from gql_sales.db.models.products import Product
from gql_sales.db.models.stock import StockLevel, StockOwner, StockPool
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given, ids

_KEY = StockLevel.product_id, StockLevel.warehouse_id, StockLevel.bin_id, StockLevel.lot
"""What identifies a level of the company's own goods, and the order in which levels are locked."""


def _given(*names: str) -> Any:  # noqa: ANN401 (a subquery)
    """The rows whose columns are the array parameters of these names."""
    arrays = [given(name, ARRAY(String if name == "lot" else Uuid)) for name in names]
    return select(func.unnest(*arrays).table_valued(*names).render_derived())


def _columns(rows: Iterable[Sequence[object]], *names: str) -> dict[str, list[object]]:
    """The values of the parameters of ``_given``."""
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


_POOLS = Prepared(
    lambda _: (
        select(StockPool)
        .where(tuple_(StockPool.pool_id, StockPool.product_id).in_(_given("pool", "product")))
        .order_by(StockPool.pool_id, StockPool.product_id)
    ),
    is_locking=True,
)
_AVAILABLE = Prepared(
    lambda _: select(StockPool.product_id, StockPool.on_hand_sellable - StockPool.committed).where(
        StockPool.pool_id == given("pool_id"), StockPool.product_id == ids()
    )
)
_LEVELS = Prepared(
    lambda _: select(StockLevel).where(StockLevel.id == ids()).order_by(*_KEY),
    is_locking=True,
)
_LEVELS_AT = Prepared(
    lambda _: (
        select(StockLevel)
        .where(tuple_(*_KEY).in_(_given("product", "warehouse", "bin", "lot")), StockLevel.owner == StockOwner.OWN)
        .order_by(*_KEY)
    ),
    is_locking=True,
)
_SELLABLE = Prepared(
    lambda _: (
        select(StockLevel, Warehouse.priority)
        .join(Bin, Bin.id == StockLevel.bin_id)
        .join(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .where(
            StockLevel.product_id == ids(),
            StockLevel.warehouse_id == func.coalesce(given("warehouse_id", Uuid), StockLevel.warehouse_id),
            Warehouse.pool_id == given("pool_id"),
            Bin.kind == BinKind.NORMAL,
            StockLevel.owner == StockOwner.OWN,
        )
        .order_by(*_KEY)
    ),
    is_locking=True,
)
_METHODS = Prepared(
    lambda _: (
        select(Warehouse.id)
        .where(Warehouse.pool_id == given("pool_id"), Warehouse.is_fulfillment_method)
        .order_by(Warehouse.priority, Warehouse.id)
    )
)
_NAMED_METHODS = Prepared(
    lambda _: select(Product.id, Product.fulfillment_method_id).where(
        Product.id == ids(), Product.fulfillment_method_id.is_not(None)
    )
)
_STANDING = Prepared(
    lambda _: (
        select(Allocation)
        .where(
            Allocation.order_id == ids(),
            Allocation.state.in_([AllocationState.ALLOCATED, AllocationState.BOOKED]),
        )
        .order_by(Allocation.id)
    )
)


async def load_pools(unit: Unit, keys: Iterable[tuple[UUID, UUID]]) -> None:
    """Put the stock pools of (pool, product) into ``unit.pools``, locked in that order when the unit writes."""
    wanted = set(keys) - unit.pools.keys()
    if wanted:
        for pool in await _POOLS(unit, **_columns(wanted, "pool", "product")):
            unit.pools[pool.pool_id, pool.product_id] = pool


async def available_quantities(unit: Unit, pool_id: UUID, product_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What the pool can promise now of each product; not locked, so that it may be gone a moment later."""
    return dict(await _AVAILABLE(unit, pool_id=pool_id, ids=list(product_ids)))


async def ensure_pools(unit: Unit, keys: Iterable[tuple[UUID, UUID]]) -> None:
    """Create the missing stock pools, empty, so that they can be locked."""
    rows = [
        StockPool.new_row(company_id=unit.company_id, pool_id=pool_id, product_id=product_id)
        for pool_id, product_id in sorted(set(keys))
    ]
    await unit.session.execute(insert(StockPool).on_conflict_do_nothing(constraint="uq_stock_pools_key"), rows)


async def ensure_levels(unit: Unit, places: Iterable[tuple[UUID, UUID, UUID, str]]) -> None:
    """Create the missing stock levels of (product, warehouse, bin, lot), empty, so that they can be locked."""
    rows = [
        StockLevel.new_row(company_id=unit.company_id, product_id=product, warehouse_id=warehouse, bin_id=bin_, lot=lot)
        for product, warehouse, bin_, lot in sorted(set(places))
    ]
    await unit.session.execute(insert(StockLevel).on_conflict_do_nothing(constraint="uq_stock_levels_key"), rows)


async def load_levels_at(unit: Unit, places: Iterable[tuple[UUID, UUID, UUID, str]]) -> None:
    """Put the stock levels of (product, warehouse, bin, lot) into ``unit.levels``, locked in that order."""
    found = await _LEVELS_AT(unit, **_columns(places, "product", "warehouse", "bin", "lot"))
    unit.levels |= {level.id: level for level in found}


async def load_levels(unit: Unit, pool_id: UUID, product_ids: Iterable[UUID], warehouse_id: UUID | None = None) -> None:
    """Put the sellable levels of the products into ``unit.levels``, those of warehouses first in line first.

    Locked by (product, warehouse, bin, lot) when the unit writes; with a warehouse, only its levels. Those that the
    unit has already stay as a verb before may have changed them.
    """
    products = list(product_ids)
    if not products:
        return
    found = await _SELLABLE(unit, ids=products, pool_id=pool_id, warehouse_id=warehouse_id)
    for level, _ in sorted(found, key=lambda row: (row[1], row[0].id)):
        unit.levels[level.id] = level


async def load_methods(unit: Unit, pool_id: UUID, product_ids: Iterable[UUID]) -> None:
    """Put the pool's fulfillment methods into ``unit.methods``, and those that the products name beside them."""
    products = list(product_ids)
    if not products:
        return
    unit.methods[pool_id] = [row["id"] for row in await _METHODS(unit, pool_id=pool_id)]
    unit.named_methods |= dict(await _NAMED_METHODS(unit, ids=products))


async def load_levels_by_id(unit: Unit, level_ids: Iterable[UUID]) -> None:
    """Put just these levels into ``unit.levels``, locked in the one order when the unit writes."""
    wanted = set(level_ids) - unit.levels.keys()
    if wanted:
        unit.levels |= {level.id: level for level in await _LEVELS(unit, ids=list(wanted))}


async def unposted_value(unit: Unit) -> int:
    """By how much the company's stock is worth more than its account Inventory says, in minor units.

    Nobody can change stock until this unit is done, and whoever was about to has ended.
    """
    if unit.is_locking:
        await unit.session.execute(text("LOCK TABLE stock_pools IN EXCLUSIVE MODE"))
    worth = select(func.coalesce(func.sum(StockPool.inventory_amount), 0)).where(
        StockPool.company_id == unit.company_id
    )
    posted = select(func.coalesce(func.sum(JournalLine.amount), 0)).where(
        JournalLine.company_id == unit.company_id, JournalLine.role == AccountRole.INVENTORY
    )
    return int(await unit.session.scalar(worth) or 0) - int(await unit.session.scalar(posted) or 0)


async def load_allocations(unit: Unit, order_ids: Iterable[UUID]) -> None:
    """Put the standing allocations of the orders into ``unit.allocations``; the orders' locks cover them."""
    missing = sorted(set(order_ids) - unit.allocations.keys())
    for order_id in missing:
        unit.allocations[order_id] = []
    wanted = [order_id for order_id in missing if order_id in unit.loaded]
    if not wanted:
        # An order of this very unit has none yet.
        return
    for allocation in await _STANDING(unit, ids=wanted):
        unit.allocations[allocation.order_id].append(allocation)


def new_allocation(unit: Unit, allocation: Allocation) -> Allocation:
    """Write the allocation with the unit and remember it as standing."""
    unit.allocations.setdefault(allocation.order_id, []).append(allocation)
    return unit.add(allocation)
