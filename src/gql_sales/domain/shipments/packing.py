"""What packages hold: never more of an item than their shipment, and counted on the order's items (I-3, IF-8, IF-9)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order
from gql_sales.db.models.shipments import Package, PackageItem, Shipment
from gql_sales.db.session import Unit
from gql_sales.domain.orders.item_update import item_of
from gql_sales.domain.shipments.lines import NewShipmentItem
from gql_sales.kernel.errors import ContentsExceedItems, NotAllocatable, SalesError
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.quantities import quantity_refusals

ZERO = Decimal(0)
MOST_PACKAGES = 500


def contents(shipment: Shipment) -> Mapping[UUID, Decimal]:
    """Quantity of each order item in all packages of the shipment."""
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for package in shipment.packages:
        for row in package.items:
            found[row.order_item_id] += row.quantity
    return found


def unfit(shipment: Shipment, order: Order, quantities: Mapping[UUID, Decimal]) -> list[SalesError]:
    """CONTENTS_EXCEED_ITEMS for each item of which the packages hold more than the quantity the shipment has."""
    items, refusals = {item.id: item for item in order.items}, list[SalesError]()
    for item_id, packed in contents(shipment).items():
        if packed > quantities.get(item_id, ZERO):
            item, fit = items[item_id], quantities.get(item_id, ZERO)
            message = f"The packages hold {packed.normalize():f} of {item.sku}, the shipment {fit.normalize():f}."
            refusals.append(ContentsExceedItems(message, ("items", str(item.position))))
    return refusals


def pack(unit: Unit, shipment: Shipment, package: Package, wanted: Sequence[NewShipmentItem], found: Findings) -> None:
    """Have the package hold just the wanted quantities; the order's items follow.

    Notes INVALID_QUANTITY, NOT_ALLOCATABLE, CONTENTS_EXCEED_ITEMS; refuses with NOT_FOUND.
    """
    order = unit.document(Order, shipment.order_id)
    before = contents(shipment)
    quantities: dict[UUID, Decimal] = defaultdict(Decimal)
    for index, line in enumerate(wanted):
        path = ("input", "items", str(index))
        item = item_of(order, line.order_item_id, (*path, "orderItemId"))
        if not item.is_allocatable:
            found.refuse(NotAllocatable(f"{item.sku} is no goods.", (*path, "orderItemId")))
        found.refuse(*quantity_refusals(item.quantity_digits, line.quantity, (*path, "quantity")))
        quantities[item.id] += line.quantity
    rows = {row.order_item_id: row for row in package.items}
    for item_id in rows.keys() - quantities.keys():
        package.items.remove(rows[item_id])
    for item_id, quantity in quantities.items():
        if item_id in rows:
            rows[item_id].quantity = quantity
        else:
            package.items.append(PackageItem(package_id=package.id, order_item_id=item_id, quantity=quantity))
    found.refuse(*unfit(shipment, order, {line.order_item_id: line.quantity for line in shipment.items}))
    _count(order, before, contents(shipment))


def unpack(unit: Unit, shipment: Shipment) -> None:
    """Count the contents no longer, because the shipment is no more; its packages stay as they were."""
    _count(unit.document(Order, shipment.order_id), contents(shipment), {})


def _count(order: Order, before: Mapping[UUID, Decimal], after: Mapping[UUID, Decimal]) -> None:
    for item in order.items:
        difference = after.get(item.id, ZERO) - before.get(item.id, ZERO)
        if difference:
            item.packed_quantity += difference
