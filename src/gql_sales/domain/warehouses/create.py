"""A warehouse belongs to one stock pool for all its life; ours begin with one bin for sellable goods."""

from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.queries.master import MAIN_BIN, pool_named
from gql_sales.db.session import Unit
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings


@creation(Warehouse, scope="warehouses:create", event="WarehouseCreated")
async def warehouse_create(
    unit: Unit,
    *,
    code: str,
    name: str,
    country_code: str,
    pool_code: str,
    priority: int = 100,
    is_fulfillment_method: bool = False,
    is_pack_required: bool = False,
) -> Warehouse:
    """Open a warehouse of the named stock pool with the bin MAIN for sellable goods, or a fulfillment method (KS-14).

    Refusals: INVALID_INPUT, EXTERNAL_REF_TAKEN (code).
    """
    found = Findings()
    code = found.line(code, 40, "code")
    name = found.line(name, 200, "name")
    pool_code = found.line(pool_code, 40, "poolCode")
    found.check()
    pool = await pool_named(unit, pool_code)
    warehouse = unit.add(
        Warehouse(
            company_id=unit.company_id,
            pool_id=pool.id,
            code=code,
            name=name,
            country_code=country_code,
            priority=priority,
            is_fulfillment_method=is_fulfillment_method,
            is_pack_required=is_pack_required,
        )
    )
    if not is_fulfillment_method:
        unit.add(Bin(warehouse_id=warehouse.id, code=MAIN_BIN, kind=BinKind.NORMAL))
    return warehouse
