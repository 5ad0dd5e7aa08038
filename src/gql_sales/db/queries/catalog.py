"""Looking up what an order item copies: product, price in the channel, tax rates of a country on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, String, and_, any_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from gql_sales.db.models.channels import Channel
from gql_sales.db.models.companies import TaxRule
from gql_sales.db.models.products import Product, ProductPrice
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given, ids
from gql_sales.db.visibility import visible


@dataclass(frozen=True)
class Offer:
    """A product with its unit price in a channel, in major units; None when it has no price there."""

    product: Product
    price: Decimal | None


_OFFERS = Prepared(
    lambda caller: (
        select(Product, ProductPrice.amount)
        .outerjoin(
            ProductPrice,
            and_(
                ProductPrice.product_id == Product.id,
                ProductPrice.channel_id == given("channel_id"),
                ProductPrice.currency_code == given("currency_code"),
            ),
        )
        .where(
            or_(Product.id == ids(), func.lower(Product.sku) == any_(given("skus", ARRAY(String)))),
            visible(Product, caller),
        )
    )
)
_RATES = Prepared(
    lambda _: (
        select(TaxRule.tax_group, TaxRule.rate)
        .where(
            TaxRule.company_id == given("company_id"),
            TaxRule.country_code == given("country_code"),
            TaxRule.valid_from <= given("day"),
        )
        .order_by(TaxRule.tax_group, TaxRule.valid_from.desc())
        .ext(distinct_on(TaxRule.tax_group))
    )
)


async def load_offers(unit: Unit, channel: Channel, products: Iterable[UUID | str]) -> dict[UUID | str, Offer]:
    """The visible ones of the products, named by id or SKU (in any case), with their prices, in one statement."""
    named = set(products)
    skus: dict[str, list[str]] = defaultdict(list)
    for name in named:
        if isinstance(name, str):
            skus[name.strip().lower()].append(name)
    wanted = {"ids": [name for name in named if isinstance(name, UUID)], "skus": list(skus)}
    found: dict[UUID | str, Offer] = {}
    for product, amount in await _OFFERS(unit, channel_id=channel.id, currency_code=channel.currency_code, **wanted):
        offer = Offer(product, amount)
        found |= dict.fromkeys((product.id, *skus.get(product.sku.lower(), ())), offer)
    return found


async def load_rates(unit: Unit, country_code: str, day: date) -> dict[str, Decimal]:
    """The tax rate of each tax group in the country on the day: the newest rule not after it (BA-81)."""
    return dict(await _RATES(unit, company_id=unit.company_id, country_code=country_code, day=day))
