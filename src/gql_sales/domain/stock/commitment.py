"""Promising stock: one function says what can be committed, and every caller asks it (C-9, C-17, N-3)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.models.stock import StockPool
from gql_sales.db.session import Unit

ZERO = Decimal(0)


Wanted = Mapping[UUID, Decimal]
"""Quantity by item id; items that are not named want nothing."""


def committable(unit: Unit, order: Order, wanted: Wanted | None = None) -> dict[UUID, Decimal]:
    """Quantity of each item (by id) that can be promised now of what is wanted: all that is not yet promised, or less.

    Items of one product share what is available, in the order of their positions. Goods that are not stocked can always
    be promised; what is no goods never is.
    """
    left: dict[UUID, Decimal] = {}
    found: dict[UUID, Decimal] = {}
    for item in order.items:
        if not item.is_allocatable:
            continue
        asked = _asked(item, wanted)
        if not item.is_stocked:
            found[item.id] = asked
            continue
        pool = pool_of(unit, order, item)
        available = left.get(item.product_id, pool.available if pool else ZERO)
        found[item.id] = min(asked, available)
        left[item.product_id] = available - found[item.id]
    return found


def _asked(item: OrderItem, wanted: Wanted | None) -> Decimal:
    return item.open_quantity - item.committed_quantity if wanted is None else wanted.get(item.id, ZERO)


def shortages(unit: Unit, order: Order, wanted: Wanted | None = None) -> list[tuple[OrderItem, Decimal]]:
    """Items that cannot be promised in full, with the quantity that can."""
    possible = committable(unit, order, wanted)
    return [
        (item, possible[item.id])
        for item in order.items
        if item.id in possible and possible[item.id] < _asked(item, wanted)
    ]


def commit(unit: Unit, order: Order, wanted: Wanted | None = None) -> None:
    """Promise as much of every item as can be, or of what is wanted of it; the pools tell it with StockCommitted."""
    possible = committable(unit, order, wanted)
    shift(unit, order, possible)
    tell_shift(unit, order, possible)


def release(unit: Unit, order: Order, quantities: Wanted) -> None:
    """Take back the promise of quantities by item id; the pools tell it with StockReleased."""
    differences = {item_id: -quantity for item_id, quantity in quantities.items()}
    shift(unit, order, differences)
    tell_shift(unit, order, differences)


def shift(unit: Unit, order: Order, differences: Wanted) -> None:
    """Change what is promised of items, and of the pools they draw on."""
    for item in order.items:
        difference = differences.get(item.id, ZERO)
        if difference == 0:
            continue
        item.committed_quantity += difference
        pool = pool_of(unit, order, item)
        if pool is not None:
            pool.committed += difference


def pool_of(unit: Unit, order: Order, item: OrderItem) -> StockPool | None:
    """The stock pool that the item draws on; None for what is not stocked or was never received."""
    if not item.is_stocked:
        return None
    return unit.pools.get((unit.channels[order.channel_id].pool_id, item.product_id))


def tell_shift(unit: Unit, order: Order, differences: Wanted) -> None:
    """Have each pool tell once by how much its promises grew or shrank."""
    by_pool: dict[UUID, Decimal] = defaultdict(Decimal)
    pools = {pool.id: pool for pool in unit.pools.values()}
    for item in order.items:
        difference = differences.get(item.id, ZERO)
        if difference and (pool := pool_of(unit, order, item)) is not None:
            by_pool[pool.id] += difference
    for pool_id, difference in by_pool.items():
        if difference:
            event = "StockCommitted" if difference > 0 else "StockReleased"
            quantity = f"{abs(difference).normalize():f}"
            unit.emit(event, pools[pool_id], order_id=str(order.id), quantity=quantity)
