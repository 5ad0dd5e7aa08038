"""Sending an order off at once: all that is open leaves in one shipment, drafted, booked and finalized (X-8)."""

from uuid import UUID

from gql_sales.db.models.orders import Order
from gql_sales.db.queries.shipments import first_warehouse
from gql_sales.db.session import Unit
from gql_sales.domain.shipments.create import ShipmentStep, shipment_create
from gql_sales.domain.shipments.guards import goods_open
from gql_sales.kernel.errors import NotFound, Refused


async def send(
    unit: Unit,
    order: Order,
    *,
    warehouse_id: UUID | None = None,
    carrier: str | None = None,
    tracking_number: str | None = None,
) -> None:
    """Ship what is open of an order as a further step of the verb in progress; nothing happens when no goods are.

    Without a warehouse it is the first by priority of the channel's pool (X-26).
    """
    if any(goods_open(unit, order)):
        return
    source = warehouse_id or await first_warehouse(unit, unit.channels[order.channel_id].pool_id)
    if source is None:
        raise Refused(NotFound("The channel has no warehouse.", ("input", "shipment", "warehouseId")))
    await shipment_create.follow(
        unit,
        order,
        warehouse_id=source,
        carrier=carrier,
        tracking_number=tracking_number,
        then=[ShipmentStep.FINALIZE],
    )
