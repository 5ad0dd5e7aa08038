"""The unit price of a product in a channel, in the channel's currency; orders keep the copy they made (BA-81)."""

from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.products import Product, ProductKind, ProductPrice
from gql_sales.db.queries.context import load_channels
from gql_sales.db.queries.master import product_price
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidAmount, NotFound, Refused, SalesError

LIMIT = Decimal(10) ** 14
"""Every stored price is below it."""
PATH = ("input", "amount")


@transition(Product, scope="products:edit", event="ProductPriceSet", bulk=True)
async def product_price_set(unit: Unit, product: Product, *, channel_id: UUID, amount: Decimal) -> None:
    """Set the unit price of a product in a channel, in major units of the channel's currency.

    Refusals: NOT_FOUND (channel), INVALID_AMOUNT (sign, size).
    """
    await load_channels(unit, [channel_id])
    channel = unit.channels.get(channel_id)
    refusals: list[SalesError] = [] if channel else [NotFound("No such channel.", ("input", "channelId"))]
    refusals += price_refusals(product, amount)
    if channel is None or refusals:
        raise Refused(*refusals)
    price = await product_price(unit, product.id, channel.id, channel.currency_code)
    if price is None:
        unit.add(
            ProductPrice(
                product_id=product.id, channel_id=channel.id, currency_code=channel.currency_code, amount=amount
            )
        )
    else:
        price.amount = amount


def price_refusals(product: Product, amount: Decimal) -> list[SalesError]:
    """Why an amount is no price of the product: discounts are not above zero, everything else not below."""
    if abs(amount) >= LIMIT:
        return [InvalidAmount("The price is too large.", PATH)]
    if product.kind == ProductKind.DISCOUNT and amount > 0:
        return [InvalidAmount("A discount's price is not above zero.", PATH)]
    if product.kind != ProductKind.DISCOUNT and amount < 0:
        return [InvalidAmount("A price is not below zero.", PATH)]
    return []
