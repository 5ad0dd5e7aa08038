"""Where a draft goes and who gets its bill; the country of delivery decides the tax (BA-84)."""

from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.session import Unit
from gql_sales.domain.orders import needs
from gql_sales.domain.orders.address import PostalAddress, checked
from gql_sales.domain.orders.items import set_rates
from gql_sales.domain.orders.totals import recalculate
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import AddressRequired, Refused
from gql_sales.kernel.inputs import Findings


@transition(Order, sources={OrderState.OPEN}, needs=[needs.CONTEXT], scope="orders:edit", event="OrderChanged")
async def order_set_addresses(
    unit: Unit, order: Order, *, shipping: PostalAddress | None = None, billing: PostalAddress | None = None
) -> None:
    """Set the shipping or billing address of a draft, or both; tax is calculated anew.

    Refusals: ADDRESS_REQUIRED, INVALID_INPUT.
    """
    if shipping is None and billing is None:
        raise Refused(AddressRequired("Give at least one address.", ("input",)))
    found = Findings()
    order.shipping_address = checked(shipping, found, "shippingAddress") or order.shipping_address
    order.billing_address = checked(billing, found, "billingAddress") or order.billing_address
    found.check()
    await set_rates(unit, order)
    recalculate(unit, order)
