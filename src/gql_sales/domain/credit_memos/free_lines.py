"""Lines of a credit memo that belong to no bill: what was sold elsewhere, rebates, fees, promotions (KH-23, KH-24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gql_sales.db.queries.catalog import load_rates
from gql_sales.db.queries.context import load_company
from gql_sales.db.queries.master import find_products
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.lines import CreditedLine
from gql_sales.kernel.errors import InvalidAmount, InvalidQuantity, NotFound, TaxIncomplete
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.money import LARGEST, digits, round_minor
from gql_sales.kernel.quantities import digit_refusals

MOST_DIGITS = 6


@dataclass(frozen=True)
class FreeCredit:
    """A line in the caller's words; the price is of one unit, without tax, in major units."""

    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    product_id: UUID | None = None
    tax_group: str | None = None


async def free_lines(
    unit: Unit, wanted: Sequence[FreeCredit], currency: str, country: str | None, day: date, rounding: str
) -> list[CreditedLine]:
    """The lines with their amounts; a line without a tax group is not taxed, others at the rate of the day (BA-82).

    Refusals: INVALID_INPUT, INVALID_QUANTITY, INVALID_AMOUNT, NOT_FOUND, TAX_INCOMPLETE.
    """
    if not wanted:
        return []
    company = await load_company(unit, unit.company_id)
    country = country or (company.country_code if company else "")
    rates = await load_rates(unit, country, day) if any(one.tax_group for one in wanted) else {}
    products = await find_products(unit, [one.product_id for one in wanted if one.product_id])
    found, lines = Findings(), []
    for index, one in enumerate(wanted):
        path = ("lines", str(index))
        name = found.line(one.description, 200, *path, "description")
        product = products.get(one.product_id) if one.product_id else None
        if one.product_id and product is None:
            found.refuse(NotFound("No such product.", ("input", *path, "productId")))
        net = _net(one, currency, rounding, path, found)
        rate = _rate(one, rates, country, path, found)
        tax = round_minor(Decimal(net).scaleb(-digits(currency)) * rate, currency, rounding)
        lines.append(
            CreditedLine(
                name=name,
                quantity=one.quantity,
                unit_price=one.unit_price,
                tax_country_code=country,
                tax_rate=rate,
                tax=tax,
                gross=net + tax,
                sku=product.sku if product else None,
                product_id=one.product_id,
            )
        )
    found.check()
    return lines


def _net(one: FreeCredit, currency: str, rounding: str, path: tuple[str, ...], found: Findings) -> int:
    """Quantity times price in minor units; 0 when one of them was refused."""
    if one.quantity <= 0:
        found.refuse(InvalidQuantity("A quantity is above zero.", ("input", *path, "quantity")))
        return 0
    found.refuse(*digit_refusals(MOST_DIGITS, one.quantity, ("input", *path, "quantity")))
    amount = one.unit_price * one.quantity
    if one.unit_price < 0 or amount.scaleb(digits(currency)) > LARGEST:
        found.refuse(InvalidAmount("A price is not below zero, and not astronomical.", ("input", *path, "unitPrice")))
        return 0
    return round_minor(amount, currency, rounding)


def _rate(one: FreeCredit, rates: dict[str, Decimal], country: str, path: tuple[str, ...], found: Findings) -> Decimal:
    if one.tax_group is None:
        return Decimal(0)
    if one.tax_group not in rates:
        message = f"No tax rule covers {one.tax_group} in {country}."
        found.refuse(TaxIncomplete(message, ("input", *path, "taxGroup")))
    return rates.get(one.tax_group, Decimal(0))
