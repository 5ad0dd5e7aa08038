"""Shipments as clients see them, and what mutations on shipments take and give."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.models import shipments as models
from gql_sales.db.models.shipments import ShipmentState
from gql_sales.domain.shipments.create import ShipmentStep
from gql_sales.domain.shipments.lines import NewShipmentItem
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import Node, id_field, optional, text
from gql_sales.schema.order_inputs import OrderInput, OrderPayload
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.relations import many, one
from gql_sales.schema.transitions import AvailableTransition, available_transitions

described(ShipmentStep)


@strawberry.type(description="Quantity of one order item on a shipment.", directives=[scopes("shipments:read")])
class ShipmentItem(Node):
    """One line of a delivery note."""

    order_item_id: strawberry.ID = id_field("OrderItem", "order_item_id", "The order item.")
    quantity: Decimal = text("Quantity.")


@strawberry.type(description="Quantity of one order item in a package.", directives=[scopes("shipments:read")])
class PackageItem(Node):
    """One line of what a package holds."""

    order_item_id: strawberry.ID = id_field("OrderItem", "order_item_id", "The order item.")
    quantity: Decimal = text("Quantity.")


@strawberry.type(
    description="A box or pallet of a shipment; its label shows its number and where its order goes.",
    directives=[scopes("shipments:read")],
)
class Package(Node):
    """Numbered when it is made."""

    number: str = text("Number for its label.")
    tracking_number: str | None = text("The carrier's number for it.")
    created_at: datetime = text("When it was made.")
    items: list[PackageItem] = many("Package.items", "What it holds, at most 500 lines.")


@strawberry.type(
    description="Goods of one order leaving one warehouse together.", directives=[scopes("shipments:read")]
)
class Shipment(Node):
    """The delivery note."""

    number: str | None = text("Human-facing number; null until it is first booked.")
    state: ShipmentState = text("Lifecycle state.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    order_id: strawberry.ID = id_field("Order", "order_id", "The order.")
    order: Order | None = one("Order", "order_id", "The order, when the caller may see it.")
    warehouse_id: strawberry.ID = id_field("Warehouse", "warehouse_id", "The warehouse the goods leave.")
    carrier: str | None = text("Who carries it.")
    tracking_number: str | None = text("The carrier's number.")
    created_at: datetime = text("When it was drafted.")
    booked_at: datetime | None = text("When it was booked.")
    finalized_at: datetime | None = text("When the goods left.")
    delivered_at: datetime | None = text("When the goods arrived.")
    cancelled_at: datetime | None = text("When it was withdrawn.")
    cancel_reason: str | None = text("Why it was withdrawn.")
    items: list[ShipmentItem] = many("Shipment.items", "Lines, at most 500.")
    packages: list[Package] = many("Shipment.packages", "Its packages, at most 500, oldest first.")

    @strawberry.field(description="Transitions out of the present state, allowed ones and blocked ones.")
    async def available_transitions(self: Any, info: Info) -> list[AvailableTransition]:
        """Answered by the guards that the mutations run."""
        return await available_transitions(info, models.Shipment, self.id)


@strawberry.input(description="Quantity of an order item that is to leave.")
class ShipmentItemInput:
    """One line."""

    order_item_id: strawberry.ID = text("The order item.")
    quantity: Decimal = text("Quantity, above zero.")

    def to_domain(self) -> NewShipmentItem:
        """As verbs take it."""
        return NewShipmentItem(decode_id("OrderItem", self.order_item_id), self.quantity)


@strawberry.input(description="Input of shipmentCreate.")
class ShipmentCreateInput(OrderInput):
    """A draft, or with ``then`` a booked or finalized shipment."""

    warehouse_id: strawberry.ID | None = optional(
        "The warehouse the goods leave; the order's own or the channel's first when absent."
    )
    items: list[ShipmentItemInput] = strawberry.field(
        description="Lines; all open goods that are on no other draft when empty.", default_factory=list
    )
    carrier: str | None = optional("Who carries it.")
    tracking_number: str | None = optional("The carrier's number.")
    then: list[ShipmentStep] = strawberry.field(
        description="What follows at once, in the same transaction.", default_factory=list
    )


@strawberry.type(description="Outcome of shipmentCreate.")
class ShipmentCreatePayload(OrderPayload):
    """The shipment and its order."""

    shipment: Shipment | None = changed("Shipment", "The new shipment; null when it was refused or only tried.")


@strawberry.input
class ShipmentInput(MutationInput):
    """Any change of an existing shipment."""

    shipment_id: strawberry.ID = text("The shipment.")


@strawberry.type
class ShipmentPayload(Payload):
    """Any change of an existing shipment."""

    shipment: Shipment | None = changed(
        "Shipment", "The shipment after the change, or as it stands when the change was refused."
    )
    order: Order | None = changed("Order", "Its order after the change; null when the change was refused.")


@strawberry.input(description="Input of shipmentBook.")
class ShipmentBookInput(ShipmentInput):
    """A draft to book."""


@strawberry.type(description="Outcome of shipmentBook.")
class ShipmentBookPayload(ShipmentPayload):
    """The booked shipment."""


@strawberry.input(description="Input of shipmentFinalize.")
class ShipmentFinalizeInput(ShipmentInput):
    """A booked shipment to send off."""

    carrier: str | None = optional("Who carries it; absent keeps what is.")
    tracking_number: str | None = optional("The carrier's number; absent keeps what is.")


@strawberry.type(description="Outcome of shipmentFinalize.")
class ShipmentFinalizePayload(ShipmentPayload):
    """The finalized shipment."""


@strawberry.input(description="Input of shipmentUpdate.")
class ShipmentUpdateInput(ShipmentInput):
    """What is absent stays."""

    items: list[ShipmentItemInput] | None = optional("All lines that it is to have; absent keeps what is.")
    carrier: str | None = optional("Who carries it; null clears it.")
    tracking_number: str | None = optional("The carrier's number; null clears it.")


@strawberry.type(description="Outcome of shipmentUpdate.")
class ShipmentUpdatePayload(ShipmentPayload):
    """The changed draft."""


@strawberry.input(description="Input of shipmentDelete.")
class ShipmentDeleteInput(ShipmentInput):
    """A draft to throw away."""


@strawberry.type(description="Outcome of shipmentDelete.")
class ShipmentDeletePayload(ShipmentPayload):
    """The shipment is null after a success, since it is shown to nobody."""


@strawberry.input(description="Input of shipmentUnbook.")
class ShipmentUnbookInput(ShipmentInput):
    """A booked shipment to turn into a draft."""


@strawberry.type(description="Outcome of shipmentUnbook.")
class ShipmentUnbookPayload(ShipmentPayload):
    """The draft, with its number."""


@strawberry.input(description="Input of shipmentCancel.")
class ShipmentCancelInput(ShipmentInput):
    """An unbooked shipment to withdraw."""

    reason: str = text("Why it is withdrawn, at most 500 characters.")


@strawberry.type(description="Outcome of shipmentCancel.")
class ShipmentCancelPayload(ShipmentPayload):
    """The withdrawn shipment, with its number."""


@strawberry.input(description="Input of shipmentPackageAdd.")
class ShipmentPackageAddInput(ShipmentInput):
    """A new package."""

    items: list[ShipmentItemInput] = strawberry.field(description="What it holds.", default_factory=list)
    tracking_number: str | None = optional("The carrier's number for it.")


@strawberry.type(description="Outcome of shipmentPackageAdd.")
class ShipmentPackageAddPayload(ShipmentPayload):
    """The shipment with its packages."""


@strawberry.input(description="Input of shipmentPackageSetItems.")
class ShipmentPackageSetItemsInput(ShipmentInput):
    """Anew what a package holds."""

    package_id: strawberry.ID = text("The package.")
    items: list[ShipmentItemInput] = text("All that it holds; nothing empties it.")
    tracking_number: str | None = optional("The carrier's number for it; absent keeps what is, null clears it.")


@strawberry.type(description="Outcome of shipmentPackageSetItems.")
class ShipmentPackageSetItemsPayload(ShipmentPayload):
    """The shipment with its packages."""


@strawberry.input(description="The carrier's number for a package.")
class PackageTrackingInput:
    """One package."""

    package_id: strawberry.ID = text("The package.")
    tracking_number: str | None = optional("The number; none when absent or null.")


@strawberry.input(description="Input of shipmentSetTracking.")
class ShipmentSetTrackingInput(ShipmentInput):
    """What is absent stays."""

    carrier: str | None = optional("Who carries it; null clears it.")
    tracking_number: str | None = optional("The carrier's number; null clears it.")
    packages: list[PackageTrackingInput] = strawberry.field(
        description="The carrier's numbers for its packages.", default_factory=list
    )


@strawberry.type(description="Outcome of shipmentSetTracking.")
class ShipmentSetTrackingPayload(ShipmentPayload):
    """The shipment with its tracking numbers."""


@strawberry.input(description="Input of shipmentDeliver.")
class ShipmentDeliverInput(ShipmentInput):
    """A shipment that has arrived."""

    delivered_at: datetime | None = optional("When; now when absent. Between its departure and now.")


@strawberry.type(description="Outcome of shipmentDeliver.")
class ShipmentDeliverPayload(ShipmentPayload):
    """The delivered shipment."""
