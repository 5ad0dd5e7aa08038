"""An order begins as a draft: editable, without a number, promising nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from ipaddress import ip_address
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from gql_sales.db.models.channels import Channel, ChannelKind
from gql_sales.db.models.customers import Customer, CustomerState
from gql_sales.db.models.orders import Order, OrderSource, OrderState, OrderType
from gql_sales.db.queries.catalog import load_offers
from gql_sales.db.queries.context import (
    default_addresses,
    load_channels,
    load_company,
    load_customers,
    own_customer,
)
from gql_sales.db.queries.master import payment_method_named
from gql_sales.db.queries.stock import load_levels, load_pools
from gql_sales.db.session import Unit
from gql_sales.domain.orders.address import PostalAddress, checked, copied
from gql_sales.domain.orders.customer_po import tell_repeated_po
from gql_sales.domain.orders.items import NewItem, add_items, named
from gql_sales.domain.orders.place import order_place
from gql_sales.domain.orders.totals import recalculate
from gql_sales.domain.policies.frozen import load_policies
from gql_sales.domain.transition import creation
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.errors import (
    ChannelInactive,
    CustomerRequired,
    InvalidInput,
    InvalidTransition,
    NotFound,
    Refused,
)
from gql_sales.kernel.inputs import Findings

_SOURCES = {
    ChannelKind.EPOS: OrderSource.EPOS,
    ChannelKind.PARTNER: OrderSource.PARTNER,
    ChannelKind.PHONE: OrderSource.PHONE,
    ChannelKind.WEB: OrderSource.WEB,
}


class OrderStep(DescribedEnum):
    """What may follow the creation of an order at once, in the same transaction."""

    PLACE = "PLACE", "Place it, as orderPlace would."
    SHIP = "SHIP", "Send off all goods that are open, as shipmentCreate would with BOOK and FINALIZE."
    BILL = "BILL", "Bill it, as invoiceIssue or cashSaleIssue would."


async def _claims(unit: Unit, calls: Sequence[dict[str, Any]]) -> None:
    """The stock that orders are about to be promised; what is wrong with a line is told by the call that has it."""
    products: dict[UUID, set[UUID | str]] = defaultdict(set)
    shipped: set[UUID] = set()
    for call in calls:
        channel_id = _channel_id(unit, call["channel_id"])
        if channel_id is not None and OrderStep.PLACE in call["then"]:
            products[channel_id] |= named(call["items"])
            shipped |= {channel_id} if OrderStep.SHIP in call["then"] else set()
    await load_channels(unit, products)
    await load_policies(unit, products.keys() & unit.channels.keys())
    stocked: dict[UUID, set[UUID]] = defaultdict(set)
    set_aside: dict[UUID, set[UUID]] = defaultdict(set)
    for channel_id in products.keys() & unit.channels.keys():
        channel = unit.channels[channel_id]
        offers = await load_offers(unit, channel, products[channel_id])
        ids = {offer.product.id for offer in offers.values() if offer.product.is_stocked}
        stocked[channel.pool_id] |= ids
        rules = unit.policies[channel_id]
        if rules["allocateOn"] == "PLACE" or rules["shipmentMode"] == "AUTO_FINALIZE" or channel_id in shipped:
            set_aside[channel.pool_id] |= ids
    await load_pools(unit, {(pool_id, product_id) for pool_id, ids in stocked.items() for product_id in ids})
    for pool_id in sorted(set_aside):
        await load_levels(unit, pool_id, set_aside[pool_id])


@creation(Order, scope="orders:create", event="OrderCreated", target=OrderState.OPEN, bulk=True, claims=_claims)
async def order_create(
    unit: Unit,
    *,
    channel_id: UUID | None = None,
    customer_id: UUID | None = None,
    items: Sequence[NewItem] = (),
    shipping_address: PostalAddress | None = None,
    billing_address: PostalAddress | None = None,
    document_date: date | None = None,
    external_ref: str | None = None,
    customer_po: str | None = None,
    source: OrderSource | None = None,
    source_ip: str | None = None,
    payment_method: str | None = None,
    is_invoice_requested: bool = False,
    type_code: OrderType | None = None,
    then: Sequence[OrderStep] = (),
) -> Order:
    """Draft an order in a channel, with items and addresses where they are known; place, ship and bill it if asked to.

    Addresses that are not given are the customer's default ones. Refusals: NOT_FOUND, CHANNEL_INACTIVE, INVALID_INPUT,
    CUSTOMER_REQUIRED, INVALID_TRANSITION (the customer is merged), EXTERNAL_REF_TAKEN, those of orderItemAdd and, with
    PLACE, those of orderPlace and of the bill that billOn PLACE makes; with SHIP those of shipmentCreate, with BILL
    those of invoiceIssue or cashSaleIssue.
    """
    channel = await _channel(unit, channel_id)
    customer = await find_customer(unit, customer_id)
    chosen = {"documentDate": document_date, "externalRef": external_ref, "typeCode": type_code}
    found = _choices(unit, then, {**chosen, "source": source, "sourceIp": source_ip})
    order = Order(
        **_of_channel(unit, channel, source),
        source_ip=_address(unit, source_ip, found),
        customer_id=customer.id if customer else None,
        document_date=document_date or await _today(unit),
        external_ref=found.optional_line(external_ref, 120, "externalRef"),
        customer_po=found.optional_line(customer_po, 120, "customerPo"),
        shipping_address=checked(shipping_address, found, "shippingAddress"),
        billing_address=checked(billing_address, found, "billingAddress"),
        is_invoice_requested=is_invoice_requested,
        type_code=type_code or OrderType.S,
    )
    found.check()
    await _complete(unit, order, customer, payment_method, items)
    if OrderStep.PLACE in then:
        await order_place.follow(unit, order)
    return order


def _of_channel(unit: Unit, channel: Channel, source: OrderSource | None) -> dict[str, object]:
    """What an order takes over from its channel and from who makes it."""
    return {
        "company_id": unit.company_id,
        "channel_id": channel.id,
        "source": source or _SOURCES[channel.kind],
        "currency_code": channel.currency_code,
        "prices_include_tax": unit.policies[channel.id]["pricesIncludeTax"] == "true",
        "created_by": unit.principal.key,
        "items": [],
    }


def _channel_id(unit: Unit, channel_id: UUID | None) -> UUID | None:
    """The channel that is named, or the only one that the caller has."""
    own = unit.principal.channel_ids or frozenset()
    return next(iter(own)) if channel_id is None and len(own) == 1 else channel_id


async def _channel(unit: Unit, named: UUID | None) -> Channel:
    channel_id = _channel_id(unit, named)
    if channel_id is None:
        raise Refused(InvalidInput("Name the channel.", ("input", "channelId")))
    await load_channels(unit, {channel_id})
    channel = unit.channels.get(channel_id)
    if channel is None:
        raise Refused(NotFound("No such channel.", ("input", "channelId")))
    if not channel.is_active:
        raise Refused(ChannelInactive("The channel takes no orders.", ("input", "channelId")))
    await load_policies(unit, {channel_id})
    return channel


async def find_customer(unit: Unit, customer_id: UUID | None) -> Customer | None:
    """The customer named, or the shopper who calls; drafts of staff may have none."""
    if unit.principal.is_shopper:
        own = await own_customer(unit)
        if own is None:
            raise Refused(CustomerRequired("Create your customer record first.", ("input", "customerId")))
        if customer_id not in (None, own.id):
            raise Refused(NotFound("No such customer.", ("input", "customerId")))
        return own
    if customer_id is None:
        return None
    await load_customers(unit, {customer_id})
    customer = unit.customers.get(customer_id)
    if customer is None:
        raise Refused(NotFound("No such customer.", ("input", "customerId")))
    if customer.state == CustomerState.MERGED:
        message = "The customer is merged: name the record that it was merged into."
        raise Refused(InvalidTransition(message, ("input", "customerId"), from_state=str(customer.state)))
    return customer


def _choices(unit: Unit, then: Sequence[OrderStep], chosen: Mapping[str, object]) -> Findings:
    """Only what is placed is shipped and billed, and a sale at a till is made as a whole.

    Shoppers choose no date, which decides the tax, no type, no source, and no reference, which tells of others when it
    is taken (A4).
    """
    found = Findings()
    if chosen["typeCode"] == OrderType.ES:
        found.invalid("A sale at a till is made with counterSaleRecord.", "typeCode")
    if then and OrderStep.PLACE not in then:
        found.invalid("Only a placed order is shipped or billed: name PLACE as well.", "then")
    for name, value in chosen.items():
        if unit.principal.is_shopper and value is not None:
            found.invalid("That is given by the shop.", name)
    return found


def _address(unit: Unit, said: str | None, found: Findings) -> str | None:
    """Where the order came from: what staff or a partner says, or the other end of a shopper's connection (BA-93)."""
    text = unit.client_address if unit.principal.is_shopper else said
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        # A connection may have no address, such as one by a socket of the machine.
        if not unit.principal.is_shopper:
            found.invalid("That is no address of the Internet Protocol.", "sourceIp")
        return None


