"""Looking up what an order item copies: product, price in the channel, tax rates of a country on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from gql_sales.db.models.channels import Channel
from gql_sales.db.models.companies import TaxRule
from gql_sales.db.models.products import Product, ProductPrice
from gql_sales.db.session import Unit
from gql_sales.db.visibility import visible


@dataclass(frozen=True)
class Offer:
    """A product with its unit price in a channel, in major units; None when it has no price there."""

    product: Product
    price: Decimal | None


async def load_offers(unit: Unit, channel: Channel, products: Iterable[UUID | str]) -> dict[UUID | str, Offer]:
    """The visible ones of the products, named by id or SKU (in any case), with their prices, in one statement."""
    named = set(products)
    ids = sorted(name for name in named if isinstance(name, UUID))
    skus = {name: name.strip().lower() for name in named if isinstance(name, str)}
    statement = (
        select(Product, ProductPrice.amount)
        .outerjoin(
            ProductPrice,
            and_(
                ProductPrice.product_id == Product.id,
                ProductPrice.channel_id == channel.id,
                ProductPrice.currency_code == channel.currency_code,
            ),
        )
        .where(
            or_(Product.id.in_(ids), func.lower(Product.sku).in_(sorted(skus.values()))),
            visible(Product, unit.principal),
        )
    )
    found: dict[UUID | str, Offer] = {}
    for row in await unit.session.execute(statement):
        offer = Offer(row.Product, row.amount)
        found[row.Product.id] = offer
        found |= {name: offer for name, sku in skus.items() if sku == row.Product.sku.lower()}
    return found


async def load_rates(unit: Unit, country_code: str, day: date) -> dict[str, Decimal]:
    """The tax rate of each tax group in the country on the day: the newest rule not after it (BA-81)."""
    statement = (
        select(TaxRule.tax_group, TaxRule.rate)
        .where(TaxRule.company_id == unit.company_id, TaxRule.country_code == country_code, TaxRule.valid_from <= day)
        .order_by(TaxRule.tax_group, TaxRule.valid_from.desc())
        .ext(distinct_on(TaxRule.tax_group))
    )
    return {row.tax_group: row.rate for row in await unit.session.execute(statement)}
