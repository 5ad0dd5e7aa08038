"""Allocation picks where promised goods will come from (KS-13)."""

from uuid import UUID

from gql_sales.db.models.orders import IN_PROCESS, Order
from gql_sales.db.queries.shipments import find_warehouse
from gql_sales.db.session import Unit
from gql_sales.domain.allocations.guards import something_to_allocate
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.holds import free_to_allocate
from gql_sales.domain.stock.allocation import allocatable, allocate
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InsufficientStock, NotFound, Refused
from gql_sales.kernel.warnings import WarningCode


@transition(
    Order,
    sources=IN_PROCESS,
    guards=[free_to_allocate, something_to_allocate],
    needs=[needs.CONTEXT, needs.ALLOCATIONS, needs.LEVELS],
    scope="allocations:create",
    event="AllocationCreated",
    bulk=True,
)
async def allocation_create(unit: Unit, order: Order, *, warehouse_id: UUID | None = None) -> None:
    """Set stock aside for an order by plan: warehouses in order of priority, or just the one named.

    Who is bound to warehouses sets aside there only. What lies nowhere free stays promised, with the warning
    STOCK_SHORT. Refusals: ON_HOLD, NOTHING_OPEN, NOT_FOUND (warehouse), INSUFFICIENT_STOCK (nothing could be set
    aside).
    """
    if warehouse_id is not None and await find_warehouse(unit, warehouse_id) is None:
        raise Refused(NotFound("No such warehouse.", ("input", "warehouseId")))
    if allocate(unit, order, {warehouse_id} if warehouse_id else unit.principal.warehouse_ids) == 0:
        message = "Nothing of the order lies free" + (" in that warehouse." if warehouse_id else ".")
        raise Refused(InsufficientStock(message, ("input", "warehouseId") if warehouse_id else None))
    for item in order.items:
        if item.is_stocked and allocatable(item) > 0:
            message = f"{allocatable(item).normalize():f} of {item.sku} lie nowhere free."
            unit.warn(WarningCode.STOCK_SHORT, message, path=("items", str(item.position)))
