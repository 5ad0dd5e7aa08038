"""Sending an order off at once: drafted, booked and finalized, because the caller or the channel says so (X-8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import AllocationState, Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders.promising import leaves_at_once, promising_what_is_set_aside
from gql_sales.domain.shipments.book import shipment_book
from gql_sales.domain.shipments.create import ShipmentStep, draft, shipment_create
from gql_sales.domain.shipments.finalize import shipment_finalize
from gql_sales.domain.shipments.guards import goods_open
from gql_sales.domain.shipments.lines import Lines, judge_partial
from gql_sales.domain.stock.allocation import allocate
from gql_sales.domain.stock.commitment import commit
from gql_sales.domain.transition import load_needs, reaction
from gql_sales.kernel.errors import InsufficientStock, Refused, SalesError


async def send(
    unit: Unit,
    order: Order,
    *,
    warehouse_id: UUID | None = None,
    carrier: str | None = None,
    tracking_number: str | None = None,
) -> None:
    """Ship what is open of an order as a further step of the verb in progress; nothing happens when no goods are.

    Without a warehouse it leaves the one that shipmentCreate takes (X-26).
    """
    if any(goods_open(unit, order)):
        return
    await shipment_create.follow(
        unit,
        order,
        warehouse_id=warehouse_id,
        carrier=carrier,
        tracking_number=tracking_number,
        then=[ShipmentStep.FINALIZE],
    )


@reaction(on="OrderPlaced")
async def send_placed(unit: Unit, order: Order) -> None:
    """Ship the order with its placement under shipmentMode AUTO_FINALIZE, a shipment from each place that has some.

    Warehouses serve in order of priority. When no level has anything, the placement is refused.
    """
    if not leaves_at_once(unit, order) or any(goods_open(unit, order)):
        return
    await load_needs(unit, [order], shipment_book.needs)
    with promising_what_is_set_aside(unit, order):
        commit(unit, order)
        allocate(unit, order)
    sources = _sources(unit, order)
    if not sources:
        raise Refused(*_nothing_there(order))
    judge_partial(unit, order, next(iter(sources.values())))
    for warehouse_id, lines in sources.items():
        shipment = draft(unit, order, warehouse_id, lines)
        await shipment_book.within(unit, shipment)
        await shipment_finalize.within(unit, shipment)


def _sources(unit: Unit, order: Order) -> Mapping[UUID, Lines]:
    """What the order has set aside in each warehouse."""
    found: dict[UUID, dict[UUID, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in unit.allocations[order.id]:
        if row.state == AllocationState.ALLOCATED:
            found[row.warehouse_id][row.order_item_id] += row.quantity
    return found


def _nothing_there(order: Order) -> Iterable[SalesError]:
    for item in order.items:
        if item.is_allocatable:
            message = f"Nothing of {item.sku} is there to be taken away."
            yield InsufficientStock(message, ("items", str(item.position)), order_item_id=item.id)
