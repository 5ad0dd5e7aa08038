"""Amounts of order items and of the order: rounded once per line or per rate, and always adding up (C-21 to C-23)."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.session import Unit
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel.errors import InvalidAmount, Refused
from gql_sales.kernel.money import LARGEST, digits, round_minor


def recalculate(unit: Unit, order: Order) -> None:
    """Set net, tax and gross of every item and of the order from prices, quantities and frozen rates.

    What is billed keeps its amounts, so that the bills and what may still be billed sum to the order (L4, C-26).
    Refusals: INVALID_AMOUNT (an amount that is too large).
    """
    mode = policy(unit, order, "roundingMode")
    unbilled = [item for item in order.items if item.billed_quantity == 0]
    for item in unbilled:
        _price(order, item, mode)
    if policy(unit, order, "taxRounding") == "DOCUMENT_PER_RATE":
        _round_per_rate(order, unbilled, mode)
    order.net_amount = sum(item.net_amount for item in order.items)
    order.tax_amount = sum(item.tax_amount for item in order.items)
    order.gross_amount = order.net_amount + order.tax_amount
    if sum(abs(item.net_amount) + abs(item.tax_amount) for item in order.items) > LARGEST:
        raise Refused(InvalidAmount("The order's total is too large.", ("items",)))


def _price(order: Order, item: OrderItem, mode: str) -> None:
    price = item.unit_price * item.ordered_quantity
    if abs(price).scaleb(digits(order.currency_code)) > LARGEST:
        raise Refused(InvalidAmount(f"The amount of {item.sku} is too large.", ("items", str(item.position))))
    amount = round_minor(price, order.currency_code, mode)
    tax = round_minor(_exact_tax(order, item, amount), order.currency_code, mode)
    _set(order, item, amount, tax)


def _exact_tax(order: Order, item: OrderItem, amount: int) -> Decimal:
    """Tax in major units, before rounding; ``amount`` is net, or gross when prices include tax."""
    rate = item.tax_rate or Decimal(0)
    major = Decimal(amount).scaleb(-digits(order.currency_code))
    return major * rate / (1 + rate) if order.prices_include_tax else major * rate


def _set(order: Order, item: OrderItem, amount: int, tax: int) -> None:
    item.tax_amount = tax
    item.net_amount = amount - tax if order.prices_include_tax else amount
    item.gross_amount = item.net_amount + tax


def _round_per_rate(order: Order, unbilled: Iterable[OrderItem], mode: str) -> None:
    """Round the tax of each rate once, and hand the cents to the lines with the largest remainders."""
    groups: dict[Decimal | None, list[OrderItem]] = defaultdict(list)
    for item in unbilled:
        groups[item.tax_rate].append(item)
    for items in groups.values():
        amounts = [i.gross_amount if order.prices_include_tax else i.net_amount for i in items]
        exact = [_exact_tax(order, item, amount) for item, amount in zip(items, amounts, strict=True)]
        total = round_minor(sum(exact, Decimal(0)), order.currency_code, mode)
        scaled = [value.scaleb(digits(order.currency_code)) for value in exact]
        for item, amount, tax in zip(items, amounts, _spread(scaled, total), strict=True):
            _set(order, item, amount, tax)


def _spread(exact: list[Decimal], total: int) -> list[int]:
    """Whole numbers next to ``exact`` that sum to ``total``, which is the rounded sum of ``exact``."""
    floors = [int(value.to_integral_value(ROUND_FLOOR)) for value in exact]
    short = total - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in by_remainder[:short]:
        floors[i] += 1
    return floors
