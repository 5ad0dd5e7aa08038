"""What mutations on orders take and give."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from gql_sales.db.models.orders import HoldScope, OrderSource, OrderType
from gql_sales.domain.cash_sales.bill import bill
from gql_sales.domain.orders.billing_document import BillingDocument
from gql_sales.domain.orders.cancel import Settlement
from gql_sales.domain.orders.create import OrderStep
from gql_sales.domain.orders.items import NewItem
from gql_sales.domain.runner import Call
from gql_sales.domain.shipments.send import send
from gql_sales.domain.transition import Step
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.addresses import PostalAddressInput
from gql_sales.schema.context import Info
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.tenders import TenderInput

if TYPE_CHECKING:
    from gql_sales.schema.cash_sales import CashSale
    from gql_sales.schema.credit_memos import CreditMemo
    from gql_sales.schema.invoices import Invoice
    from gql_sales.schema.payments import Payment
    from gql_sales.schema.refunds import Refund
    from gql_sales.schema.shipments import Shipment

_AFTER = "The order after the change, or as it stands when the change was refused."
described(OrderStep)
described(BillingDocument)
described(Settlement)


@strawberry.input(description="An item to be added to an order.")
class OrderItemInput:
    """The price is the channel's unless the caller may set it."""

    product_id: strawberry.ID | None = optional("The product; give this or the SKU.")
    sku: str | None = optional("The product's SKU, in any case; give this or the id.")
    quantity: Decimal = text("Quantity, above zero.")
    unit_price: Decimal | None = optional("Price of one unit in major units; needs the scope orders:price.")
    external_ref: str | None = optional("The caller's own id of the line.")

    def to_domain(self) -> NewItem:
        """As verbs take it."""
        product_id, sku = given(self.product_id), given(self.sku)
        if (product_id is None) == (sku is None):
            raise RequestError(Code.BAD_USER_INPUT, "Name each product by its id or by its SKU.")
        product = decode_id("Product", product_id) if product_id is not None else sku
        return NewItem(product, self.quantity, given(self.unit_price), given(self.external_ref))


@strawberry.input(description="How a new order is sent off at once.")
class OrderShipmentInput:
    """Everything open leaves in one shipment."""

    warehouse_id: strawberry.ID | None = optional("From where; the channel's first warehouse when absent.")
    carrier: str | None = optional("Who carries it.")
    tracking_number: str | None = optional("The carrier's number.")


@strawberry.input(description="How a new order is billed at once.")
class OrderBillInput:
    """The whole order, with its money when it is here."""

    document: BillingDocument | None = optional(
        "An invoice or a cash sale; when absent, a cash sale if the method of payment is an immediate one and no "
        "invoice is asked for, else an invoice."
    )
    dated_on: date | None = optional("Date of the bill; today at the company's seat when absent.")
    due_days: int = strawberry.field(description="Days to pay an invoice, counted from its date.", default=0)
    tenders: list[TenderInput] = strawberry.field(
        description="The money that comes with it, at most 20; a cash sale is paid in full when empty.",
        default_factory=list,
    )
    received_at: datetime | None = optional("When the money came in; now when absent.")
    is_paid: bool = strawberry.field(
        description="True when all of it is paid by the order's method of payment; instead of tenders.", default=False
    )


@strawberry.input(description="Input of orderCreate.")
class OrderCreateInput(MutationInput):
    """A draft, or with ``then`` a placed order."""

    channel_id: strawberry.ID | None = optional(
        "The channel it comes in by; may be absent when the caller has just one."
    )
    customer_id: strawberry.ID | None = optional("The customer; shoppers are their own.")
    items: list[OrderItemInput] = strawberry.field(description="Items, at most 500.", default_factory=list)
    shipping_address: PostalAddressInput | None = optional("Where it goes; the customer's default when absent.")
    billing_address: PostalAddressInput | None = optional("Who gets the bill; the customer's default when absent.")
    document_date: date | None = optional("Date of the order; today at the company's seat when absent.")
    external_ref: str | None = optional("The caller's own reference, unique in the channel.")
    customer_po: str | None = optional("The customer's purchase order number.")
    source: OrderSource | None = optional("Where it was taken; what the kind of the channel says when absent.")
    source_ip: str | None = optional("Address it came from; for shoppers it is taken from the connection.")
    payment_method: str | None = optional(
        "Code of the method the customer pays by; an immediate one makes a cash sale where orders are billed by "
        "themselves."
    )
    is_invoice_requested: bool = strawberry.field(
        description="True when the customer wants an invoice even if they pay at once.", default=False
    )
    type_code: OrderType | None = optional(
        "S for a sales order, which is the default; PF for a proforma order, which is shipped once it is paid."
    )
    then: list[OrderStep] = strawberry.field(
        description="What follows at once, in the same transaction: placed, then shipped, then billed.",
        default_factory=list,
    )
    shipment: OrderShipmentInput | None = optional("With SHIP: from where and with whom.")
    bill: OrderBillInput | None = optional("With BILL: which document, dated when, and its money.")

    def call(self, info: Info) -> Call:
        """With the steps above orders."""
        for step, details in ((OrderStep.SHIP, given(self.shipment)), (OrderStep.BILL, given(self.bill))):
            if details and step not in self.then:
                raise RequestError(Code.BAD_USER_INPUT, f"Details of {step} are given, but `then` does not name it.")
        steps = []
        if OrderStep.SHIP in self.then:
            steps.append(self._sent(given(self.shipment) or OrderShipmentInput()))
        if OrderStep.BILL in self.then:
            steps.append(_billed(given(self.bill) or OrderBillInput()))
        return replace(super().call(info), then=tuple(steps))

    def _sent(self, wanted: OrderShipmentInput) -> Step:
        warehouse_id = given(wanted.warehouse_id)
        arguments = {
            "warehouse_id": decode_id("Warehouse", warehouse_id) if warehouse_id else None,
            "carrier": given(wanted.carrier),
            "tracking_number": given(wanted.tracking_number),
        }
        return Step("ship", send, arguments)


