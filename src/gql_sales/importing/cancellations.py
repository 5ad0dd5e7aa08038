"""Finds the sale that a cancelled line takes back, since the file does not say which one it was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from gql_sales.importing.plan import Credit, CreditedLine, ManualLine, Sale, cut


@dataclass(frozen=True, slots=True)
class CancelledLine:
    """What is taken back; quantity and price are above zero."""

    sku: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    at: datetime
    row: int


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A document that takes back."""

    ref: str
    customer_ref: str
    lines: Sequence[CancelledLine]
    is_guest: bool


@dataclass(slots=True)
class _Sold:
    """A line of a sale with what may still be credited of it."""

    sale_ref: str
    position: int
    at: datetime
    unit_price: Decimal
    left: Decimal


@dataclass(slots=True)
class _Memo:
    """The lines of a memo as they are found."""

    credited: list[CreditedLine] = field(default_factory=list)
    manual: list[ManualLine] = field(default_factory=list)


def credit(cancellations: Iterable[Cancellation], sales: Iterable[Sale]) -> list[Credit]:
    """One credit for each cancellation, against earlier sales as far as they fit, by hand for the rest."""
    shelves = _shelves(sales)
    return [_credit(one, shelves) for one in cancellations]


Shelves = dict[tuple[str, str], list[_Sold]]


def _shelves(sales: Iterable[Sale]) -> Shelves:
    """What was sold, by customer and code, oldest first."""
    found: Shelves = defaultdict(list)
    for sale in sales:
        for position, line in enumerate(sale.lines, start=1):
            at = sale.paid_at or datetime.combine(sale.ordered_on, datetime.min.time())
            sold = _Sold(sale.ref, position, at, line.unit_price or Decimal(0), line.quantity)
            found[sale.customer_ref, line.sku].append(sold)
    return found


def _credit(one: Cancellation, shelves: Shelves) -> Credit:
    memo = _Memo()
    for line in one.lines:
        _take_back(shelves[one.customer_ref, line.sku], line, memo)
    day = min(line.at for line in one.lines).date()
    return Credit(one.ref, day, one.customer_ref, tuple(memo.credited), tuple(memo.manual), not one.is_guest)


def _take_back(shelf: Iterable[_Sold], line: CancelledLine, memo: _Memo) -> None:
    """Credit the line in the memo: against the oldest earlier sale that has some left, the rest by hand.

    A memo over a quantity gives back the price of the sale. Where more was given back, the difference is a manual line;
    where less was, the whole line is one, because a sale's price cannot be credited in part.
    """
    sold = next((one for one in shelf if one.at < line.at and one.left), None)
    if sold is None or line.unit_price < sold.unit_price:
        memo.manual.append(_manual(line, line.quantity, line.unit_price))
        return
    quantity = min(sold.left, line.quantity)
    sold.left -= quantity
    memo.credited.append(
        CreditedLine(sold.sale_ref, sold.position, cut(line.description), line.sku, quantity, sold.unit_price, line.row)
    )
    if line.unit_price > sold.unit_price:
        memo.manual.append(_manual(line, quantity, line.unit_price - sold.unit_price))
    if quantity < line.quantity:
        memo.manual.append(_manual(line, line.quantity - quantity, line.unit_price))


def _manual(line: CancelledLine, quantity: Decimal, unit_price: Decimal) -> ManualLine:
    return ManualLine(cut(line.description), line.sku, quantity, unit_price, line.row)
