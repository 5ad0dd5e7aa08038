"""What may change about a warehouse: its name, its place in line and its rules; its pool is for ever."""

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(Warehouse, scope="warehouses:edit", event="WarehouseUpdated")
async def warehouse_update(
    unit: Unit,
    warehouse: Warehouse,
    *,
    name: str | Absent | None = KEEP,
    priority: int | Absent | None = KEEP,
    is_pack_required: bool | Absent | None = KEEP,
) -> None:
    """Change a warehouse's name or priority, or whether shipments must be packed before they leave it.

    Refusals: INVALID_INPUT.
    """
    found = Findings()
    if name is not KEEP:
        warehouse.name = found.line(name, 200, "name")
    if priority is not KEEP:
        warehouse.priority = found.present(priority, warehouse.priority, "priority")
    if is_pack_required is not KEEP:
        warehouse.is_pack_required = found.present(is_pack_required, warehouse.is_pack_required, "isPackRequired")
    found.check()