def _billed(wanted: OrderBillInput) -> Step:
    arguments = {
        "document": given(wanted.document),
        "dated_on": given(wanted.dated_on),
        "due_days": wanted.due_days,
        "tenders": [tender.to_domain() for tender in wanted.tenders],
        "received_at": given(wanted.received_at),
        "is_paid": wanted.is_paid,
    }
    return Step("bill", bill, arguments)


@strawberry.type(description="Outcome of orderCreate.")
class OrderCreatePayload(Payload):
    """The order with what followed its creation."""

    order: Order | None = changed("Order", "The new order; null when it was refused or only tried.")
    shipment: Annotated["Shipment", strawberry.lazy("gql_sales.schema.shipments")] | None = changed(
        "Shipment", "What was sent off with it, if anything."
    )
    invoice: Annotated["Invoice", strawberry.lazy("gql_sales.schema.invoices")] | None = changed(
        "Invoice", "The invoice that was issued with it, if any."
    )
    cash_sale: Annotated["CashSale", strawberry.lazy("gql_sales.schema.cash_sales")] | None = changed(
        "CashSale", "The cash sale that was issued with it, if any."
    )
    payment: Annotated["Payment", strawberry.lazy("gql_sales.schema.payments")] | None = changed(
        "Payment", "The money that came with it, if any."
    )


@strawberry.input(description="Input of orderReorder.")
class OrderReorderInput(MutationInput):
    """An old order to order again."""

    order_id: strawberry.ID = text("The old order, in any state.")
    skip_unavailable: bool = strawberry.field(
        description="Leaves out what is no longer sold, has no price or is short, with a warning for each item.",
        default=False,
    )


@strawberry.type(description="Outcome of orderReorder.")
class OrderReorderPayload(Payload):
    """The draft."""

    order: Order | None = changed("Order", "The new draft; null when it was refused or only tried.")


@strawberry.input
class OrderInput(MutationInput):
    """Any change of an existing order."""

    order_id: strawberry.ID = text("The order.")


@strawberry.type
class OrderPayload(Payload):
    """Any change of an existing order."""

    order: Order | None = changed("Order", _AFTER)


@strawberry.input(description="Input of orderDelete.")
class OrderDeleteInput(OrderInput):
    """A draft to throw away."""


@strawberry.type(description="Outcome of orderDelete.")
class OrderDeletePayload(OrderPayload):
    """Null after a success, since the draft is shown to nobody."""


@strawberry.input(description="Input of orderPlace.")
class OrderPlaceInput(OrderInput):
    """A draft to place."""


@strawberry.type(description="Outcome of orderPlace.")
class OrderPlacePayload(OrderPayload):
    """The placed order."""


@strawberry.input(description="Input of orderAcknowledge.")
class OrderAcknowledgeInput(OrderInput):
    """A placed order to confirm."""


@strawberry.type(description="Outcome of orderAcknowledge.")
class OrderAcknowledgePayload(OrderPayload):
    """The acknowledged order."""


@strawberry.input(description="Input of orderHold.")
class OrderHoldInput(OrderInput):
    """An order to stop."""

    scope: HoldScope = strawberry.field(description="What to stop.", default=HoldScope.ALL)
    reason: str = text("Why, for the history.")


@strawberry.type(description="Outcome of orderHold.")
class OrderHoldPayload(OrderPayload):
    """The order on hold."""


@strawberry.input(description="Input of orderRelease.")
class OrderReleaseInput(OrderInput):
    """A hold to release."""

    hold_id: strawberry.ID = text("The hold.")
    reason: str = text("Why, for the history.")


@strawberry.type(description="Outcome of orderRelease.")
class OrderReleasePayload(OrderPayload):
    """The order, perhaps still on hold for another reason."""


@strawberry.input(description="Input of orderClose.")
class OrderCloseInput(OrderInput):
    """A completed order to close."""

    write_off: bool = strawberry.field(
        default=False, description="Whether what is not paid of its bills is given up; otherwise it must be paid."
    )


@strawberry.type(description="Outcome of orderClose.")
class OrderClosePayload(OrderPayload):
    """The closed order."""


@strawberry.input(description="Input of orderCancel.")
class OrderCancelInput(OrderInput):
    """An order to withdraw."""

    reason: str = text("Why, for the history.")
    settlement: Settlement = strawberry.field(
        description="What becomes of its bills; an order that is billed is not cancelled without one.",
        default=Settlement.NONE,
    )


@strawberry.type(description="Outcome of orderCancel.")
class OrderCancelPayload(OrderPayload):
    """The cancelled order, and what became of its bills."""

    credit_memo: Annotated["CreditMemo", strawberry.lazy("gql_sales.schema.credit_memos")] | None = changed(
        "CreditMemo", "What was credited of its bills; null when nothing was."
    )
    refund: Annotated["Refund", strawberry.lazy("gql_sales.schema.refunds")] | None = changed(
        "Refund", "What is refunded of the credit; null when nothing is."
    )
