"""Where the goods of an order should come from first; allocation decides, and a shipment has its own source (X-26)."""

from uuid import UUID

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.shipments import find_warehouse
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.editing import EDITABLE, finish, is_editable
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, Refused, WarehouseNotInPool


@transition(
    Order, sources=EDITABLE, guards=[is_editable], needs=[needs.CONTEXT], scope="orders:terms", event="OrderChanged"
)
async def order_set_warehouse(unit: Unit, order: Order, *, warehouse_id: UUID | None) -> None:
    """Set the warehouse that an order is served from first, or go back to the order of priority.

    Tax does not depend on it, and what is set aside already stays where it is. Refusals: ORDER_LOCKED, NOT_FOUND,
    WAREHOUSE_NOT_IN_POOL.
    """
    if warehouse_id is not None:
        await source_in_pool(unit, order, warehouse_id)
    order.default_warehouse_id = warehouse_id
    finish(unit, order)


async def source_in_pool(unit: Unit, order: Order, warehouse_id: UUID) -> Warehouse:
    """A warehouse that the caller may use, of the pool that the order's channel draws on."""
    path = ("input", "warehouseId")
    warehouse = await find_warehouse(unit, warehouse_id)
    if warehouse is None:
        raise Refused(NotFound("No such warehouse.", path))
    if warehouse.pool_id != unit.channels[order.channel_id].pool_id:
        raise Refused(WarehouseNotInPool("The warehouse does not belong to the channel's stock pool.", path))
    return warehouse
