"""Plans the import of a shop's own orders from a file with one line an item; docs/import.md describes the columns."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeVar

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
    cut,
)

REQUIRED = ("order_ref", "order_date", "customer_ref", "sku", "quantity")
OF_THE_ORDER = (
    "order_date",
    "customer_ref",
    "customer_name",
    "customer_email",
    "address_name",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
    "country_code",
    "payment_method",
    "invoice_requested",
    "shipped_on",
    "tracking_number",
    "billed_on",
    "paid_on",
)
"""Columns that say something of the whole order: any of its lines may say it, none may say otherwise."""
OF_THE_LINE = ("sku", "quantity", "unit_price", "line_ref", "product_name")
ADDRESS = ("address_name", "address_line1", "address_line2", "city", "region", "postal_code", "country_code")
NEEDED_OF_AN_ADDRESS = ("address_line1", "city", "country_code")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}

T = TypeVar("T")


class _BadRow(Exception):
    """Why a line cannot be understood."""

    def __init__(self, row: int, code: str, message: str) -> None:
        super().__init__(message)
        self.row = row
        self.code = code
        self.message = message


def plan_orders_csv(rows: Iterable[Row], *, place: Place, receives_stock: bool = False) -> Plan:
    """The plan for all lines; an order with a line that makes no sense is left out as a whole and told line by line."""
    plan = Plan(place=place, receives_stock=receives_stock)
    products: dict[str, PlannedProduct] = {}
    customers: dict[str, PlannedCustomer] = {}
    for ref, lines in _orders(rows, plan.bad_rows).items():
        try:
            said = _said(lines)
            sale = _sale(ref, said, lines)
        except _BadRow as wrong:
            plan.bad_rows += _left_out(ref, lines, wrong)
            continue
        plan.sales.append(sale)
        customers.setdefault(sale.customer_ref, _customer(sale, said, lines[0].number))
        for number, values in lines:
            product = _product(number, values or {})
            if product is not None:
                products.setdefault(product.sku.lower(), product)
    plan.sales.sort(key=lambda sale: sale.ordered_on)
    plan.products, plan.customers = list(products.values()), list(customers.values())
    return plan


def _orders(rows: Iterable[Row], bad: list[BadRow]) -> Mapping[str, list[Row]]:
    """The lines of each order, in the order of the file."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.values is None:
            bad.append(BadRow(row.number, "CELLS", "The line has not as many cells as the header."))
        elif not row.values["order_ref"]:
            bad.append(BadRow(row.number, "NO_ORDER", "The line has no order_ref.", _amount(row.values)))
        else:
            found[row.values["order_ref"]].append(row)
    return found


def _left_out(ref: str, lines: Sequence[Row], wrong: _BadRow) -> Iterable[BadRow]:
    for number, values in lines:
        amount = _amount(values or {})
        if number == wrong.row:
            yield BadRow(number, wrong.code, wrong.message, amount)
        else:
            yield BadRow(number, "ORDER_LEFT_OUT", f"Line {wrong.row} of order {ref} is wrong.", amount)


def _amount(values: Mapping[str, str]) -> Decimal:
    """What the line would have been worth, as far as that can be told."""
    try:
        amount = Decimal(values["quantity"]) * Decimal(values.get("unit_price") or 0)
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)


def _said(lines: Sequence[Row]) -> dict[str, str]:
    """What the lines say of the order; the first that contradicts an earlier one is wrong."""
    said: dict[str, str] = {}
    for number, values in lines:
        for name in OF_THE_ORDER:
            text = (values or {}).get(name, "")
            if text and said.setdefault(name, text) != text:
                raise _BadRow(number, "CONTRADICTION", f"Another line of the order has {said[name]} as {name}.")
    return said


def _sale(ref: str, said: Mapping[str, str], lines: Sequence[Row]) -> Sale:
    first = lines[0].number

    def read(name: str, reader: Callable[[str], T], code: str) -> T | None:
        text = said.get(name, "")
        try:
            return reader(text) if text else None
        except ValueError:
            raise _BadRow(first, code, f"{name} cannot be read: {text[:40]}") from None

    if "customer_ref" not in said:
        raise _BadRow(first, "NO_CUSTOMER", "The order has no customer_ref.")
    ordered_on = read("order_date", _day, "BAD_DATE")
    if ordered_on is None:
        raise _BadRow(first, "BAD_DATE", "The order has no order_date.")
    paid_on = read("paid_on", _day, "BAD_DATE")
    shipped_on = read("shipped_on", _day, "BAD_DATE")
    return Sale(
        ref,
        ordered_on,
        said["customer_ref"],
        tuple(_line(number, values or {}) for number, values in lines),
        _address(said, first),
        payment_method=said.get("payment_method") or None,
        is_invoice_requested=bool(read("invoice_requested", _yes, "BAD_CHOICE")),
        is_shipped=shipped_on is not None or "tracking_number" in said,
        tracking_number=said.get("tracking_number", ""),
        billed_on=read("billed_on", _day, "BAD_DATE") or paid_on,
        paid_at=datetime.combine(paid_on, time()) if paid_on else None,
    )


def _line(row: int, values: Mapping[str, str]) -> Line:
    if not values["sku"]:
        raise _BadRow(row, "NO_PRODUCT", "The line has no sku.")
    quantity, price = values["quantity"], values.get("unit_price", "")
    if not NUMBER.fullmatch(quantity) or Decimal(quantity) <= 0:
        raise _BadRow(row, "BAD_QUANTITY", "The quantity is no number above zero such as 2 or 1.5.")
    if price and not NUMBER.fullmatch(price):
        raise _BadRow(row, "BAD_PRICE", "The unit_price is no number such as 4.95.")
    unit_price = Decimal(price) if price else None
    return Line(values["sku"], Decimal(quantity), unit_price, row, values.get("line_ref", ""))


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _yes(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _address(said: Mapping[str, str], row: int) -> PlannedAddress | None:
    """None when the file has none: then it is the customer's."""
    if not any(name in said for name in ADDRESS):
        return None
    missing = [name for name in NEEDED_OF_AN_ADDRESS if name not in said]
    if missing:
        raise _BadRow(row, "BAD_ADDRESS", f"The address has no {', '.join(missing)}.")
    country = country_code(said["country_code"], "")
    if not country:
        raise _BadRow(row, "BAD_COUNTRY", f"There is no country {said['country_code'][:40]}.")
    return PlannedAddress(
        said.get("address_name") or _name(said),
        said["address_line1"],
        said["city"],
        country,
        said.get("address_line2", ""),
        said.get("region", ""),
        said.get("postal_code", ""),
    )


def _name(said: Mapping[str, str]) -> str:
    return cut(said.get("customer_name") or said["customer_ref"])


def _customer(sale: Sale, said: Mapping[str, str], row: int) -> PlannedCustomer:
    """As the customer's first order in the file has it."""
    email = said.get("customer_email", "")
    return PlannedCustomer(sale.customer_ref, _name(said), "STAFF_CREATED", row, email, sale.address)


def _product(row: int, values: Mapping[str, str]) -> PlannedProduct | None:
    """A line that names its product has it made when there is none; the others count on it to be there."""
    name = values.get("product_name", "")
    return PlannedProduct(values["sku"], cut(name), GOODS, row) if name else None
