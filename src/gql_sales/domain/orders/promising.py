"""When the stock of an order is promised, and how: placing, acknowledging and editing ask the same rules (X-3, X-4)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order, OrderItem, OrderState, OrderType
from gql_sales.db.queries.stock import load_levels, load_pools
from gql_sales.db.session import Unit
from gql_sales.domain.orders.holds import ALLOCATION, is_held
from gql_sales.domain.orders.prepayment import is_settled
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.stock.allocation import allocatable, allocate
from gql_sales.domain.stock.commitment import Wanted, commit, committable, release, shift, shortages, tell_shift
from gql_sales.kernel.errors import InsufficientStock, Refused, SalesError
from gql_sales.kernel.warnings import WarningCode

ZERO = Decimal(0)


def promised_on(unit: Unit, order: Order, moment: str) -> bool:
    """Whether the order's stock is promised at the moment, which is a value of the policy commitOn."""
    return policy(unit, order, "commitOn") == moment


def promised_at_placement(unit: Unit, order: Order) -> bool:
    """Whether placing itself promises the stock; under PAYMENT it does when nothing is left to pay."""
    return promised_on(unit, order, "PLACE") or (promised_on(unit, order, "PAYMENT") and is_settled(order))


def promised_by_placing(unit: Unit, order: Order) -> bool:
    """Whether placing promises the stock: by itself, or by the acknowledgement that follows at once."""
    if promised_on(unit, order, "ACKNOWLEDGE"):
        return policy(unit, order, "acknowledgeMode") == "AUTO_ON_PLACE"
    return promised_at_placement(unit, order)


def set_aside_by_promising(unit: Unit, order: Order) -> bool:
    """Whether what is promised is set aside in the same step, as far as no hold and no missing payment stops that."""
    is_ready = order.type_code != OrderType.PF and not is_held(order, ALLOCATION)
    return policy(unit, order, "allocateOn") == "PLACE" and is_ready


def leaves_at_once(unit: Unit, order: Order) -> bool:
    """Whether the goods leave with the placement, as at a till (X-8); their stock is locked with it.

    What is to be paid in advance waits for its money (KH-6).
    """
    return policy(unit, order, "shipmentMode") == "AUTO_FINALIZE" and order.type_code != OrderType.PF


def to_set_aside(unit: Unit, order: Order, item: OrderItem) -> Decimal:
    """What of the item waits to be set aside: what is promised, or what is open where that promises it (X-3)."""
    if promised_on(unit, order, "ON_ALLOCATE") and item.is_allocatable:
        return item.open_quantity - item.allocated_quantity - item.booked_quantity
    return allocatable(item)


@contextmanager
def promising_what_is_set_aside(unit: Unit, order: Order) -> Iterator[None]:
    """Under commitOn ON_ALLOCATE what the block sets aside is promised with it, and nothing else stays promised."""
    if not promised_on(unit, order, "ON_ALLOCATE"):
        yield
        return
    before = {item.id: item.committed_quantity for item in order.items}
    shift(unit, order, committable(unit, order))
    yield
    shift(unit, order, {item.id: -allocatable(item) for item in order.items})
    tell_shift(unit, order, {item.id: item.committed_quantity - before[item.id] for item in order.items})


def is_promised(unit: Unit, order: Order) -> bool:
    """Whether the moment has passed at which the order's stock is promised.

    Under PAYMENT what is added waits for its own money (paid_stock.py).
    """
    if promised_on(unit, order, "ACKNOWLEDGE"):
        return order.acknowledged_at is not None
    return promised_on(unit, order, "PLACE") and order.state != OrderState.OPEN


def shortage_refusals(unit: Unit, order: Order, wanted: Wanted | None = None) -> Iterable[SalesError]:
    """Under commitShortage REJECT every item must be promised in full; lines of one product are summed (C-9)."""
    if policy(unit, order, "commitShortage") != "REJECT":
        return
    for item, available in shortages(unit, order, wanted):
        asked = (item.ordered_quantity if wanted is None else wanted[item.id]).normalize()
        more = "" if wanted is None else " more"
        message = f"Only {available.normalize():f}{more} of {item.sku} can be promised; {asked:f}{more} are wanted."
        yield InsufficientStock(
            message, ("items", str(item.position)), order_item_id=item.id, available_quantity=available
        )


def promise(unit: Unit, order: Order, wanted: Wanted | None = None) -> None:
    """Promise all that can be, or of what is wanted; tell what is short, and set it aside where that is the rule.

    Under commitShortage REJECT somebody has made sure that nothing is short, but for money, which is never refused.
    """
    for item, available in shortages(unit, order, wanted):
        message = f"Only {available.normalize():f} of {item.sku} are promised; the rest stays open."
        unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))
    commit(unit, order, wanted)
    if set_aside_by_promising(unit, order):
        allocate(unit, order)


async def follow(unit: Unit, order: Order, differences: Mapping[UUID, Decimal]) -> None:
    """Promise what was added to ordered quantities, and give up what was taken away; both by item id.

    Refusals: INSUFFICIENT_STOCK (under commitShortage REJECT).
    """
    changed = [item for item in order.items if differences.get(item.id)]
    is_due = is_promised(unit, order)
    if not changed or not (is_due or any(item.committed_quantity > 0 for item in changed)):
        return
    products = {item.product_id for item in changed if item.is_stocked}
    pool_id = unit.channels[order.channel_id].pool_id
    await load_pools(unit, {(pool_id, product_id) for product_id in products})
    release(unit, order, {item.id: max(ZERO, item.committed_quantity - item.open_quantity) for item in changed})
    wanted = {item.id: differences[item.id] for item in changed if differences[item.id] > 0 and is_due}
    refusals = list(shortage_refusals(unit, order, wanted))
    if refusals:
        raise Refused(*refusals)
    if wanted and set_aside_by_promising(unit, order):
        await load_levels(unit, pool_id, products)
    if wanted:
        promise(unit, order, wanted)
