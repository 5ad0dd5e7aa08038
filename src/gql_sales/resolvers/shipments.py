"""Fields about shipments."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.lists import shipments_statement
from gql_sales.domain.runner import run
from gql_sales.domain.shipments.book import shipment_book
from gql_sales.domain.shipments.create import shipment_create
from gql_sales.domain.shipments.finalize import shipment_finalize
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema import shipments as inputs
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.shipments import Shipment

_READ = [scopes("shipments:read")]


@strawberry.type
class ShipmentQuery:
    """Reading shipments."""

    @strawberry.field(description="A shipment; null when absent or not visible.", directives=_READ)
    async def shipment(
        self, info: Info, id: Annotated[ID, strawberry.argument(description="The shipment's id.")]
    ) -> Shipment | None:
        """By id."""
        found: Shipment | None = await info.context.loaders.node("Shipment", decode_id("Shipment", id))  # type: ignore[assignment]
        return found

    @strawberry.field(
        description="Shipments visible to the caller, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def shipments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        order_id: Annotated[ID | None, strawberry.argument(description="Only of this order.")] = None,
    ) -> Connection[Shipment] | None:
        """One statement for the page."""
        wanted = decode_id("Order", order_id) if order_id else None
        statement = shipments_statement(info.context.principal, order_id=wanted)
        request = PageRequest(first, after, last, before)
        return await page_of(info, "shipments", statement, request, wanted)


@strawberry.type
class ShipmentMutation:
    """Changing shipments."""

    @mutation(shipment_create)
    async def shipment_create(self, info: Info, input: inputs.ShipmentCreateInput) -> inputs.ShipmentCreatePayload:
        """See domain/shipments/create.py."""
        outcome = await run(
            shipment_create,
            input.call(info),
            decode_id("Order", input.order_id),
            warehouse_id=decode_id("Warehouse", input.warehouse_id),
            items=[item.to_domain() for item in input.items],
            carrier=given(input.carrier),
            tracking_number=given(input.tracking_number),
            then=input.then,
        )
        return inputs.ShipmentCreatePayload(outcome=note_replay(info, outcome))

    @mutation(shipment_book)
    async def shipment_book(self, info: Info, input: inputs.ShipmentBookInput) -> inputs.ShipmentBookPayload:
        """See domain/shipments/book.py."""
        outcome = await run(shipment_book, input.call(info), decode_id("Shipment", input.shipment_id))
        return inputs.ShipmentBookPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_finalize)
    async def shipment_finalize(
        self, info: Info, input: inputs.ShipmentFinalizeInput
    ) -> inputs.ShipmentFinalizePayload:
        """See domain/shipments/finalize.py."""
        outcome = await run(
            shipment_finalize,
            input.call(info),
            decode_id("Shipment", input.shipment_id),
            carrier=given(input.carrier),
            tracking_number=given(input.tracking_number),
        )
        return inputs.ShipmentFinalizePayload(outcome=note_replay(info, outcome))
