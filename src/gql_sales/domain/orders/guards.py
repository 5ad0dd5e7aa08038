"""Guards of order verbs: functions that return refusals, so that explaining and acting can never disagree (N-1)."""

from collections.abc import Iterable

from gql_sales.db.models.customers import CustomerKind, CustomerState
from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.orders.address import is_complete
from gql_sales.domain.orders.promising import promised_by_placing, promised_on, shortage_refusals
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel import errors
from gql_sales.kernel.errors import SalesError


def has_items(_: Unit, order: Order) -> Iterable[SalesError]:
    """An empty order is not placed."""
    if not order.items:
        yield errors.NoItems("The order has no items.", ("items",))


def has_customer(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Every placed order has a customer (KS-20), a registered one where the channel asks for it (X-10)."""
    if order.customer_id is None:
        yield errors.CustomerRequired("The order has no customer.", ("customer",))
        return
    customer = unit.customers[order.customer_id]
    if customer.state == CustomerState.MERGED:
        yield errors.CustomerRequired("The order's customer is merged into another record.", ("customer",))
    if customer.kind == CustomerKind.GUEST and policy(unit, order, "customerIdentity") == "ACCOUNT_REQUIRED":
        yield errors.AccountRequired("Guests may not place orders in this channel.", ("customer",))


def has_addresses(_: Unit, order: Order) -> Iterable[SalesError]:
    """Both addresses are there and complete."""
    for name in ("shipping_address", "billing_address"):
        if not is_complete(getattr(order, name)):
            field = "shippingAddress" if name == "shipping_address" else "billingAddress"
            yield errors.AddressRequired(f"The {name.replace('_', ' ')} is missing or incomplete.", (field,))


def is_taxed(_: Unit, order: Order) -> Iterable[SalesError]:
    """Every item has a tax rate, even if it is zero."""
    for item in order.items:
        if item.tax_rate is None and order.shipping_address:
            country = order.shipping_address.get("country_code")
            message = f"No tax rule covers {item.tax_group} in {country}."
            yield errors.TaxIncomplete(message, ("items", str(item.position)))


def is_not_negative(_: Unit, order: Order) -> Iterable[SalesError]:
    """Discounts never exceed what they reduce."""
    if order.gross_amount < 0:
        yield errors.InvalidAmount("The order's total is below zero.", ("total",))


def channel_is_active(unit: Unit, order: Order) -> Iterable[SalesError]:
    """The channel takes orders."""
    if not unit.channels[order.channel_id].is_active:
        yield errors.ChannelInactive("The channel takes no orders.", ("channel",))


def stock_suffices_to_place(unit: Unit, order: Order) -> Iterable[SalesError]:
    """What placing promises is there."""
    return shortage_refusals(unit, order) if promised_by_placing(unit, order) else ()


def stock_suffices_to_acknowledge(unit: Unit, order: Order) -> Iterable[SalesError]:
    """What acknowledging promises is there."""
    return shortage_refusals(unit, order) if promised_on(unit, order, "ACKNOWLEDGE") else ()


def nothing_shipped(_: Unit, order: Order) -> Iterable[SalesError]:
    """Nothing has left the warehouse."""
    for item in order.items:
        if item.shipped_quantity > 0:
            yield errors.AlreadyShipped(f"{item.sku} has left the warehouse.", ("items", str(item.position)))


def nothing_booked(_: Unit, order: Order) -> Iterable[SalesError]:
    """Nothing is on a booked shipment."""
    for item in order.items:
        if item.booked_quantity > 0:
            yield errors.AlreadyBooked(f"{item.sku} is booked on a shipment.", ("items", str(item.position)))


def bills_can_be_credited(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Whoever may not credit cannot cancel what is billed."""
    if not unit.principal.may("credit_memos:issue"):
        yield from nothing_billed(unit, order)


def nothing_billed(_: Unit, order: Order) -> Iterable[SalesError]:
    """No invoice and no cash sale bills any of it."""
    for item in order.items:
        if item.billed_quantity > 0:
            yield errors.AlreadyBilled(f"{item.sku} is billed.", ("items", str(item.position)))
