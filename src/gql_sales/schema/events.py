"""Events of the log as subscriptions deliver them: one GraphQL type per event type, behind one interface per stream."""

from datetime import datetime
from typing import Any

import strawberry

from gql_sales.db.event_log import LoggedEvent, encode_cursor
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import id_field, text
from gql_sales.schema.orders import Order
from gql_sales.schema.relations import one
from gql_sales.schema.shipments import Shipment

ORDER_EVENTS = {
    "OrderCreated": ("OrderCreatedEvent", "A draft was made."),
    "OrderChanged": (
        "OrderChangedEvent",
        "The contents of an order changed; `type` says more when it is not OrderChanged.",
    ),
    "OrderDeleted": ("OrderDeletedEvent", "A draft was thrown away."),
    "OrderPlaced": ("OrderPlacedEvent", "An order was placed."),
    "OrderAcknowledged": ("OrderAcknowledgedEvent", "An order was confirmed to its customer."),
    "OrderHeld": ("OrderHeldEvent", "An order was put on hold."),
    "OrderReleased": ("OrderReleasedEvent", "A hold on an order was released."),
    "OrderItemCancelled": ("OrderItemCancelledEvent", "Quantities of an order were cancelled."),
    "OrderClosed": ("OrderClosedEvent", "An order is done, billed, and paid or written off, and closed."),
    "OrderCancelled": ("OrderCancelledEvent", "An order was cancelled."),
    "OrderCompleted": ("OrderCompletedEvent", "Nothing of an order is open any more."),
    "OrderExpired": ("OrderExpiredEvent", "An order was not paid in time, so it was cancelled."),
    "OrderProformaConverted": ("OrderProformaConvertedEvent", "A proforma order was paid and is a sales order now."),
    "OrderUncompleted": ("OrderUncompletedEvent", "Something of a completed order is open again."),
    "AllocationCreated": ("AllocationCreatedEvent", "Stock was set aside for an order."),
    "AllocationMoved": ("AllocationMovedEvent", "Stock that was set aside for an order is taken from elsewhere."),
    "AllocationReleased": ("AllocationReleasedEvent", "Stock that was set aside for an order was given back."),
    "ShipmentCreated": ("OrderShipmentCreatedEvent", "A shipment of an order was drafted."),
    "ShipmentBooked": ("OrderShipmentBookedEvent", "A shipment of an order was booked."),
    "ShipmentPacked": ("OrderShipmentPackedEvent", "Goods of an order were packed or unpacked."),
    "ShipmentUpdated": ("OrderShipmentUpdatedEvent", "A drafted shipment of an order changed."),
    "ShipmentTrackingSet": ("OrderShipmentTrackingSetEvent", "Carrier or tracking number of an order became known."),
    "ShipmentDelivered": ("OrderShipmentDeliveredEvent", "Goods of an order arrived."),
    "ShipmentUnbooked": ("OrderShipmentUnbookedEvent", "A booked shipment of an order became a draft again."),
    "ShipmentDeleted": ("OrderShipmentDeletedEvent", "A packed draft of a shipment of an order was thrown away."),
    "ShipmentCancelled": ("OrderShipmentCancelledEvent", "A packed shipment of an order was withdrawn."),
    "ShipmentFinalized": ("OrderShipmentFinalizedEvent", "Goods of an order left."),
    "InvoiceIssued": ("OrderInvoiceIssuedEvent", "An order was billed."),
    "InvoiceConfirmed": ("OrderInvoiceConfirmedEvent", "An invoice of an order counts for tax from a day on."),
    "InvoiceVoided": ("OrderInvoiceVoidedEvent", "An invoice of an order was voided; it may be billed again."),
    "CashSaleIssued": ("OrderCashSaleIssuedEvent", "An order was billed by a cash sale."),
    "CashSaleInvoiced": ("OrderCashSaleInvoicedEvent", "An invoice was made of a cash sale of an order."),
    "PaymentReceived": ("OrderPaymentReceivedEvent", "Money for an order came in."),
    "CreditMemoIssued": ("OrderCreditMemoIssuedEvent", "Something billed of an order was credited."),
    "CreditMemoApplied": ("OrderCreditMemoAppliedEvent", "Credit was used to settle a bill of an order."),
    "CreditMemoUnapplied": ("OrderCreditMemoUnappliedEvent", "Credit that settled a bill of an order was taken back."),
    "CreditMemoVoided": ("OrderCreditMemoVoidedEvent", "A credit memo about an order was voided."),
    "PaymentDeallocated": ("OrderPaymentDeallocatedEvent", "Money was taken off a bill of an order."),
    "PaymentSplit": ("OrderPaymentSplitEvent", "The tenders of a payment for an order were corrected."),
    "PaymentAllocated": ("OrderPaymentAllocatedEvent", "Money was used to settle a bill of an order."),
}
"""Event types that name orders: an order's own keep their name, those of another document begin with Order."""

SHIPMENT_EVENTS = {
    "ShipmentCreated": ("ShipmentCreatedEvent", "A shipment was drafted."),
    "ShipmentUpdated": ("ShipmentUpdatedEvent", "A shipment changed; `type` says more when it is not ShipmentUpdated."),
    "ShipmentBooked": ("ShipmentBookedEvent", "A shipment was booked."),
    "ShipmentPacked": ("ShipmentPackedEvent", "What packages of a shipment hold changed."),
    "ShipmentUnbooked": ("ShipmentUnbookedEvent", "A booked shipment became a draft again."),
    "ShipmentDeleted": ("ShipmentDeletedEvent", "A draft was thrown away."),
    "ShipmentCancelled": ("ShipmentCancelledEvent", "An unbooked shipment was withdrawn."),
    "ShipmentFinalized": ("ShipmentFinalizedEvent", "Goods left."),
    "ShipmentTrackingSet": ("ShipmentTrackingSetEvent", "Who carries a shipment, or a tracking number, became known."),
    "ShipmentDelivered": ("ShipmentDeliveredEvent", "Goods arrived."),
}


