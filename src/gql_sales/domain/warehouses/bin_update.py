"""A bin may be called otherwise; what it is for never changes, since the goods in it count by that (I-12)."""

from uuid import UUID

from gql_sales.db.models.channels import Warehouse
from gql_sales.db.queries.master import MAIN_BIN, bins_of
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, NotFound, Refused
from gql_sales.kernel.inputs import Findings


@transition(Warehouse, scope="warehouses:edit", event="WarehouseBinUpdated")
async def warehouse_bin_update(unit: Unit, warehouse: Warehouse, *, bin_id: UUID, code: str) -> None:
    """Give a bin of a warehouse another code.

    Refusals: INVALID_INPUT (also for MAIN, which keeps its code), NOT_FOUND, EXTERNAL_REF_TAKEN (code).
    """
    found = Findings()
    code = found.line(code, 40, "code")
    found.check()
    row = (await bins_of(unit, warehouse.id)).get(bin_id)
    if row is None:
        raise Refused(NotFound("The warehouse has no such bin.", ("input", "binId")))
    if row.code == MAIN_BIN:
        raise Refused(
            InvalidInput(f"{MAIN_BIN} keeps its code: it is meant where no bin is named.", ("input", "binId"))
        )
    row.code = code