async def _complete(
    unit: Unit, order: Order, customer: Customer | None, payment_method: str | None, items: Sequence[NewItem]
) -> None:
    """What has to be looked up for a new order: method of payment, customer's addresses, items with their amounts."""
    await _set_method(unit, order, payment_method)
    unit.add(order)
    if customer is not None:
        await _default_addresses(unit, order, customer)
    await tell_repeated_po(unit, order)
    await add_items(unit, order, items, ("input", "items"))
    recalculate(unit, order)


async def _default_addresses(unit: Unit, order: Order, customer: Customer) -> None:
    """Addresses that are missing become the customer's default ones."""
    if order.shipping_address and order.billing_address:
        return
    shipping, billing = await default_addresses(unit, customer.id)
    order.shipping_address = order.shipping_address or copied(shipping)
    order.billing_address = order.billing_address or copied(billing)


async def _set_method(unit: Unit, order: Order, code: str | None) -> None:
    """The method of payment with its class, which later changes of the method do not touch."""
    if code is None:
        return
    method = await payment_method_named(unit, code)
    if method is None:
        raise Refused(NotFound("No such method of payment.", ("input", "paymentMethod")))
    order.payment_method, order.payment_method_class = method.code, method.method_class


async def _today(unit: Unit) -> date:
    """The day it is where the company keeps its books."""
    company = await load_company(unit, unit.company_id)
    return unit.now.astimezone(ZoneInfo(company.timezone if company else "UTC")).date()
