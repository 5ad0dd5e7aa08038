"""Fields about allocations."""

import strawberry

from gql_sales.domain.allocations.create import allocation_create
from gql_sales.domain.allocations.move import allocation_move
from gql_sales.domain.allocations.release import allocation_release
from gql_sales.domain.runner import run
from gql_sales.kernel.ids import decode_id
from gql_sales.schema import allocations as inputs
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.inputs import decode_optional
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.orders import Allocation
from gql_sales.schema.payloads import note_replay


@strawberry.type
class AllocationQuery:
    """Reading what is set aside."""

    allocations: Connection[Allocation] | None = listed(
        "Allocation", "allocations", "allocations:read", "what is set aside for orders"
    )


@strawberry.type
class AllocationMutation:
    """Changing what is set aside for orders."""

    @mutation(allocation_create)
    async def allocation_create(
        self, info: Info, input: inputs.AllocationCreateInput
    ) -> inputs.AllocationCreatePayload:
        """See domain/allocations/create.py."""
        outcome = await run(
            allocation_create,
            input.call(info),
            decode_id("Order", input.order_id),
            warehouse_id=decode_optional("Warehouse", input.warehouse_id),
            lines=[line.to_domain() for line in input.lines],
        )
        return inputs.AllocationCreatePayload(outcome=note_replay(info, outcome))

    @mutation(allocation_move)
    async def allocation_move(self, info: Info, input: inputs.AllocationMoveInput) -> inputs.AllocationMovePayload:
        """See domain/allocations/move.py."""
        moves = [move.to_domain() for move in input.moves]
        outcome = await run(allocation_move, input.call(info), decode_id("Order", input.order_id), moves=moves)
        return inputs.AllocationMovePayload(outcome=note_replay(info, outcome))

    @mutation(allocation_release)
    async def allocation_release(
        self, info: Info, input: inputs.AllocationReleaseInput
    ) -> inputs.AllocationReleasePayload:
        """See domain/allocations/release.py."""
        outcome = await run(
            allocation_release,
            input.call(info),
            decode_id("Order", input.order_id),
            allocation_ids=[decode_id("Allocation", id_) for id_ in input.allocation_ids],
            lines=[line.to_domain() for line in input.lines],
        )
        return inputs.AllocationReleasePayload(outcome=note_replay(info, outcome))
