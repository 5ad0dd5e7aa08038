"""What a credit memo credits: parts of billed lines at their own price and rate, and lines that belong to no bill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.billing import CashSale, CashSaleItem, Invoice, InvoiceItem
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.queries.credits import Credited
from gql_sales.db.session import Unit
from gql_sales.domain.payments.settlement import minor
from gql_sales.kernel.errors import (
    ExceedsCreditable,
    InvalidAmount,
    InvalidInput,
    NotFound,
    Refused,
    SalesError,
)
from gql_sales.kernel.money import share, to_major
from gql_sales.kernel.quantities import quantity_refusals

Bill = Invoice | CashSale
BilledLine = InvoiceItem | CashSaleItem


@dataclass(frozen=True)
class NewCredit:
    """A part of a billed line that the caller wants credited: a quantity, or an amount with tax in major units."""

    line_id: UUID
    is_cash_sale: bool = False
    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class CreditedLine:
    """One line of a credit memo, in minor units; without ``origin`` it belongs to no bill."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    tax_country_code: str
    tax_rate: Decimal
    tax: int
    gross: int
    sku: str | None = None
    product_id: UUID | None = None
    origin: "Origin | None" = None
    is_by_value: bool = False

    @property
    def net(self) -> int:
        """Amount without tax."""
        return self.gross - self.tax


@dataclass(frozen=True)
class Origin:
    """Where a billed line is: its bill, its order, and the order's item."""

    bill: Bill
    line: BilledLine
    order: Order
    item: OrderItem


def origins(unit: Unit) -> dict[UUID, Origin]:
    """Every line of the bills that the unit has loaded, by its id."""
    found: dict[UUID, Origin] = {}
    for bill in unit.loaded.values():
        if not isinstance(bill, Invoice | CashSale):
            continue
        order = unit.document(Order, bill.order_id)
        items = {item.id: item for item in order.items}
        lines: Sequence[BilledLine] = bill.items
        found |= {line.id: Origin(bill, line, order, items[line.order_item_id]) for line in lines}
    return found


class Credits:
    """Credits billed lines one after the other, never more than is left of each."""

    def __init__(self, known: Mapping[UUID, Origin], credited: Mapping[tuple[UUID, UUID], Credited]) -> None:
        """``credited`` tells what was credited before, by bill and order item."""
        self._known = known
        self._credited = dict(credited)

    def line(self, wanted: NewCredit, path: tuple[str, ...]) -> CreditedLine:
        """The line of the memo that credits what is wanted.

        Refusals: NOT_FOUND, INVALID_INPUT, INVALID_QUANTITY, INVALID_AMOUNT, EXCEEDS_CREDITABLE.
        """
        origin = self._known.get(wanted.line_id)
        at = (*path, "cashSaleItemId" if wanted.is_cash_sale else "invoiceItemId")
        if origin is None or isinstance(origin.bill, CashSale) != wanted.is_cash_sale:
            raise Refused(NotFound("No such line.", at))
        if isinstance(origin.bill, CashSale) and origin.bill.invoiced_at is not None:
            raise Refused(InvalidInput("The cash sale is invoiced; credit the lines of its invoice.", at))
        if (wanted.quantity is None) == (wanted.amount is None):
            raise Refused(InvalidInput("Give either quantity or amount.", path))
        if wanted.quantity is not None:
            return self._by_quantity(origin, wanted.quantity, (*path, "quantity"))
        return self._by_value(origin, wanted.amount or Decimal(0), (*path, "amount"))

    def rest(self, origin: Origin) -> CreditedLine | None:
        """All that is left of a billed line; None when nothing is."""
        left = origin.line.quantity - self._before(origin).quantity
        return self._by_quantity(origin, left, ()) if left > 0 else None

    def _before(self, origin: Origin) -> Credited:
        return self._credited.get((origin.bill.id, origin.line.order_item_id), Credited())

    def _by_quantity(self, origin: Origin, quantity: Decimal, path: tuple[str, ...]) -> CreditedLine:
        """The last pieces of what is left, so that what stays billed keeps the amounts it was billed with (C-28)."""
        line, before = origin.line, self._before(origin)
        refusals: list[SalesError] = quantity_refusals(origin.item.quantity_digits, quantity, path)
        left = line.quantity - before.quantity
        if quantity > left:
            message = f"Only {left.normalize():f} of {line.sku} can still be credited."
            refusals.append(ExceedsCreditable(message, path, creditable_quantity=left))
        if refusals:
            raise Refused(*refusals)
        gross = share(line.gross_amount - before.gross_amount, left - quantity, quantity, left)
        tax = share(line.tax_amount - before.tax_amount, left - quantity, quantity, left)
        return self._credit(origin, quantity, tax, gross, is_by_value=False)

    def _by_value(self, origin: Origin, amount: Decimal, path: tuple[str, ...]) -> CreditedLine:
        line, before = origin.line, self._before(origin)
        gross = minor(amount, line.currency_code, path)
        left = line.gross_amount - before.gross_amount
        if gross > left:
            most = to_major(max(left, 0), line.currency_code)
            message = f"Only {most} {line.currency_code} of {line.sku} can still be credited."
            raise Refused(ExceedsCreditable(message, path, creditable_amount=most))
        tax = share(line.tax_amount - before.tax_amount, Decimal(left - gross), Decimal(gross), Decimal(left))
        return self._credit(origin, Decimal(1), tax, gross, is_by_value=True)

    def _credit(self, origin: Origin, quantity: Decimal, tax: int, gross: int, *, is_by_value: bool) -> CreditedLine:
        line, before = origin.line, self._before(origin)
        pieces = Decimal(0) if is_by_value else quantity
        self._credited[origin.bill.id, line.order_item_id] = Credited(
            before.quantity + pieces, before.tax_amount + tax, before.gross_amount + gross
        )
        return CreditedLine(
            name=line.name,
            quantity=quantity,
            unit_price=to_major(gross, line.currency_code) if is_by_value else line.unit_price,
            tax_country_code=origin.item.tax_country_code or "",
            tax_rate=line.tax_rate,
            tax=tax,
            gross=gross,
            sku=line.sku,
            product_id=origin.item.product_id,
            origin=origin,
            is_by_value=is_by_value,
        )


def taxes(lines: Iterable[CreditedLine]) -> dict[tuple[str, Decimal], tuple[int, int]]:
    """Net and tax per country and rate; together they are those of the lines."""
    found: dict[tuple[str, Decimal], tuple[int, int]] = {}
    for one in lines:
        key = one.tax_country_code, one.tax_rate
        net, tax = found.get(key, (0, 0))
        found[key] = net + one.net, tax + one.tax
    return dict(sorted(found.items()))


def total(lines: Iterable[CreditedLine]) -> int:
    """Gross of the lines in minor units; INVALID_AMOUNT below zero, since a credit memo is no debit."""
    found = sum(one.gross for one in lines)
    if found < 0:
        raise Refused(InvalidAmount("The total of a credit memo is not below zero.", ("input",)))
    return found
