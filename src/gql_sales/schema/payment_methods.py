"""Methods of payment as clients see them."""

import strawberry

from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Node, text
from gql_sales.schema.payloads import MutationInput, Payload, changed


@strawberry.type(description="A way to pay that the company takes.", directives=[scopes("payment_methods:read")])
class PaymentMethod(Node):
    """Orders keep the class that it had when they were drafted."""

    code: str = text("Code, such as CASH or CARD.")
    name: str = text("What it is called.")
    method_class: PaymentMethodClass = text("When it brings the money.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")


@strawberry.input(description="Input of paymentMethodSet.")
class PaymentMethodSetInput(MutationInput):
    """A new method, or another name or class of one."""

    code: str = text("Code, at most 40 characters; stored in capitals.")
    name: str = text("What it is called, at most 200 characters.")
    method_class: PaymentMethodClass = text("When it brings the money.")


@strawberry.type(description="Outcome of paymentMethodSet.")
class PaymentMethodSetPayload(Payload):
    """The method."""

    payment_method: PaymentMethod | None = changed("PaymentMethod", "The method as it is now; null when refused.")
