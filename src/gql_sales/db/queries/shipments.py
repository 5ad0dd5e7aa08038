"""Looking up what a new shipment is measured against."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.shipments import Shipment, ShipmentItem, ShipmentState
from gql_sales.db.queries.master import find_warehouses
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given
from gql_sales.db.visibility import visible

_FIRST = Prepared(
    lambda caller: (
        select(Warehouse.id)
        .where(Warehouse.pool_id == given("pool_id"), ~Warehouse.is_fulfillment_method, visible(Warehouse, caller))
        .order_by(Warehouse.priority, Warehouse.id)
        .limit(1)
    )
)
_DRAFTED = Prepared(
    lambda _: (
        select(ShipmentItem.order_item_id, func.sum(ShipmentItem.quantity))
        .join(Shipment, Shipment.id == ShipmentItem.shipment_id)
        .where(Shipment.order_id == given("order_id"), Shipment.state == ShipmentState.OPEN)
        .group_by(ShipmentItem.order_item_id)
    )
)


async def find_warehouse(unit: Unit, warehouse_id: UUID) -> Warehouse | None:
    """The warehouse, when the caller may use it."""
    return (await find_warehouses(unit, [warehouse_id])).get(warehouse_id)


async def first_warehouse(unit: Unit, pool_id: UUID) -> UUID | None:
    """The pool's first warehouse by priority that holds stock of ours, of those that the caller may use."""
    found = await _FIRST(unit, pool_id=pool_id)
    return found[0]["id"] if found else None


async def drafted_quantities(unit: Unit, order_id: UUID) -> dict[UUID, Decimal]:
    """Quantity by order item that lies on open shipments of the order; the order's lock covers them."""
    return dict(await _DRAFTED(unit, order_id=order_id))
