"""What invoices and cash sales share: what may be billed, the frozen copy of it, and what it does to the order."""

from collections.abc import Iterable, Sequence
from typing import Any

from gql_sales.db.models.billing import CashSale, CashSaleItem, CashSaleTaxLine, Invoice, InvoiceItem, TaxLine
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.session import Unit
from gql_sales.domain.invoices.lines import Line, shipped, taxes
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel.errors import NothingToBill, SalesError

Values = dict[str, Any]


def is_billable(order: Order) -> bool:
    """Whether some quantity of the order is still to be billed."""
    return any(item.billable_quantity > 0 for item in order.items)


def something_to_bill(_: Unit, order: Order) -> Iterable[SalesError]:
    """Some quantity of the order is still to be billed."""
    if not is_billable(order):
        yield NothingToBill("No quantity of the order may be billed now.")


def something_left(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Under PER_SHIPMENT an invoice bills what has left and is not billed yet (IF-14, BA-55)."""
    if policy(unit, order, "billingScope") == "PER_SHIPMENT" and is_billable(order) and not shipped(order):
        yield NothingToBill("Nothing has left that is not billed.")


def bill_values(unit: Unit, order: Order, lines: Sequence[Line]) -> Values:
    """The columns of a new bill; everything is copied, so that later changes elsewhere do not touch it (N5)."""
    gross = sum(one.gross for one in lines)
    return {
        "company_id": order.company_id,
        "channel_id": order.channel_id,
        "order_id": order.id,
        "customer_id": order.customer_id,
        "currency_code": order.currency_code,
        "buyer": buyer_values(unit.customers[order.customer_id] if order.customer_id else None),
        "billing_address": order.billing_address,
        "shipping_address": order.shipping_address,
        "net_amount": sum(one.net for one in lines),
        "tax_amount": sum(one.tax for one in lines),
        "gross_amount": gross,
        "open_amount": gross,
    }


def buyer_values(customer: Customer | None) -> Values:
    """The buyer as a bill keeps them."""
    return {name: getattr(customer, name, None) for name in ("name", "email", "phone", "tax_number", "external_ref")}


def add_parts(bill: Invoice | CashSale, lines: Sequence[Line]) -> None:
    """Give the new bill its items, by position, and its tax by country and rate."""
    items = [line_values(one.item, position, one) for position, one in enumerate(lines, start=1)]
    rates = [
        {"country_code": country, "currency_code": bill.currency_code, "rate": rate, "net_amount": net,
         "tax_amount": tax}
        for (country, rate), (net, tax) in taxes(lines).items()
    ]  # fmt: skip
    attach(bill, items, rates)


def attach(bill: Invoice | CashSale, items: Iterable[Values], rates: Iterable[Values]) -> None:
    """Make the rows below the bill from the columns that both kinds of bill have."""
    if isinstance(bill, Invoice):
        bill.items.extend(InvoiceItem(invoice_id=bill.id, **values) for values in items)
        bill.tax_lines.extend(TaxLine(invoice_id=bill.id, **values) for values in rates)
    else:
        bill.items.extend(CashSaleItem(cash_sale_id=bill.id, **values) for values in items)
        bill.tax_lines.extend(CashSaleTaxLine(cash_sale_id=bill.id, **values) for values in rates)


def line_values(item: OrderItem, position: int, one: Line) -> Values:
    """The columns of one line of a bill."""
    return {
        "order_item_id": item.id,
        "position": position,
        "sku": item.sku,
        "name": item.name,
        "currency_code": item.currency_code,
        "quantity": one.quantity,
        "unit_price": item.unit_price,
        "tax_rate": item.tax_rate,
        "net_amount": one.net,
        "tax_amount": one.tax,
        "gross_amount": one.gross,
    }


def raise_billed(order: Order, lines: Iterable[Line], *, is_cash_sale: bool = False) -> None:
    """Raise the order's billed quantities and amounts; a cash sale counts in a bucket of its own besides.

    What is billed is owed, so the order no longer expires.
    """
    order.expires_at = None
    for one in lines:
        one.item.invoiced_quantity += one.quantity
        if is_cash_sale:
            one.item.cash_saled_quantity += one.quantity
        order.billed_amount += one.gross
        order.open_amount += one.gross
