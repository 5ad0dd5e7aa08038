"""Fields about warehouses."""

from typing import Annotated

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import listed
from gql_sales.domain.runner import create, run
from gql_sales.domain.warehouses.bin_add import warehouse_bin_add
from gql_sales.domain.warehouses.bin_update import warehouse_bin_update
from gql_sales.domain.warehouses.create import warehouse_create
from gql_sales.domain.warehouses.update import warehouse_update
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.inputs import kept
from gql_sales.schema.mutations import mutation
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.warehouses import (
    Warehouse,
    WarehouseBinAddInput,
    WarehouseBinAddPayload,
    WarehouseBinUpdateInput,
    WarehouseBinUpdatePayload,
    WarehouseBy,
    WarehouseCreateInput,
    WarehouseCreatePayload,
    WarehouseUpdateInput,
    WarehouseUpdatePayload,
)

_READ = [scopes("warehouses:read")]


@strawberry.type
class WarehouseQuery:
    """Reading warehouses."""

    @strawberry.field(description="A warehouse; null when absent or not visible.", directives=_READ)
    async def warehouse(
        self, info: Info, by: Annotated[WarehouseBy, strawberry.argument(description="Names the warehouse.")]
    ) -> Warehouse | None:
        """By id or code."""
        found: Warehouse | None = await row_by(info, "Warehouse", by.id, code=by.code)
        return found

    @strawberry.field(
        description="Warehouses visible to the caller, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def warehouses(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Warehouse] | None:
        """One statement for the page."""
        statement = listed("Warehouse", info.context.principal)
        request = PageRequest(first, after, last, before)
        return await page_of(info, "warehouses", statement, request)


@strawberry.type
class WarehouseMutation:
    """Changing warehouses."""

    @mutation(warehouse_create)
    async def warehouse_create(self, info: Info, input: WarehouseCreateInput) -> WarehouseCreatePayload:
        """See domain/warehouses/create.py."""
        outcome = await create(
            warehouse_create,
            input.call(info),
            code=input.code,
            name=input.name,
            country_code=input.country_code,
            pool_code=input.pool_code,
            priority=input.priority,
            is_fulfillment_method=input.is_fulfillment_method,
            is_pack_required=input.is_pack_required,
        )
        return WarehouseCreatePayload(outcome=note_replay(info, outcome))

    @mutation(warehouse_update)
    async def warehouse_update(self, info: Info, input: WarehouseUpdateInput) -> WarehouseUpdatePayload:
        """See domain/warehouses/update.py."""
        outcome = await run(
            warehouse_update,
            input.call(info),
            decode_id("Warehouse", input.warehouse_id),
            name=kept(input.name),
            priority=kept(input.priority),
            is_pack_required=kept(input.is_pack_required),
        )
        return WarehouseUpdatePayload(outcome=note_replay(info, outcome))

    @mutation(warehouse_bin_add)
    async def warehouse_bin_add(self, info: Info, input: WarehouseBinAddInput) -> WarehouseBinAddPayload:
        """See domain/warehouses/bin_add.py."""
        outcome = await run(
            warehouse_bin_add,
            input.call(info),
            decode_id("Warehouse", input.warehouse_id),
            code=input.code,
            kind=input.kind,
        )
        return WarehouseBinAddPayload(outcome=note_replay(info, outcome))

    @mutation(warehouse_bin_update)
    async def warehouse_bin_update(self, info: Info, input: WarehouseBinUpdateInput) -> WarehouseBinUpdatePayload:
        """See domain/warehouses/bin_update.py."""
        outcome = await run(
            warehouse_bin_update,
            input.call(info),
            decode_id("Warehouse", input.warehouse_id),
            bin_id=decode_id("Bin", input.bin_id),
            code=input.code,
        )
        return WarehouseBinUpdatePayload(outcome=note_replay(info, outcome))
