"""Lists of stock that clients page through."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, select

from gql_sales.db.models.channels import Bin, BinKind
from gql_sales.db.models.stock import StockLevel, StockMovement
from gql_sales.db.queries.master import listed
from gql_sales.kernel.inputs import is_storable
from gql_sales.kernel.principals import Principal


def stock_level_list(
    principal: Principal, *, product_id: UUID | None, warehouse_id: UUID | None, bin_kinds: Sequence[BinKind] | None
) -> Select[Any]:
    """Visible stock levels that meet the conditions."""
    statement = listed("StockLevel", principal)
    if product_id is not None:
        statement = statement.where(StockLevel.product_id == product_id)
    if warehouse_id is not None:
        statement = statement.where(StockLevel.warehouse_id == warehouse_id)
    if bin_kinds is not None:
        statement = statement.where(StockLevel.bin_id.in_(select(Bin.id).where(Bin.kind.in_(bin_kinds))))
    return statement


def stock_movement_list(
    principal: Principal, *, product_id: UUID | None, level_id: UUID | None, reason: str | None
) -> Select[Any]:
    """Visible stock movements that meet the conditions."""
    statement = listed("StockMovement", principal)
    if product_id is not None:
        statement = statement.where(StockMovement.product_id == product_id)
    if level_id is not None:
        statement = statement.where(StockMovement.level_id == level_id)
    if reason is not None:
        statement = statement.where(StockMovement.reason == reason if is_storable(reason) else false())
    return statement
