"""A shipment is drafted from open goods of one order and one source warehouse (BA-28, BA-37)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.queries.shipments import first_warehouse
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.set_warehouse import source_in_pool
from gql_sales.domain.shipments.book import shipment_book
from gql_sales.domain.shipments.finalize import sent_by, shipment_finalize
from gql_sales.domain.shipments.guards import goods_open
from gql_sales.domain.shipments.lines import (
    Lines,
    NewShipmentItem,
    all_lines,
    free_lines,
    judge_partial,
    set_lines,
    wanted_lines,
)
from gql_sales.domain.transition import load_needs, transition
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.errors import NotFound, Refused


class ShipmentStep(DescribedEnum):
    """What may follow the creation of a shipment at once, in the same transaction."""

    BOOK = "BOOK", "Book it, as shipmentBook would."
    FINALIZE = "FINALIZE", "Book and finalize it."


async def _claims(unit: Unit, calls: Sequence[dict[str, Any]]) -> None:
    """What booking locks, when any of the shipments is booked at once."""
    if any(call["then"] for call in calls):
        orders = [document for document in unit.loaded.values() if isinstance(document, Order)]
        await load_needs(unit, orders, shipment_book.needs)


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[goods_open],
    needs=[needs.CONTEXT],
    scope="shipments:create",
    event=None,
    bulk=True,
    claims=_claims,
)
async def shipment_create(
    unit: Unit,
    order: Order,
    *,
    warehouse_id: UUID | None = None,
    items: Sequence[NewShipmentItem] = (),
    carrier: str | None = None,
    tracking_number: str | None = None,
    then: Sequence[ShipmentStep] = (),
) -> None:
    """Draft a shipment of open goods from one warehouse, and book and finalize it at once if asked to.

    Without a warehouse it leaves the order's own one, or the first by priority of the channel's pool (X-26).
    Without items it takes everything that is open, can leave from there, and is on no other draft. Refusals:
    NOTHING_OPEN, NOT_FOUND, WAREHOUSE_NOT_IN_POOL, INVALID_INPUT, NOT_ALLOCATABLE, INVALID_QUANTITY, QUANTITY_NOT_OPEN,
    PARTIAL_SHIPMENT_BLOCKED, and those of shipmentBook and shipmentFinalize.
    """
    warehouse = await _warehouse(unit, order, warehouse_id)
    carrier, tracking_number = sent_by(carrier, tracking_number)
    free = await free_lines(unit, order)
    lines = wanted_lines(order, warehouse, items, free) if items else all_lines(order, warehouse, free)
    judge_partial(unit, order, lines)
    shipment = draft(unit, order, warehouse.id, lines)
    shipment.carrier, shipment.tracking_number = carrier, tracking_number
    if ShipmentStep.BOOK in then or ShipmentStep.FINALIZE in then:
        await shipment_book.follow(unit, shipment)
    if ShipmentStep.FINALIZE in then:
        await shipment_finalize.follow(unit, shipment)


async def _warehouse(unit: Unit, order: Order, warehouse_id: UUID | None) -> Warehouse:
    """The one named, else the order's own, else the first by priority of the channel's pool (BA-37, X-26)."""
    chosen = warehouse_id or order.default_warehouse_id
    chosen = chosen or await first_warehouse(unit, unit.channels[order.channel_id].pool_id)
    if chosen is None:
        raise Refused(NotFound("The channel has no warehouse.", ("input", "warehouseId")))
    return await source_in_pool(unit, order, chosen)


def draft(unit: Unit, order: Order, warehouse_id: UUID, lines: Lines) -> Shipment:
    """A new shipment of the order, with its event."""
    shipment = Shipment(
        company_id=order.company_id,
        channel_id=order.channel_id,
        order_id=order.id,
        warehouse_id=warehouse_id,
        items=[],
        packages=[],
    )
    set_lines(shipment, lines)
    unit.add(shipment)
    unit.events.append(PendingEvent("ShipmentCreated", shipment, {}, is_main=True))
    return shipment
