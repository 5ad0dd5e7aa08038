"""A booked shipment can become a draft again: its goods stay set aside, its number stays with it (BA-34, X-28)."""

from gql_sales.db.models.orders import AllocationState, Order
from gql_sales.db.models.shipments import Shipment, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.transition import transition


@transition(
    Shipment,
    sources={ShipmentState.BOOKED},
    target=ShipmentState.OPEN,
    needs=[needs.ALLOCATIONS, needs.ALLOCATED_LEVELS],
    scope="shipments:unbook",
    event="ShipmentUnbooked",
    bulk=True,
)
async def shipment_unbook(unit: Unit, shipment: Shipment) -> None:
    """Turn a booked shipment into a draft again; its goods stay set aside, and its number stays with it."""
    order = unit.document(Order, shipment.order_id)
    items = {item.id: item for item in order.items}
    for row in unit.allocations[order.id]:
        if row.shipment_id != shipment.id or row.state != AllocationState.BOOKED:
            continue
        row.state, row.shipment_id = AllocationState.ALLOCATED, None
        item = items[row.order_item_id]
        item.booked_quantity -= row.quantity
        item.allocated_quantity += row.quantity
        if row.level_id is not None:
            level = unit.levels[row.level_id]
            level.booked -= row.quantity
            level.allocated += row.quantity
    shipment.booked_at = None
