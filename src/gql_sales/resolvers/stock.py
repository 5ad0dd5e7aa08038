"""Fields about stock."""

import strawberry

from gql_sales.domain.runner import create
from gql_sales.domain.stock.adjust import stock_adjust
from gql_sales.domain.stock.move import stock_move
from gql_sales.domain.stock.receive import stock_receive
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.stock import (
    StockAdjustInput,
    StockAdjustPayload,
    StockLevel,
    StockMoveInput,
    StockMovement,
    StockMovePayload,
    StockReceiveInput,
    StockReceivePayload,
)

_READ = [scopes("stock:read")]


@strawberry.type
class StockQuery:
    """Reading stock."""

    stock_levels: Connection[StockLevel] | None = listed("StockLevel", "stockLevels", "stock:read", "stock levels")

    stock_movements: Connection[StockMovement] | None = listed(
        "StockMovement", "stockMovements", "stock:read", "stock movements"
    )


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
