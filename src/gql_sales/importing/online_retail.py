"""Plans the import of the data set "Online Retail": from its lines to products, customers, sales and credits."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from gql_sales.importing.cancellations import Cancellation, CancelledLine, credit
from gql_sales.importing.countries import country_code
from gql_sales.importing.csv_rows import Row
from gql_sales.importing.plan import (
    GOODS,
    BadRow,
    Line,
    Place,
    Plan,
    PlannedAddress,
    PlannedCustomer,
    PlannedProduct,
    Sale,
    WriteOff,
    cut,
)

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
KINDS = {
    **dict.fromkeys(("POST", "DOT", "C2"), "DELIVERY"),
    "D": "DISCOUNT",
    **dict.fromkeys(("M", "S", "BANK CHARGES", "AMAZONFEE", "CRUK"), "SERVICE"),
}
"""Codes that are no goods."""
GUEST = "guest"
"""Reference of the one record that everybody without a CustomerID shares."""
SELLER_COUNTRY = "GB"
TRANSFER, CARD = "BANK_TRANSFER", "CARD"
"""How customers with an account and guests pay: the file does not tell."""
AMERICAN_TIME = "%m/%d/%Y %H:%M"
"""How the original of the data set writes a time; other copies write it as ISO 8601 does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file, understood."""

    row: int
    document: str
    code: str
    description: str
    quantity: int
    at: datetime
    unit_price: Decimal
    customer: str
    country: str

    @property
    def amount(self) -> Decimal:
        """Signed, as the file counts it."""
        return self.quantity * self.unit_price

    @property
    def is_cancellation(self) -> bool:
        """Cancellations have numbers that begin with C."""
        return self.document.startswith("C")

    @property
    def is_write_off(self) -> bool:
        """Goods that went missing are written into the file as sales of less than nothing for nothing."""
        return not self.is_cancellation and self.quantity < 0 and self.unit_price == 0


class _BadLine(Exception):
    """Why a line cannot be understood."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def plan_online_retail(rows: Iterable[Row], *, place: Place) -> Plan:
    """The plan for all lines, in whatever order they come.

    A document with a line that makes no sense is left out as a whole, so that it can be imported once it is mended; its
    lines are told in ``bad_rows``.
    """
    plan = Plan(place=replace(place, currency_code="GBP"), receives_stock=True)
    documents = _documents(rows, plan.bad_rows)
    entries = [entry for lines in documents.values() for entry in lines]
    plan.products = _products(entries)
    plan.customers = _customers(documents)
    plan.untaxed_countries = frozenset(
        {SELLER_COUNTRY, *(country_code(one.country, SELLER_COUNTRY) for one in entries)}
    )
    cancellations: list[Cancellation] = []
    for ref, lines in documents.items():
        if lines[0].is_cancellation:
            cancellations.append(_cancellation(ref, lines))
            continue
        sold = [line for line in lines if not line.is_write_off]
        lost = [line for line in lines if line.is_write_off]
        plan.write_offs += [_write_off(line, number) for number, line in enumerate(lost, start=1)]
        if sold:
            plan.sales.append(_sale(ref, sold))
    plan.credits = credit(cancellations, plan.sales)
    return plan


def _documents(rows: Iterable[Row], bad: list[BadRow]) -> dict[str, list[Entry]]:
    """The lines of each document, documents by time, without those that have a bad line."""
    found: dict[str, list[Entry]] = defaultdict(list)
    spoiled: dict[str, int] = {}
    for number, values in rows:
        try:
            entry = _entry(number, values)
            found[entry.document].append(entry)
            if entry.customer != found[entry.document][0].customer:
                raise _BadLine("OTHER_CUSTOMER", f"The other lines of {entry.document} are of another customer.")
        except _BadLine as wrong:
            bad.append(BadRow(number, wrong.code, wrong.message, _amount(values or {})))
            spoiled.setdefault((values or {}).get("InvoiceNo", "").upper(), number)
    known = {row.row for row in bad}
    for document, number in spoiled.items():
        for line in found.pop(document, []):
            if line.row not in known:
                message = f"Line {number} of {document} is wrong."
                bad.append(BadRow(line.row, "DOCUMENT_LEFT_OUT", message, line.amount))
    return dict(sorted(found.items(), key=lambda one: (min(line.at for line in one[1]), one[0])))


def _amount(values: Mapping[str, str]) -> Decimal:
    """What the line would have been worth, as far as that can be told."""
    try:
        amount = Decimal(values["Quantity"]) * Decimal(values["UnitPrice"])
    except (InvalidOperation, KeyError):
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)


