"""What mutations on orders take and give."""

from datetime import date
from decimal import Decimal

import strawberry

from gql_sales.domain.orders.create import OrderStep
from gql_sales.domain.orders.items import NewItem
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.addresses import PostalAddressInput
from gql_sales.schema.nodes import given, optional, text
from gql_sales.schema.orders import Order
from gql_sales.schema.payloads import MutationInput, Payload, changed

_AFTER = "The order after the change, or as it stands when the change was refused."
strawberry.enum(OrderStep, description="What may follow the creation of an order at once, in the same transaction.")
for _value in OrderStep.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = "Place it, as orderPlace would."


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
    payment_method: str | None = optional(
        "Code of the method the customer pays by; an immediate one makes a cash sale where orders are billed by "
        "themselves."
    )
    is_invoice_requested: bool = strawberry.field(
        description="True when the customer wants an invoice even if they pay at once.", default=False
    )
    then: list[OrderStep] = strawberry.field(
        description="What follows at once, in the same transaction.", default_factory=list
    )


@strawberry.type(description="Outcome of orderCreate.")
class OrderCreatePayload(Payload):
    """The draft or the placed order."""

    order: Order | None = changed("Order", "The new order; null when it was refused or only tried.")


@strawberry.input
class OrderInput(MutationInput):
    """Any change of an existing order."""

    order_id: strawberry.ID = text("The order.")


@strawberry.type
class OrderPayload(Payload):
    """Any change of an existing order."""

    order: Order | None = changed("Order", _AFTER)


@strawberry.input(description="Input of orderItemAdd.")
class OrderItemAddInput(OrderInput):
    """New items of a draft."""

    items: list[OrderItemInput] = text("Items to add; an order has at most 500.")


@strawberry.type(description="Outcome of orderItemAdd.")
class OrderItemAddPayload(OrderPayload):
    """The draft."""


@strawberry.input(description="Input of orderItemUpdate.")
class OrderItemUpdateInput(OrderInput):
    """A new quantity."""

    order_item_id: strawberry.ID = text("The item.")
    quantity: Decimal = text("New quantity, above zero.")


@strawberry.type(description="Outcome of orderItemUpdate.")
class OrderItemUpdatePayload(OrderPayload):
    """The draft."""


@strawberry.input(description="Input of orderItemRemove.")
class OrderItemRemoveInput(OrderInput):
    """An item to take out."""

    order_item_id: strawberry.ID = text("The item.")


@strawberry.type(description="Outcome of orderItemRemove.")
class OrderItemRemovePayload(OrderPayload):
    """The draft."""


@strawberry.input(description="Input of orderSetCustomer.")
class OrderSetCustomerInput(OrderInput):
    """Whose order it is."""

    customer_id: strawberry.ID = text("The customer.")


@strawberry.type(description="Outcome of orderSetCustomer.")
class OrderSetCustomerPayload(OrderPayload):
    """The draft."""


@strawberry.input(description="Input of orderSetAddresses.")
class OrderSetAddressesInput(OrderInput):
    """One address or both."""

    shipping_address: PostalAddressInput | None = optional("Where it goes; absent keeps what is.")
    billing_address: PostalAddressInput | None = optional("Who gets the bill; absent keeps what is.")


@strawberry.type(description="Outcome of orderSetAddresses.")
class OrderSetAddressesPayload(OrderPayload):
    """The draft."""


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


@strawberry.input(description="Input of orderCancel.")
class OrderCancelInput(OrderInput):
    """An order to withdraw."""

    reason: str = text("Why, for the history.")


@strawberry.type(description="Outcome of orderCancel.")
class OrderCancelPayload(OrderPayload):
    """The cancelled order."""
