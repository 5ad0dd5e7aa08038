"""What a shipment may take along: open goods that can leave its warehouse and are on no other note (BA-28, BA-37)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.orders import Order
from gql_sales.db.models.shipments import Shipment, ShipmentItem
from gql_sales.db.queries.shipments import drafted_quantities
from gql_sales.db.session import Unit
from gql_sales.domain.allocations.sources import source_refusal
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel.errors import PartialShipmentBlocked, QuantityNotOpen, Refused, SalesError
from gql_sales.kernel.quantities import quantity_refusals
from gql_sales.kernel.warnings import WarningCode

ZERO = Decimal(0)
Lines = Mapping[UUID, Decimal]
"""Quantity by order item."""


@dataclass(frozen=True)
class NewShipmentItem:
    """How much of which order item is to leave, or lies in a package."""

    order_item_id: UUID
    quantity: Decimal


async def free_lines(unit: Unit, order: Order, own: Shipment | None = None) -> Lines:
    """What is open of each goods item and neither booked nor on a draft other than ``own``; it may be below zero."""
    drafted = await drafted_quantities(unit, order.id)
    mine = {line.order_item_id: line.quantity for line in own.items} if own else {}
    return {
        item.id: item.open_quantity - item.booked_quantity - drafted.get(item.id, ZERO) + mine.get(item.id, ZERO)
        for item in order.items
        if item.is_allocatable
    }


def all_lines(order: Order, warehouse: Warehouse, free: Lines) -> Lines:
    """Everything that is free and can leave the warehouse; QUANTITY_NOT_OPEN when nothing is."""
    able = {item.id for item in order.items if source_refusal(item, warehouse, ()) is None}
    lines = {id_: quantity for id_, quantity in free.items() if quantity > 0 and id_ in able}
    if not lines:
        raise Refused(QuantityNotOpen("Everything open is on shipments already.", ("input", "items")))
    return lines


def wanted_lines(order: Order, warehouse: Warehouse, wanted: Sequence[NewShipmentItem], free: Lines) -> Lines:
    """What the caller names; an item that is named twice is summed before it is checked."""
    lines: dict[UUID, Decimal] = {}
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


def judge_partial(unit: Unit, order: Order, lines: Lines) -> None:
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


def set_lines(shipment: Shipment, lines: Lines) -> None:
    """Have the shipment take just these quantities."""
    rows = {row.order_item_id: row for row in shipment.items}
    for item_id in rows.keys() - lines.keys():
        shipment.items.remove(rows[item_id])
    for item_id, quantity in lines.items():
        if item_id in rows:
            rows[item_id].quantity = quantity
        else:
            shipment.items.append(ShipmentItem(shipment_id=shipment.id, order_item_id=item_id, quantity=quantity))
