"""Ordering again: a new draft with the items of an old order, at today's prices, as far as they are still to be had."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.orders import Order, OrderItem, OrderState
from gql_sales.db.models.products import ProductKind
from gql_sales.db.queries.catalog import Offer, load_offers
from gql_sales.db.queries.context import load_channels
from gql_sales.db.queries.documents import Plan
from gql_sales.db.queries.master import payment_method_named
from gql_sales.db.queries.stock import available_quantities
from gql_sales.db.session import Unit
from gql_sales.domain.orders.address import PostalAddress
from gql_sales.domain.orders.create import order_create
from gql_sales.domain.orders.items import NewItem
from gql_sales.domain.policies.frozen import load_policies
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import InsufficientStock, InvalidInput, NoItems, NotFound, NotPriced, Refused, SalesError
from gql_sales.kernel.warnings import WarningCode

Problem = tuple[OrderItem, SalesError]


def _also(*, order_id: UUID, **_: Any) -> Plan:  # noqa: ANN401 (arguments it does not need)
    return {Order: {order_id}}


@creation(Order, scope="orders:create", event="OrderCreated", target=OrderState.OPEN, also=_also)
async def order_reorder(unit: Unit, *, order_id: UUID, skip_unavailable: bool = False) -> Order:
    """Draft an order like an old one: its channel, customer, addresses and what is wanted of its items, priced anew.

    Discounts are not repeated. Items that are no longer sold, have no price or are short are refused, or left out with
    the warning ITEM_SKIPPED. Refusals: NOT_FOUND, INVALID_INPUT (no longer sold), NOT_PRICED, INSUFFICIENT_STOCK,
    NO_ITEMS (nothing is left), CHANNEL_INACTIVE, CUSTOMER_REQUIRED.
    """
    old = unit.loaded.get(order_id)
    if not isinstance(old, Order):
        raise Refused(NotFound("No such order.", ("input", "orderId")))
    await load_channels(unit, {old.channel_id})
    if old.channel_id not in unit.channels:
        raise Refused(NotFound("The order's channel is not there.", ("input", "orderId")))
    wanted = {item.id: quantity for item in old.items if (quantity := _wanted(old, item)) > 0}
    problems = [problem async for problem in _problems(unit, old, wanted)]
    if problems and not skip_unavailable:
        raise Refused(*[error for _, error in problems])
    for item, error in problems:
        unit.warn(WarningCode.ITEM_SKIPPED, error.message, path=error.path)
        del wanted[item.id]
    if not wanted:
        raise Refused(NoItems("Nothing of the order can be ordered again.", ("input", "orderId")))
    return await order_create.verb(
        unit,
        channel_id=old.channel_id,
        customer_id=old.customer_id,
        items=[NewItem(item.product_id, wanted[item.id]) for item in old.items if item.id in wanted],
        shipping_address=PostalAddress(**old.shipping_address) if old.shipping_address else None,
        billing_address=PostalAddress(**old.billing_address) if old.billing_address else None,
        payment_method=await _method(unit, old),
        is_invoice_requested=old.is_invoice_requested,
    )


def _wanted(old: Order, item: OrderItem) -> Decimal:
    """What the customer wanted in the end; of an order that was cancelled, what they wanted at first."""
    if item.kind == ProductKind.DISCOUNT:
        return Decimal(0)
    return item.ordered_quantity if old.state == OrderState.CANCELLED else item.net_quantity


async def _problems(unit: Unit, old: Order, wanted: dict[UUID, Decimal]) -> AsyncIterator[Problem]:
    """What stands in the way of each item; items of one product share what is there."""
    channel = unit.channels[old.channel_id]
    await load_policies(unit, {channel.id})
    products = {item.product_id for item in old.items if item.id in wanted}
    offers = await load_offers(unit, channel, products)
    left = await available_quantities(unit, channel.pool_id, products)
    is_strict = unit.policies[channel.id]["commitShortage"] == "REJECT"
    for item in old.items:
        if item.id not in wanted:
            continue
        error = _unsold(offers.get(item.product_id), item)
        available = left.get(item.product_id, Decimal(0))
        if error is None and is_strict and item.is_stocked and wanted[item.id] > available:
            message = f"Only {available.normalize():f} of {item.sku} can be promised."
            error = InsufficientStock(message, _path(item), order_item_id=item.id, available_quantity=available)
        if error is not None:
            yield item, error
        else:
            left[item.product_id] = available - wanted[item.id]


def _unsold(offer: Offer | None, item: OrderItem) -> SalesError | None:
    if offer is None or not offer.product.is_active:
        return InvalidInput(f"{item.sku} is no longer sold.", _path(item))
    if offer.price is None:
        return NotPriced(f"{item.sku} has no price in this channel.", _path(item))
    return None


def _path(item: OrderItem) -> tuple[str, ...]:
    """The place in the old order."""
    return ("items", str(item.position))


async def _method(unit: Unit, old: Order) -> str | None:
    """The method the customer paid by, when the company still has it."""
    method = await payment_method_named(unit, old.payment_method) if old.payment_method else None
    return method.code if method else None
