"""Further bins keep goods apart that may not be sold, or just lie elsewhere (BA-76)."""

from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.queries.master import bins_of
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidInput, Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings

MOST_BINS = 500


@transition(Warehouse, scope="warehouses:edit", event="WarehouseBinAdded")
async def warehouse_bin_add(unit: Unit, warehouse: Warehouse, *, code: str, kind: BinKind) -> None:
    """Add a bin to a warehouse.

    Refusals: INVALID_INPUT, EXTERNAL_REF_TAKEN (code), TOO_MANY_ENTRIES.
    """
    found = Findings()
    code = found.line(code, 40, "code")
    found.check()
    if warehouse.is_fulfillment_method:
        raise Refused(InvalidInput("A fulfillment method holds no stock of ours.", ("input", "warehouseId")))
    if len(await bins_of(unit, warehouse.id)) >= MOST_BINS:
        raise Refused(TooManyEntries(f"A warehouse has at most {MOST_BINS} bins.", ("input",)))
    unit.add(Bin(warehouse_id=warehouse.id, code=code, kind=kind))