def _entry(number: int, values: Mapping[str, str] | None) -> Entry:
    if values is None:
        raise _BadLine("CELLS", "The line has not as many cells as the header.")
    entry = Entry(
        number,
        values["InvoiceNo"].upper(),
        values["StockCode"].upper(),
        values["Description"],
        _quantity(values["Quantity"]),
        _time(values["InvoiceDate"]),
        _price(values["UnitPrice"]),
        values["CustomerID"].removesuffix(".0"),
        values["Country"],
    )
    if not entry.document:
        raise _BadLine("NO_DOCUMENT", "The line has no InvoiceNo.")
    if not entry.code:
        raise _BadLine("NO_PRODUCT", "The line has no StockCode.")
    if entry.is_cancellation and entry.quantity > 0:
        raise _BadLine("BAD_QUANTITY", "A cancellation takes back; its quantity is below zero.")
    if not entry.is_cancellation and entry.quantity < 0 and not entry.is_write_off:
        raise _BadLine("BAD_QUANTITY", "A quantity below zero with a price is neither a sale nor a write-off.")
    if entry.is_write_off and entry.code in KINDS:
        raise _BadLine("NOT_STOCKED", f"{entry.code} is no goods, so there is no stock to write off.")
    return entry


def _quantity(text: str) -> int:
    try:
        quantity = int(text)
    except ValueError:
        quantity = 0
    if quantity == 0:
        raise _BadLine("BAD_QUANTITY", "The quantity is no whole number, or zero.")
    return quantity


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise _BadLine("BAD_PRICE", "The price is no number, or below zero.")
    return price


def _time(text: str) -> datetime:
    try:
        # The times are those of the seller's seat, without a zone.
        found = datetime.strptime(text, AMERICAN_TIME) if "/" in text else datetime.fromisoformat(text)  # noqa: DTZ007 (the file names no zone)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise _BadLine("BAD_DATE", "The time cannot be read.")
    return found


def _products(entries: Iterable[Entry]) -> list[PlannedProduct]:
    """One product for each code without regard to case, under the name that the file uses most."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, int] = {}
    for entry in entries:
        first.setdefault(entry.code, entry.row)
        # Remarks about lost goods are no names.
        if entry.description and not entry.is_write_off:
            names[entry.code][entry.description] += 1
    return [
        PlannedProduct(
            code, cut(max(names[code], key=names[code].__getitem__, default=code)), KINDS.get(code, GOODS), row
        )
        for code, row in first.items()
    ]


def _customers(documents: Mapping[str, list[Entry]]) -> list[PlannedCustomer]:
    """Everybody with a CustomerID, and one record for all the others; the address is that of the first document."""
    found: dict[str, PlannedCustomer] = {}
    for lines in documents.values():
        first = lines[0]
        ref = first.customer or GUEST
        if ref not in found and not all(line.is_write_off for line in lines):
            kind = "STAFF_CREATED" if first.customer else "GUEST"
            email = "" if first.customer else "guest@example.com"
            found[ref] = PlannedCustomer(ref, _name(first), kind, first.row, email, _address(first))
    return list(found.values())


def _name(entry: Entry) -> str:
    return f"Customer {entry.customer}" if entry.customer else "Guest"


def _address(entry: Entry) -> PlannedAddress:
    """The file tells the country and nothing else."""
    code = country_code(entry.country, SELLER_COUNTRY)
    return PlannedAddress(_name(entry), "not recorded", cut(entry.country) or "not recorded", code)


def _sale(ref: str, lines: list[Entry]) -> Sale:
    """A sale that was shipped, billed and paid when it was made; of several times in it the first counts."""
    first = lines[0]
    at = min(line.at for line in lines)
    return Sale(
        ref,
        at.date(),
        first.customer or GUEST,
        tuple(Line(line.code, Decimal(line.quantity), line.unit_price, line.row) for line in lines),
        _address(first),
        payment_method=TRANSFER if first.customer else CARD,
        is_invoice_requested=bool(first.customer),
        is_shipped=True,
        billed_on=at.date(),
        paid_at=at,
    )


def _write_off(line: Entry, number: int) -> WriteOff:
    return WriteOff(f"{line.document}/{number}", line.code, Decimal(-line.quantity), line.description, line.row)


def _cancellation(ref: str, lines: list[Entry]) -> Cancellation:
    cancelled = [
        CancelledLine(
            line.code, line.description or line.code, Decimal(-line.quantity), line.unit_price, line.at, line.row
        )
        for line in lines
    ]
    return Cancellation(ref, lines[0].customer or GUEST, cancelled, is_guest=not lines[0].customer)
