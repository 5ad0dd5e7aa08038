"""Adding items to an order: product facts, price and tax rate are copied and frozen (BA-81 to BA-83)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.channels import Channel
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.models.products import ProductKind
from gql_sales.db.queries.catalog import Offer, load_offers, load_rates
from gql_sales.db.session import Unit
from gql_sales.domain.products.price_set import LIMIT as PRICE_LIMIT
from gql_sales.kernel.errors import (
    InvalidAmount,
    InvalidInput,
    NotFound,
    NotPriced,
    PolicyForbids,
    Refused,
    SalesError,
    TooManyEntries,
)
from gql_sales.kernel.inputs import Findings, is_storable
from gql_sales.kernel.quantities import quantity_refusals

MOST_ITEMS = 500


@dataclass(frozen=True)
class NewItem:
    """What a caller says of an item: the product by id or SKU; ``unit_price`` (major units) overrides the channel's."""

    product: UUID | str
    quantity: Decimal
    unit_price: Decimal | None = None
    external_ref: str | None = None


async def add_items(unit: Unit, order: Order, wanted: Sequence[NewItem], path: tuple[str, ...]) -> list[OrderItem]:
    """Append the items; every bad line is reported at once.

    Refusals: TOO_MANY_ENTRIES, NOT_FOUND, INVALID_INPUT, INVALID_QUANTITY, INVALID_AMOUNT, NOT_PRICED.
    """
    if len(order.items) + len(wanted) > MOST_ITEMS:
        raise Refused(TooManyEntries(f"An order has at most {MOST_ITEMS} items.", path))
    channel = unit.channels[order.channel_id]
    offers = await load_offers(unit, channel, named(wanted))
    refusals = [
        refusal
        for index, line in enumerate(wanted)
        for refusal in _refusals(unit, offers.get(line.product), line, (*path, str(index)))
    ]
    if refusals:
        raise Refused(*refusals)
    added = [_new(order, channel, offers[line.product], line) for line in wanted]
    await set_rates(unit, order, added)
    return added


def named(wanted: Iterable[NewItem]) -> set[UUID | str]:
    """The products that the database can be asked for."""
    return {line.product for line in wanted if isinstance(line.product, UUID) or is_storable(line.product)}


def _refusals(unit: Unit, offer: Offer | None, line: NewItem, path: tuple[str, ...]) -> list[SalesError]:
    if offer is None:
        return [NotFound("No such product.", (*path, "productId"))]
    if not offer.product.is_active:
        return [InvalidInput(f"{offer.product.sku} is no longer sold.", (*path, "productId"))]
    found: list[SalesError] = []
    found += quantity_refusals(offer.product.quantity_digits, line.quantity, (*path, "quantity"))
    price = line.unit_price if line.unit_price is not None else offer.price
    checked = Findings()
    checked.optional_line(line.external_ref, 120, *path[1:], "externalRef")
    found += checked.errors
    if price is None:
        found.append(NotPriced(f"{offer.product.sku} has no price in this channel.", (*path, "productId")))
    elif line.unit_price is not None:
        found += price_refusals(unit, offer.product.kind, price, (*path, "unitPrice"))
    return found


def price_refusals(unit: Unit, kind: ProductKind, price: Decimal, path: tuple[str, ...]) -> list[SalesError]:
    """Why the caller cannot set the price of an item by hand; both what is wrong with it and with the caller."""
    found: list[SalesError] = []
    if not unit.principal.may("orders:price"):
        found.append(PolicyForbids("Only staff with orders:price may set a price.", path))
    if abs(price) >= PRICE_LIMIT:
        found.append(InvalidAmount("The price is too large.", path))
    elif kind == ProductKind.DISCOUNT and price > 0:
        found.append(InvalidAmount("A discount's price is not above zero.", path))
    elif kind != ProductKind.DISCOUNT and price < 0:
        found.append(InvalidAmount("A price is not below zero.", path))
    return found


def _new(order: Order, channel: Channel, offer: Offer, line: NewItem) -> OrderItem:
    product = offer.product
    item = OrderItem(
        order_id=order.id,
        position=max((item.position for item in order.items), default=0) + 1,
        product_id=product.id,
        external_ref=(line.external_ref or "").strip() or None,
        sku=product.sku,
        name=product.name,
        kind=product.kind,
        is_stocked=product.is_stocked,
        quantity_digits=product.quantity_digits,
        currency_code=channel.currency_code,
        unit_price=line.unit_price if line.unit_price is not None else offer.price,
        tax_group=product.tax_group,
        ordered_quantity=line.quantity,
    )
    order.items.append(item)
    return item


async def set_rates(unit: Unit, order: Order, items: Iterable[OrderItem]) -> None:
    """Freeze the items' tax rates for the country of delivery on the document date; never by hand (BA-81, BA-82)."""
    country = (order.shipping_address or {}).get("country_code")
    rates = await load_rates(unit, country, order.document_date) if country else {}
    for item in items:
        item.tax_country_code = country
        item.tax_rate = rates.get(item.tax_group)
