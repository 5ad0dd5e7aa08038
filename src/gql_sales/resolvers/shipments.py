"""Fields about shipments."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from gql_sales.domain.runner import run
from gql_sales.domain.shipments.book import shipment_book
from gql_sales.domain.shipments.cancel import shipment_cancel
from gql_sales.domain.shipments.create import shipment_create
from gql_sales.domain.shipments.delete import shipment_delete
from gql_sales.domain.shipments.deliver import shipment_deliver
from gql_sales.domain.shipments.finalize import shipment_finalize
from gql_sales.domain.shipments.package_add import shipment_package_add
from gql_sales.domain.shipments.package_set_items import shipment_package_set_items
from gql_sales.domain.shipments.set_tracking import shipment_set_tracking
from gql_sales.domain.shipments.unbook import shipment_unbook
from gql_sales.domain.shipments.update import shipment_update
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.inputs import KEEP
from gql_sales.resolvers.lookups import row_by
from gql_sales.schema import shipments as inputs
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.inputs import kept
from gql_sales.schema.lists import listed
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.shipments import Shipment

_READ = [scopes("shipments:read")]


def _id(value: str) -> UUID:
    return decode_id("Shipment", value)


@strawberry.input(description="Exactly one way to name a shipment.", one_of=True)
class ShipmentBy:
    """By its id or its number."""

    id: strawberry.Maybe[ID] = strawberry.field(description="Opaque global id.")
    number: strawberry.Maybe[str] = strawberry.field(description="Human-facing number.")


@strawberry.type
class ShipmentQuery:
    """Reading shipments."""

    @strawberry.field(description="A shipment; null when absent or not visible.", directives=_READ)
    async def shipment(
        self, info: Info, by: Annotated[ShipmentBy, strawberry.argument(description="Names the shipment.")]
    ) -> Shipment | None:
        """By id or number."""
        found: Shipment | None = await row_by(info, "Shipment", by.id, number=by.number)
        return found

    shipments: Connection[Shipment] | None = listed("Shipment", "shipments", "shipments:read", "shipments")


@strawberry.type
class ShipmentMutation:
    """Changing shipments."""

    @mutation(shipment_create)
    async def shipment_create(self, info: Info, input: inputs.ShipmentCreateInput) -> inputs.ShipmentCreatePayload:
        """See domain/shipments/create.py."""
        warehouse_id = given(input.warehouse_id)
        outcome = await run(
            shipment_create,
            input.call(info),
            decode_id("Order", input.order_id),
            warehouse_id=decode_id("Warehouse", warehouse_id) if warehouse_id is not None else None,
            items=[item.to_domain() for item in input.items],
            carrier=given(input.carrier),
            tracking_number=given(input.tracking_number),
            then=input.then,
        )
        return inputs.ShipmentCreatePayload(outcome=note_replay(info, outcome))

    @mutation(shipment_book)
    async def shipment_book(self, info: Info, input: inputs.ShipmentBookInput) -> inputs.ShipmentBookPayload:
        """See domain/shipments/book.py."""
        outcome = await run(shipment_book, input.call(info), _id(input.shipment_id))
        return inputs.ShipmentBookPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_finalize)
    async def shipment_finalize(
        self, info: Info, input: inputs.ShipmentFinalizeInput
    ) -> inputs.ShipmentFinalizePayload:
        """See domain/shipments/finalize.py."""
        outcome = await run(
            shipment_finalize,
            input.call(info),
            _id(input.shipment_id),
            carrier=given(input.carrier),
            tracking_number=given(input.tracking_number),
        )
        return inputs.ShipmentFinalizePayload(outcome=note_replay(info, outcome))

    @mutation(shipment_update)
    async def shipment_update(self, info: Info, input: inputs.ShipmentUpdateInput) -> inputs.ShipmentUpdatePayload:
        """See domain/shipments/update.py."""
        items = given(input.items)
        outcome = await run(
            shipment_update,
            input.call(info),
            _id(input.shipment_id),
            items=KEEP if items is None else [item.to_domain() for item in items],
            carrier=kept(input.carrier),
            tracking_number=kept(input.tracking_number),
        )
        return inputs.ShipmentUpdatePayload(outcome=note_replay(info, outcome))

    @mutation(shipment_delete)
    async def shipment_delete(self, info: Info, input: inputs.ShipmentDeleteInput) -> inputs.ShipmentDeletePayload:
        """See domain/shipments/delete.py."""
        outcome = await run(shipment_delete, input.call(info), _id(input.shipment_id))
        return inputs.ShipmentDeletePayload(outcome=note_replay(info, outcome))

    @mutation(shipment_unbook)
    async def shipment_unbook(self, info: Info, input: inputs.ShipmentUnbookInput) -> inputs.ShipmentUnbookPayload:
        """See domain/shipments/unbook.py."""
        outcome = await run(shipment_unbook, input.call(info), _id(input.shipment_id))
        return inputs.ShipmentUnbookPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_cancel)
    async def shipment_cancel(self, info: Info, input: inputs.ShipmentCancelInput) -> inputs.ShipmentCancelPayload:
        """See domain/shipments/cancel.py."""
        outcome = await run(shipment_cancel, input.call(info), _id(input.shipment_id), reason=input.reason)
        return inputs.ShipmentCancelPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_package_add)
    async def shipment_package_add(
        self, info: Info, input: inputs.ShipmentPackageAddInput
    ) -> inputs.ShipmentPackageAddPayload:
        """See domain/shipments/package_add.py."""
        outcome = await run(
            shipment_package_add,
            input.call(info),
            _id(input.shipment_id),
            items=[item.to_domain() for item in input.items],
            tracking_number=given(input.tracking_number),
        )
        return inputs.ShipmentPackageAddPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_package_set_items)
    async def shipment_package_set_items(
        self, info: Info, input: inputs.ShipmentPackageSetItemsInput
    ) -> inputs.ShipmentPackageSetItemsPayload:
        """See domain/shipments/package_set_items.py."""
        outcome = await run(
            shipment_package_set_items,
            input.call(info),
            _id(input.shipment_id),
            package_id=decode_id("Package", input.package_id),
            items=[item.to_domain() for item in input.items],
            tracking_number=kept(input.tracking_number),
        )
        return inputs.ShipmentPackageSetItemsPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_set_tracking)
    async def shipment_set_tracking(
        self, info: Info, input: inputs.ShipmentSetTrackingInput
    ) -> inputs.ShipmentSetTrackingPayload:
        """See domain/shipments/set_tracking.py."""
        outcome = await run(
            shipment_set_tracking,
            input.call(info),
            _id(input.shipment_id),
            carrier=kept(input.carrier),
            tracking_number=kept(input.tracking_number),
            packages=[(decode_id("Package", one.package_id), given(one.tracking_number)) for one in input.packages],
        )
        return inputs.ShipmentSetTrackingPayload(outcome=note_replay(info, outcome))

    @mutation(shipment_deliver)
    async def shipment_deliver(self, info: Info, input: inputs.ShipmentDeliverInput) -> inputs.ShipmentDeliverPayload:
        """See domain/shipments/deliver.py."""
        outcome = await run(
            shipment_deliver, input.call(info), _id(input.shipment_id), delivered_at=given(input.delivered_at)
        )
        return inputs.ShipmentDeliverPayload(outcome=note_replay(info, outcome))
