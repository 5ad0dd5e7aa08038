"""What mutations that edit an order take and give."""

from datetime import date
from decimal import Decimal

import strawberry

from gql_sales.domain.orders.item_cancel import CancelledItem
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.addresses import PostalAddressInput
from gql_sales.schema.nodes import optional, text
from gql_sales.schema.order_inputs import OrderInput, OrderItemInput, OrderPayload


@strawberry.input(description="Input of orderItemAdd.")
class OrderItemAddInput(OrderInput):
    """New items of an order."""

    items: list[OrderItemInput] = text("Items to add; an order has at most 500.")


@strawberry.type(description="Outcome of orderItemAdd.")
class OrderItemAddPayload(OrderPayload):
    """The order."""


@strawberry.input(description="Input of orderItemUpdate.")
class OrderItemUpdateInput(OrderInput):
    """A new quantity, a new price, or both."""

    order_item_id: strawberry.ID = text("The item.")
    quantity: Decimal | None = optional("New quantity ordered, above zero; absent keeps what is.")
    unit_price: Decimal | None = optional(
        "New price of one unit in major units; absent keeps what is. Needs the scope orders:price."
    )


@strawberry.type(description="Outcome of orderItemUpdate.")
class OrderItemUpdatePayload(OrderPayload):
    """The order."""


@strawberry.input(description="A quantity of an order item that is no longer wanted.")
class CancelledItemInput:
    """At most what is open and neither booked nor packed."""

    order_item_id: strawberry.ID = text("The item.")
    quantity: Decimal = text("Quantity, above zero.")

    def to_domain(self) -> CancelledItem:
        """As the verb takes it."""
        return CancelledItem(decode_id("OrderItem", self.order_item_id), self.quantity)


@strawberry.input(description="Input of orderItemCancel.")
class OrderItemCancelInput(OrderInput):
    """What to take back of a placed order."""

    items: list[CancelledItemInput] = text(
        "Items and quantities, at most 500; an item named twice counts with the sum."
    )
    reason: str = text("Why, for the history.")
    requested_by: str | None = optional("Who asked for it, for the cancellation note.")


@strawberry.type(description="Outcome of orderItemCancel.")
class OrderItemCancelPayload(OrderPayload):
    """What is left of the order."""


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
    """The order."""


@strawberry.input(description="Input of orderSetAddresses.")
class OrderSetAddressesInput(OrderInput):
    """One address or both."""

    shipping_address: PostalAddressInput | None = optional("Where it goes; absent keeps what is.")
    billing_address: PostalAddressInput | None = optional("Who gets the bill; absent keeps what is.")


@strawberry.type(description="Outcome of orderSetAddresses.")
class OrderSetAddressesPayload(OrderPayload):
    """The order."""


@strawberry.input(description="Input of orderSetDate.")
class OrderSetDateInput(OrderInput):
    """Which day's tax rates count."""

    document_date: date = text("The date of the order.")


@strawberry.type(description="Outcome of orderSetDate.")
class OrderSetDatePayload(OrderPayload):
    """The order with its tax."""


@strawberry.input(description="Input of orderSetWarehouse.")
class OrderSetWarehouseInput(OrderInput):
    """Where its goods should come from."""

    warehouse_id: strawberry.ID | None = optional(
        "The warehouse to take goods from first; null to go by priority again. It has to be said."
    )


@strawberry.type(description="Outcome of orderSetWarehouse.")
class OrderSetWarehousePayload(OrderPayload):
    """The order."""