@strawberry.type(description="Change of a derived status within an event.")
class EventAxisInfo:
    """Made from the data of the event."""

    axis: str = text("Axis, such as BILLING.")
    from_: str = strawberry.field(name="from", description="Value before.")
    to: str = text("Value after.")


def _cursor(root: Any) -> str:  # noqa: ANN401 (a LoggedEvent)
    event: LoggedEvent = root
    return encode_cursor(event.position)


def _axes(root: Any) -> list[EventAxisInfo]:  # noqa: ANN401 (a LoggedEvent)
    return [EventAxisInfo(axis=change["axis"], from_=change["from"], to=change["to"]) for change in root.axes]


def told_actor(root: Any, info: Info) -> str | None:  # noqa: ANN401 (a LoggedEvent, or a row of the log)
    """A shopper is not told which member of staff did it."""
    principal = info.context.principal
    return None if principal.is_shopper and root.actor != principal.key else str(root.actor)


def _from_state(root: Any) -> str | None:  # noqa: ANN401 (a LoggedEvent)
    return root.state["from"] if root.state else None


def _to_state(root: Any) -> str | None:  # noqa: ANN401 (a LoggedEvent)
    return root.state["to"] if root.state else None


class _Logged:
    """What Strawberry asks of interfaces whose objects are not instances of their types."""

    @classmethod
    def is_type_of(cls, *_: Any) -> bool:  # noqa: ANN401
        """Fields of one concrete type always hold events of that type."""
        return True


@strawberry.interface(description="Something that happened to an order.", directives=[scopes("orders:read")])
class OrderEvent(_Logged):
    """Objects are LoggedEvents of orders."""

    cursor: str = strawberry.field(resolver=_cursor, description="Resume position; also the event's unique id.")
    type: str = text("Event type, such as OrderPlaced.")
    occurred_at: datetime = text("When it was done.")
    actor: str | None = strawberry.field(resolver=told_actor, description="Who did it; shoppers see only themselves.")
    order_id: strawberry.ID = id_field("Order", "order_id", "The order.")
    order_version: int = strawberry.field(
        resolver=lambda root: root.document_version, description="Version of the order after the change."
    )
    order: Order | None = one("Order", "order_id", "The order as of now; null when it is no longer visible.")
    axes: list[EventAxisInfo] = strawberry.field(resolver=_axes, description="Derived statuses that changed.")

    from_state: str | None = strawberry.field(
        resolver=_from_state, description="State before; null when it did not change or the order is new."
    )
    to_state: str | None = strawberry.field(resolver=_to_state, description="State after; null when it did not change.")

    @classmethod
    def resolve_type(cls, value: LoggedEvent, *_: Any) -> str:  # noqa: ANN401
        """A newer process may write types that this one does not know."""
        return ORDER_EVENTS.get(value.type, ORDER_EVENTS["OrderChanged"])[0]


@strawberry.interface(description="Something that happened to a shipment.", directives=[scopes("shipments:read")])
class ShipmentEvent(_Logged):
    """Objects are LoggedEvents of shipments."""

    cursor: str = strawberry.field(resolver=_cursor, description="Resume position; also the event's unique id.")
    type: str = text("Event type, such as ShipmentBooked.")
    occurred_at: datetime = text("When it was done.")
    actor: str | None = strawberry.field(resolver=told_actor, description="Who did it; shoppers see only themselves.")
    shipment_id: strawberry.ID = id_field("Shipment", "document_id", "The shipment.")
    shipment_version: int = strawberry.field(
        resolver=lambda root: root.document_version, description="Version of the shipment after the change."
    )
    shipment: Shipment | None = one("Shipment", "document_id", "The shipment as of now; null when no longer visible.")
    order_id: strawberry.ID = id_field("Order", "order_id", "The order it is of.")

    from_state: str | None = strawberry.field(
        resolver=_from_state, description="State before; null when it did not change or the shipment is new."
    )
    to_state: str | None = strawberry.field(resolver=_to_state, description="State after; null when it did not change.")

    @classmethod
    def resolve_type(cls, value: LoggedEvent, *_: Any) -> str:  # noqa: ANN401
        """A newer process may write types that this one does not know."""
        return SHIPMENT_EVENTS.get(value.type, SHIPMENT_EVENTS["ShipmentUpdated"])[0]


OWN_FIELDS: dict[str, dict[str, Any]] = {
    "OrderChangedEvent": {
        "is_tax_recalculated": (bool, text("True when a change of date, customer or address gave items other rates."))
    }
}
"""What events of a type tell besides what all of their stream do."""


def _concrete(interface: type, scope: str, name: str, description: str) -> type:
    own = OWN_FIELDS.get(name, {})
    body = {field: value for field, (_, value) in own.items()}
    body["__annotations__"] = {field: type_ for field, (type_, _) in own.items()}
    made = type(name, (interface,), {"__doc__": description, "__module__": __name__, **body})
    return strawberry.type(made, description=description, directives=[scopes(scope)])


EVENT_TYPES: list[type] = [
    *(_concrete(OrderEvent, "orders:read", name, sentence) for name, sentence in ORDER_EVENTS.values()),
    *(_concrete(ShipmentEvent, "shipments:read", name, sentence) for name, sentence in SHIPMENT_EVENTS.values()),
]
"""Reached only through their interfaces, so the schema has to be told of them."""
