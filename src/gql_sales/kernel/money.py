"""Money as integer minor units: conversions, rounding and splits that always sum (N-13, reliability.md L3, L4)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision

LARGEST = 10**15
"""Minor units; far from the end of bigint, so that sums of amounts fit as well."""
ROUNDING = {"HALF_UP": ROUND_HALF_UP, "HALF_EVEN": ROUND_HALF_EVEN}


def is_currency(code: str) -> bool:
    """Whether the code is an ISO 4217 alphabetic code."""
    return code in get_global("all_currencies")


@cache
def digits(currency: str) -> int:
    """Decimal places of the currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def to_major(minor: int, currency: str) -> Decimal:
    """Minor units as an exact amount in major units."""
    return Decimal(minor).scaleb(-digits(currency))


def to_minor(amount: Decimal, currency: str) -> int:
    """Exact amount in major units as minor units; ValueError when it has more digits than the currency."""
    scaled = amount.scaleb(digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{currency} has {digits(currency)} decimal places.")
    return int(scaled)


def round_minor(amount: Decimal, currency: str, mode: str = "HALF_UP") -> int:
    """Amount in major units with any number of digits, rounded to minor units (policy ``roundingMode``)."""
    return int(amount.scaleb(digits(currency)).quantize(Decimal(1), ROUNDING[mode]))


def split(total: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Parts of ``total`` in proportion to the weights, by largest remainder; their sum is ``total``.

    Weights are not negative; all zero counts as all equal.
    """
    if not weights:
        return []
    shares = [Fraction(w) for w in weights]
    whole = sum(shares)
    if not whole:
        shares, whole = [Fraction(1)] * len(weights), Fraction(len(weights))
    exact = [abs(total) * share / whole for share in shares]
    parts = [int(value) for value in exact]
    short = abs(total) - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:short]:
        parts[i] += 1
    return parts if total >= 0 else [-part for part in parts]


def share(total: int, start: Decimal, quantity: Decimal, whole: Decimal) -> int:
    """Part of a line's ``total`` (minor units) for ``quantity`` pieces after the first ``start`` of ``whole``.

    Cumulative rounding: consecutive shares of a line always sum to its total, whatever the steps.
    """
    return _until(total, start + quantity, whole) - _until(total, start, whole)


def _until(total: int, quantity: Decimal, whole: Decimal) -> int:
    if not whole:
        return 0
    return int((Decimal(total) * quantity / whole).quantize(Decimal(1), ROUND_HALF_UP))
