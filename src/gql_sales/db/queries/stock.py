"""Loading and locking stock: pools, levels and the allocations that hold them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert

from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.models.orders import Allocation, AllocationState
from gql_sales.db.models.products import Product
from gql_sales.db.models.stock import StockLevel, StockOwner, StockPool
from gql_sales.db.session import Unit


async def load_pools(unit: Unit, keys: Iterable[tuple[UUID, UUID]]) -> None:
    """Put the stock pools of (pool, product) into ``unit.pools``, locked in that order when the unit writes."""
    wanted = sorted(set(keys) - unit.pools.keys())
    if not wanted:
        return
    statement = (
        select(StockPool)
        .where(tuple_(StockPool.pool_id, StockPool.product_id).in_(wanted))
        .order_by(StockPool.pool_id, StockPool.product_id)
        .execution_options(populate_existing=True)
    )
    if unit.is_locking:
        statement = statement.with_for_update(key_share=True)
    for pool in await unit.session.scalars(statement):
        unit.pools[pool.pool_id, pool.product_id] = pool


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
    wanted = sorted(set(places))
    key = tuple_(StockLevel.product_id, StockLevel.warehouse_id, StockLevel.bin_id, StockLevel.lot)
    statement = (
        select(StockLevel)
        .where(key.in_(wanted), StockLevel.owner == StockOwner.OWN)
        .order_by(StockLevel.product_id, StockLevel.warehouse_id, StockLevel.bin_id, StockLevel.lot)
        .execution_options(populate_existing=True)
    )
    if unit.is_locking:
        statement = statement.with_for_update(key_share=True)
    for level in await unit.session.scalars(statement):
        unit.levels[level.id] = level


async def load_levels(unit: Unit, pool_id: UUID, product_ids: Iterable[UUID], warehouse_id: UUID | None = None) -> None:
    """Put the sellable levels of the products into ``unit.levels``, those of warehouses first in line first.

    Locked by (product, warehouse, bin, lot) when the unit writes; with a warehouse, only its levels. Those that the
    unit has already stay as a verb before may have changed them.
    """
    products = sorted(set(product_ids))
    if not products:
        return
    statement = (
        select(StockLevel, Warehouse.priority)
        .join(Bin, Bin.id == StockLevel.bin_id)
        .join(Warehouse, Warehouse.id == StockLevel.warehouse_id)
        .where(
            StockLevel.product_id.in_(products),
            Warehouse.pool_id == pool_id,
            Bin.kind == BinKind.NORMAL,
            StockLevel.owner == StockOwner.OWN,
        )
        .order_by(StockLevel.product_id, StockLevel.warehouse_id, StockLevel.bin_id, StockLevel.lot)
        .execution_options(populate_existing=True)
    )
    if warehouse_id is not None:
        statement = statement.where(StockLevel.warehouse_id == warehouse_id)
    if unit.levels:
        statement = statement.where(StockLevel.id.not_in(unit.levels.keys()))
    if unit.is_locking:
        statement = statement.with_for_update(key_share=True, of=StockLevel)
    rows = (await unit.session.execute(statement)).all()
    for level, _ in sorted(rows, key=lambda row: (row.priority, row.StockLevel.id)):
        unit.levels[level.id] = level


async def load_methods(unit: Unit, pool_id: UUID, product_ids: Iterable[UUID]) -> None:
    """Put the pool's fulfillment methods into ``unit.methods``, and those that the products name beside them."""
    products = sorted(set(product_ids))
    if not products:
        return
    methods = select(Warehouse.id).where(Warehouse.pool_id == pool_id, Warehouse.is_fulfillment_method)
    unit.methods[pool_id] = list(await unit.session.scalars(methods.order_by(Warehouse.priority, Warehouse.id)))
    named = select(Product.id, Product.fulfillment_method_id).where(
        Product.id.in_(products), Product.fulfillment_method_id.is_not(None)
    )
    unit.named_methods |= {row.id: row.fulfillment_method_id for row in await unit.session.execute(named)}


async def load_levels_by_id(unit: Unit, level_ids: Iterable[UUID]) -> None:
    """Put just these levels into ``unit.levels``, locked in the one order when the unit writes."""
    wanted = sorted(set(level_ids) - unit.levels.keys())
    if not wanted:
        return
    statement = (
        select(StockLevel)
        .where(StockLevel.id.in_(wanted))
        .order_by(StockLevel.product_id, StockLevel.warehouse_id, StockLevel.bin_id, StockLevel.lot)
        .execution_options(populate_existing=True)
    )
    if unit.is_locking:
        statement = statement.with_for_update(key_share=True)
    for level in await unit.session.scalars(statement):
        unit.levels[level.id] = level


async def load_allocations(unit: Unit, order_ids: Iterable[UUID]) -> None:
    """Put the standing allocations of the orders into ``unit.allocations``; the orders' locks cover them."""
    missing = sorted(set(order_ids) - unit.allocations.keys())
    for order_id in missing:
        unit.allocations[order_id] = []
    wanted = [order_id for order_id in missing if order_id in unit.loaded]
    if not wanted:
        # An order of this very unit has none yet.
        return
    statement = (
        select(Allocation)
        .where(
            Allocation.order_id.in_(wanted),
            Allocation.state.in_([AllocationState.ALLOCATED, AllocationState.BOOKED]),
        )
        .order_by(Allocation.id)
    )
    for allocation in await unit.session.scalars(statement):
        unit.allocations[allocation.order_id].append(allocation)


def new_allocation(unit: Unit, allocation: Allocation) -> Allocation:
    """Write the allocation with the unit and remember it as standing."""
    unit.allocations.setdefault(allocation.order_id, []).append(allocation)
    return unit.add(allocation)
