"""Where an order goes and who gets its bill; the country of delivery decides the tax (BA-84)."""

from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.address import PostalAddress, checked
from gql_sales.domain.orders.editing import EDITABLE, finish, is_editable, is_untouched, retax
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import AddressRequired, Refused
from gql_sales.kernel.inputs import Findings


@transition(
    Order,
    sources=EDITABLE,
    guards=[is_editable, is_untouched],
    needs=[needs.CONTEXT],
    scope="orders:edit",
    event="OrderChanged",
)
async def order_set_addresses(
    unit: Unit, order: Order, *, shipping: PostalAddress | None = None, billing: PostalAddress | None = None
) -> None:
    """Set the shipping or billing address of an order, or both; tax is calculated anew.

    Refusals: ORDER_LOCKED, ADDRESS_REQUIRED, INVALID_INPUT; of a placed order also ALREADY_SHIPPED, ALREADY_BOOKED,
    ALREADY_BILLED, TAX_INCOMPLETE.
    """
    if shipping is None and billing is None:
        raise Refused(AddressRequired("Give at least one address.", ("input",)))
    found = Findings()
    order.shipping_address = checked(shipping, found, "shippingAddress") or order.shipping_address
    order.billing_address = checked(billing, found, "billingAddress") or order.billing_address
    found.check()
    finish(unit, order, is_retaxed=await retax(unit, order))
