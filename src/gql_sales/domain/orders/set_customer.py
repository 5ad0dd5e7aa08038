"""Whose order it is can be changed until it locks; whatever depends on it is built anew (BA-84)."""

from uuid import UUID

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.queries.context import default_addresses, load_merged
from gql_sales.db.session import Unit
from gql_sales.domain.orders import guards, needs
from gql_sales.domain.orders.address import copied
from gql_sales.domain.orders.create import find_customer
from gql_sales.domain.orders.customer_po import tell_repeated_po
from gql_sales.domain.orders.editing import EDITABLE, finish, is_editable, is_untouched, retax
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import CustomerMismatch, Refused


@transition(
    Order,
    sources=EDITABLE,
    guards=[is_editable, is_untouched],
    needs=[needs.CONTEXT],
    scope="orders:edit",
    event="OrderChanged",
)
async def order_set_customer(unit: Unit, order: Order, *, customer_id: UUID) -> None:
    """Set the customer of an order; addresses that are missing become the customer's default ones.

    Refusals: ORDER_LOCKED, NOT_FOUND, INVALID_TRANSITION (the customer is merged), CUSTOMER_MISMATCH (advances of
    another customer are reserved for it); of a placed order also ALREADY_SHIPPED, ALREADY_BOOKED, ALREADY_BILLED,
    ACCOUNT_REQUIRED.
    """
    customer = await find_customer(unit, customer_id)
    assert customer is not None  # noqa: S101 (an id was given, so it was found or refused)
    await load_merged(unit, customer.id)
    if order.advance_amount and not unit.are_of_one(customer.id, order.customer_id):
        message = "Money of the present customer is reserved for the order."
        raise Refused(CustomerMismatch(message, ("input", "customerId")))
    order.customer_id = customer.id
    await tell_repeated_po(unit, order)
    if order.state != OrderState.OPEN and (refusals := list(guards.has_customer(unit, order))):
        raise Refused(*refusals)
    shipping, billing = await default_addresses(unit, customer.id)
    order.shipping_address = order.shipping_address or copied(shipping)
    order.billing_address = order.billing_address or copied(billing)
    finish(unit, order, is_retaxed=await retax(unit, order))
