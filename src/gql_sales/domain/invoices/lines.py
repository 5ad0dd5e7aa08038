"""What an invoice bills: which quantities of an order, for which amounts, so that the parts of an item always sum."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.models.products import ProductKind
from gql_sales.kernel.errors import NotFound, QuantityNotOpen, Refused, SalesError, TooManyEntries
from gql_sales.kernel.money import share
from gql_sales.kernel.quantities import quantity_refusals

MOST_ENTRIES = 500


@dataclass(frozen=True)
class Selected:
    """A quantity of an order item that the caller wants billed."""

    order_item_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class Line:
    """A quantity of an order item with its amounts in minor units."""

    item: OrderItem
    quantity: Decimal
    net: int
    tax: int
    gross: int


def line(item: OrderItem, quantity: Decimal) -> Line:
    """The next ``quantity`` of the item that is not billed yet, at its frozen amounts (reliability.md L4).

    Gross and tax are split and net is what remains, so that an order's billed and billable gross sum to its total.
    """
    start, whole = item.billed_quantity, item.ordered_quantity
    gross = share(item.gross_amount, start, quantity, whole)
    tax = share(item.tax_amount, start, quantity, whole)
    return Line(item, quantity, gross - tax, tax, gross)


def everything(order: Order) -> list[Line]:
    """All that may be billed now."""
    return [line(item, item.billable_quantity) for item in order.items if item.billable_quantity > 0]


def shipped(order: Order) -> list[Selected]:
    """What has left and is not billed; once all goods have left, also charges, services and discounts."""
    is_gone = all(item.open_quantity == 0 for item in order.items if item.is_allocatable)
    wanted = []
    for item in order.items:
        left = item.shipped_quantity - item.billed_quantity if item.is_allocatable else item.billable_quantity
        quantity = min(left, item.billable_quantity)
        if quantity > 0 and (item.is_allocatable or is_gone):
            wanted.append(Selected(item.id, quantity))
    return wanted


def selected(order: Order, wanted: Sequence[Selected]) -> list[Line]:
    """The wanted quantities in the order's own sequence; an item named twice is billed once, with the sum.

    Refusals, one per bad entry: NOT_FOUND, INVALID_QUANTITY, QUANTITY_NOT_OPEN; TOO_MANY_ENTRIES.
    """
    if len(wanted) > MOST_ENTRIES:
        raise Refused(TooManyEntries(f"At most {MOST_ENTRIES} lines are billed at once.", ("input", "items")))
    items = {item.id: item for item in order.items}
    totals: dict[UUID, Decimal] = defaultdict(Decimal)
    refusals: list[SalesError] = []
    for index, entry in enumerate(wanted):
        totals[entry.order_item_id] += entry.quantity
        path = ("input", "items", str(index))
        refusals += _refusals(items.get(entry.order_item_id), entry, totals[entry.order_item_id], path)
    if refusals:
        raise Refused(*refusals)
    return [line(item, totals[item.id]) for item in order.items if item.id in totals]


def _refusals(item: OrderItem | None, entry: Selected, total: Decimal, path: tuple[str, ...]) -> Iterable[SalesError]:
    if item is None:
        yield NotFound("The order has no such item.", (*path, "orderItemId"))
        return
    yield from quantity_refusals(item.quantity_digits, entry.quantity, (*path, "quantity"))
    if total > item.billable_quantity:
        left = item.billable_quantity
        message = f"Only {left.normalize():f} of {item.sku} may be billed now."
        yield QuantityNotOpen(message, (*path, "quantity"), available_quantity=left)


def taxes(lines: Iterable[Line]) -> dict[tuple[str, Decimal], tuple[int, int]]:
    """Net and tax per country and rate; together they are those of the lines."""
    found: dict[tuple[str, Decimal], tuple[int, int]] = {}
    for one in lines:
        key = one.item.tax_country_code or "", one.item.tax_rate or Decimal(0)
        net, tax = found.get(key, (0, 0))
        found[key] = net + one.net, tax + one.tax
    return dict(sorted(found.items()))


def posting(lines: Iterable[Line]) -> dict[AccountRole, int]:
    """The entry of an issued invoice: receivable against revenue and tax, discounts as a contra account."""
    found: dict[AccountRole, int] = defaultdict(int)
    for one in lines:
        is_discount = one.item.kind == ProductKind.DISCOUNT
        found[AccountRole.RECEIVABLE] += one.gross
        found[AccountRole.DISCOUNT_ALLOWED if is_discount else AccountRole.REVENUE] -= one.net
        found[AccountRole.TAX_PAYABLE] -= one.tax
    return dict(found)
