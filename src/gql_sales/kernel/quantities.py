"""Quantities: which ones a product's unit allows, and which ones the database can hold."""

from decimal import Decimal

from gql_sales.kernel.errors import InvalidQuantity, SalesError

LIMIT = Decimal(10) ** 12
"""Every stored quantity is below it."""


def quantity_refusals(quantity_digits: int, quantity: Decimal, path: tuple[str, ...]) -> list[SalesError]:
    """Why a quantity is not acceptable: it must be above zero and have no more digits than the product's unit."""
    if quantity <= 0:
        return [InvalidQuantity("A quantity is above zero.", path)]
    return digit_refusals(quantity_digits, quantity, path)


def digit_refusals(quantity_digits: int, quantity: Decimal, path: tuple[str, ...]) -> list[SalesError]:
    """Why a quantity of either sign is not acceptable: too many digits after the point, or before it."""
    if abs(quantity) >= LIMIT:
        return [InvalidQuantity("The quantity is too large.", path)]
    if quantity != round(quantity, quantity_digits):
        return [InvalidQuantity(f"The unit has {quantity_digits} decimal places.", path)]
    return []


def plain(value: Decimal | int) -> str:
    """Digits without exponent and without zeros at the end: the same text for equal numbers."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
