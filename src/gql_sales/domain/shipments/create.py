"""A shipment is drafted from open goods of one order and one source warehouse (BA-28, BA-37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.models.shipments import Shipment, ShipmentItem
from gql_sales.db.queries.shipments import drafted_quantities, find_warehouse
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.allocations.sources import source_refusal
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.shipments.book import shipment_book
from gql_sales.domain.shipments.finalize import sent_by, shipment_finalize
from gql_sales.domain.shipments.guards import goods_open
from gql_sales.domain.transition import load_needs, transition
from gql_sales.kernel.errors import (
    NotFound,
    PartialShipmentBlocked,
    QuantityNotOpen,
    Refused,
    SalesError,
    WarehouseNotInPool,
)
from gql_sales.kernel.quantities import quantity_refusals
from gql_sales.kernel.warnings import WarningCode

ZERO = Decimal(0)


class ShipmentStep(StrEnum):
    """What may follow the creation at once, in the same transaction."""

    BOOK = "BOOK"
    FINALIZE = "FINALIZE"


@dataclass(frozen=True)
class NewShipmentItem:
    """How much of which order item is to leave."""

    order_item_id: UUID
    quantity: Decimal


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
    warehouse_id: UUID,
    items: Sequence[NewShipmentItem] = (),
    carrier: str | None = None,
    tracking_number: str | None = None,
    then: Sequence[ShipmentStep] = (),
) -> None:
    """Draft a shipment of open goods from one warehouse, and book and finalize it at once if asked to.

    Without items it takes everything that is open, can leave from there, and is on no other draft. Refusals:
    NOTHING_OPEN, NOT_FOUND, WAREHOUSE_NOT_IN_POOL, INVALID_INPUT, NOT_ALLOCATABLE, INVALID_QUANTITY, QUANTITY_NOT_OPEN,
    PARTIAL_SHIPMENT_BLOCKED, and those of shipmentBook and shipmentFinalize.
    """
    warehouse = await _warehouse(unit, order, warehouse_id)
    carrier, tracking_number = sent_by(carrier, tracking_number)
    drafted = await drafted_quantities(unit, order.id)
    free = {
        i.id: i.open_quantity - i.booked_quantity - drafted.get(i.id, ZERO) for i in order.items if i.is_allocatable
    }
    lines = _lines(order, warehouse, items, free)
    _judge_partial(unit, order, lines, free)
    shipment = Shipment(
        company_id=order.company_id,
        channel_id=order.channel_id,
        order_id=order.id,
        warehouse_id=warehouse_id,
        carrier=carrier,
        tracking_number=tracking_number,
        items=[],
    )
    for item_id, quantity in lines.items():
        shipment.items.append(ShipmentItem(shipment_id=shipment.id, order_item_id=item_id, quantity=quantity))
    unit.add(shipment)
    unit.events.append(PendingEvent("ShipmentCreated", shipment, {}, is_main=True))
    if ShipmentStep.BOOK in then or ShipmentStep.FINALIZE in then:
        await shipment_book.follow(unit, shipment)
    if ShipmentStep.FINALIZE in then:
        await shipment_finalize.follow(unit, shipment)


async def _warehouse(unit: Unit, order: Order, warehouse_id: UUID) -> Warehouse:
    warehouse = await find_warehouse(unit, warehouse_id)
    if warehouse is None:
        raise Refused(NotFound("No such warehouse.", ("input", "warehouseId")))
    if warehouse.pool_id != unit.channels[order.channel_id].pool_id:
        message = "The warehouse does not belong to the channel's stock pool."
        raise Refused(WarehouseNotInPool(message, ("input", "warehouseId")))
    return warehouse


def _lines(
    order: Order, warehouse: Warehouse, wanted: Sequence[NewShipmentItem], free: dict[UUID, Decimal]
) -> dict[UUID, Decimal]:
    """Quantity by order item; what names an item twice is summed before it is checked."""
    if not wanted:
        able = {item.id for item in order.items if source_refusal(item, warehouse, ()) is None}
        lines = {id_: quantity for id_, quantity in free.items() if quantity > 0 and id_ in able}
        if not lines:
            raise Refused(QuantityNotOpen("Everything open is on shipments already.", ("input", "items")))
        return lines
    lines = {}
    refusals: list[SalesError] = []
    for index, line in enumerate(wanted):
        path = ("input", "items", str(index))
        item = item_of(order, line.order_item_id, (*path, "orderItemId"))
        if refusal := source_refusal(item, warehouse, (*path, "orderItemId")):
            refusals.append(refusal)
            continue
        refusals += quantity_refusals(item.quantity_digits, line.quantity, (*path, "quantity"))
        lines[item.id] = lines.get(item.id, ZERO) + line.quantity
        if lines[item.id] > free[item.id]:
            message = f"{max(free[item.id], ZERO).normalize():f} of {item.sku} can still be shipped."
            refusals.append(QuantityNotOpen(message, (*path, "quantity"), available_quantity=max(free[item.id], ZERO)))
    if refusals:
        raise Refused(*refusals)
    return lines


def _judge_partial(unit: Unit, order: Order, lines: dict[UUID, Decimal], free: dict[UUID, Decimal]) -> None:
    """An order that leaves in parts is allowed, told, or refused (X-14, BA-40)."""
    rule = policy(unit, order, "partialShipment")
    is_whole = all(
        lines.get(i.id, ZERO) == i.net_quantity - i.shipped_quantity for i in order.items if i.is_allocatable
    ) and not any(i.shipped_quantity > 0 for i in order.items)
    if is_whole or rule == "ALLOW":
        return
    message = "The order leaves in more than one shipment."
    if rule == "BLOCK":
        raise Refused(PartialShipmentBlocked(message, ("input", "items")))
    unit.warn(WarningCode.PARTIAL_SHIPMENT, message, path=("input", "items"), needs_acknowledgement=True)
