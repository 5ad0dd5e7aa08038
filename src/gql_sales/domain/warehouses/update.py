"""What may change about a warehouse: its name and its place in line; its pool is for ever."""

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(Warehouse, scope="warehouses:edit", event="WarehouseUpdated")
async def warehouse_update(
    unit: Unit, warehouse: Warehouse, *, name: str | Absent | None = KEEP, priority: int | Absent | None = KEEP
) -> None:
    """Change a warehouse's name or priority.

    Refusals: INVALID_INPUT.
    """
    found = Findings()
    if name is not KEEP:
        warehouse.name = found.line(name, 200, "name")
    if priority is not KEEP:
        warehouse.priority = found.present(priority, warehouse.priority, "priority")
    found.check()
