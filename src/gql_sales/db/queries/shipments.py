"""Looking up what a new shipment is measured against."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.shipments import Shipment, ShipmentItem, ShipmentState
from gql_sales.db.session import Unit
from gql_sales.db.visibility import visible


async def find_warehouse(unit: Unit, warehouse_id: UUID) -> Warehouse | None:
    """The warehouse, when the caller may use it."""
    statement = select(Warehouse).where(Warehouse.id == warehouse_id, visible(Warehouse, unit.principal))
    if unit.principal.warehouse_ids is not None:
        statement = statement.where(Warehouse.id.in_(unit.principal.warehouse_ids))
    found: Warehouse | None = await unit.session.scalar(statement)
    return found


async def first_warehouse(unit: Unit, pool_id: UUID) -> UUID | None:
    """The pool's first warehouse by priority that holds stock of ours, of those that the caller may use."""
    statement = select(Warehouse.id).where(
        Warehouse.pool_id == pool_id, ~Warehouse.is_fulfillment_method, visible(Warehouse, unit.principal)
    )
    found: UUID | None = await unit.session.scalar(statement.order_by(Warehouse.priority, Warehouse.id).limit(1))
    return found


async def drafted_quantities(unit: Unit, order_id: UUID) -> dict[UUID, Decimal]:
    """Quantity by order item that lies on open shipments of the order; the order's lock covers them."""
    statement = (
        select(ShipmentItem.order_item_id, func.sum(ShipmentItem.quantity))
        .join(Shipment, Shipment.id == ShipmentItem.shipment_id)
        .where(Shipment.order_id == order_id, Shipment.state == ShipmentState.OPEN)
        .group_by(ShipmentItem.order_item_id)
    )
    return {row[0]: row[1] for row in await unit.session.execute(statement)}
