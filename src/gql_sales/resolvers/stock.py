"""Fields about stock."""

from typing import Annotated

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.stock_reading import stock_level_list, stock_movement_list
from gql_sales.domain.runner import create
from gql_sales.domain.stock.adjust import stock_adjust
from gql_sales.domain.stock.move import stock_move
from gql_sales.domain.stock.receive import stock_receive
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.inputs import decode_optional
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.stock import (
    StockAdjustInput,
    StockAdjustPayload,
    StockLevel,
    StockLevelFilter,
    StockMoveInput,
    StockMovement,
    StockMovementFilter,
    StockMovePayload,
    StockReceiveInput,
    StockReceivePayload,
)

_READ = [scopes("stock:read")]


@strawberry.type
class StockQuery:
    """Reading stock."""

    @strawberry.field(
        description="Stock levels visible to the caller, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def stock_levels(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[StockLevelFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[StockLevel] | None:
        """One statement for the page."""
        wanted = filter or StockLevelFilter()
        statement = stock_level_list(
            info.context.principal,
            product_id=decode_optional("Product", wanted.product_id),
            warehouse_id=decode_optional("Warehouse", wanted.warehouse_id),
            bin_kinds=given(wanted.bin_kind),
        )
        request = PageRequest(first, after, last, before)
        return await page_of(info, "stock_levels", statement, request, wanted)

    @strawberry.field(
        description="Changes of goods on hand visible to the caller, newest first.",
        directives=[*_READ, SemanticNonNull()],
    )
    async def stock_movements(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[StockMovementFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[StockMovement] | None:
        """One statement for the page."""
        wanted = filter or StockMovementFilter()
        statement = stock_movement_list(
            info.context.principal,
            product_id=decode_optional("Product", wanted.product_id),
            level_id=decode_optional("StockLevel", wanted.stock_level_id),
            reason=given(wanted.reason),
        )
        request = PageRequest(first, after, last, before)
        return await page_of(info, "stock_movements", statement, request, wanted)


@strawberry.type
class StockMutation:
    """Changing stock."""

    @mutation(stock_receive)
    async def stock_receive(self, info: Info, input: StockReceiveInput) -> StockReceivePayload:
        """See domain/stock/receive.py."""
        warehouse_id = decode_id("Warehouse", input.warehouse_id)
        lines = [line.to_domain() for line in input.lines]
        outcome = await create(
            stock_receive, input.call(info), warehouse_id=warehouse_id, lines=lines, reason=given(input.reason)
        )
        return StockReceivePayload(outcome=note_replay(info, outcome), ends=[(warehouse_id, lines)])

    @mutation(stock_adjust)
    async def stock_adjust(self, info: Info, input: StockAdjustInput) -> StockAdjustPayload:
        """See domain/stock/adjust.py."""
        warehouse_id = decode_id("Warehouse", input.warehouse_id)
        lines = [line.to_domain() for line in input.lines]
        outcome = await create(
            stock_adjust, input.call(info), warehouse_id=warehouse_id, lines=lines, reason=input.reason
        )
        return StockAdjustPayload(outcome=note_replay(info, outcome), ends=[(warehouse_id, lines)])

    @mutation(stock_move)
    async def stock_move(self, info: Info, input: StockMoveInput) -> StockMovePayload:
        """See domain/stock/move.py."""
        start, goal = decode_id("Warehouse", input.from_warehouse_id), decode_id("Warehouse", input.to_warehouse_id)
        lines = [line.to_domain() for line in input.lines]
        outcome = await create(
            stock_move,
            input.call(info),
            from_warehouse_id=start,
            to_warehouse_id=goal,
            lines=lines,
            reason=given(input.reason),
        )
        ends = [(start, [line.start() for line in lines]), (goal, [line.goal() for line in lines])]
        return StockMovePayload(outcome=note_replay(info, outcome), ends=ends)
