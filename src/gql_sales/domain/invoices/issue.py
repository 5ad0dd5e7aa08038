"""Issuing an invoice: the order's quantities become a frozen, numbered and posted document."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from gql_sales.db.models.billing import Invoice, InvoiceItem, TaxLine
from gql_sales.db.models.ledger import JournalEvent
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.queries.context import load_customers
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.invoices.lines import Line, Selected, everything, posting, selected, taxes
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import (
    BillingScope,
    InvalidAmount,
    InvalidDate,
    InvalidInput,
    NothingToBill,
    Refused,
    SalesError,
)

LONGEST_TERM = 3650


def something_to_bill(_: Unit, order: Order) -> Iterable[SalesError]:
    """Some quantity of the order is still to be billed."""
    if not any(item.billable_quantity > 0 for item in order.items):
        yield NothingToBill("No quantity of the order may be billed now.")


@transition(
    Order,
    sources={OrderState.PLACED, OrderState.COMPLETED},
    scope="invoices:issue",
    event=None,
    guards=[something_to_bill],
)
async def invoice_issue(
    unit: Unit,
    order: Order,
    *,
    invoiced_on: date | None = None,
    items: Sequence[Selected] | None = None,
    due_days: int = 0,
) -> None:
    """Issue an invoice for what is not yet billed of an order.

    Refusals: NOTHING_TO_BILL, BILLING_SCOPE (X-1), TOO_MANY_ENTRIES, NOT_FOUND, INVALID_QUANTITY, QUANTITY_NOT_OPEN,
    INVALID_AMOUNT (a total below zero), INVALID_INPUT, INVALID_DATE, DATE_BEFORE_LAST_NUMBER (X-27), SERIES_CLOSED.
    """
    lines = _lines(unit, order, items)
    if sum(one.gross for one in lines) < 0:
        raise Refused(InvalidAmount("The total of an invoice is not below zero.", ("input", "items")))
    day = invoiced_on or await day_of(unit, order.company_id, unit.now)
    await load_customers(unit, {order.customer_id} if order.customer_id else set())
    invoice = unit.add(_invoice(unit, order, lines, day, _due_on(day, due_days)))
    must_not_go_back = policy(unit, order, "numberDateOrder") == "MONOTONE"
    unit.number(invoice, SeriesKind.INVOICE, day, must_not_go_back=must_not_go_back, issued_at_column="issued_at")
    if invoice.gross_amount:
        mode = policy(unit, order, "journalMode")
        post(unit, mode, JournalEvent.INVOICING, invoice, day, posting(lines), invoice.customer_id)
    _bill(order, lines)
    unit.events.append(PendingEvent("InvoiceIssued", invoice, {}, is_main=True))


def _lines(unit: Unit, order: Order, items: Sequence[Selected] | None) -> list[Line]:
    """What is billed: everything that may be, or the caller's choice where the policy leaves one."""
    if items is None:
        return everything(order)
    if policy(unit, order, "billingScope") != "BY_SELECTION":
        raise Refused(BillingScope("The order is billed as a whole; lines cannot be selected.", ("input", "items")))
    if not items:
        raise Refused(NothingToBill("No item is selected.", ("input", "items")))
    return selected(order, items)


def _due_on(day: date, due_days: int) -> date:
    if not 0 <= due_days <= LONGEST_TERM:
        raise Refused(InvalidInput(f"The term is 0 to {LONGEST_TERM} days.", ("input", "dueDays")))
    try:
        return day + timedelta(days=due_days)
    except OverflowError:
        raise Refused(InvalidDate("The day lies too far ahead.", ("input", "invoicedOn"))) from None


def _invoice(unit: Unit, order: Order, lines: Sequence[Line], day: date, due_on: date) -> Invoice:
    """The document with its lines; everything is copied, so that later changes elsewhere do not touch it (N5)."""
    gross = sum(one.gross for one in lines)
    invoice = Invoice(
        company_id=order.company_id,
        channel_id=order.channel_id,
        order_id=order.id,
        customer_id=order.customer_id,
        currency_code=order.currency_code,
        invoiced_on=day,
        tax_point_on=day,
        due_on=due_on,
        buyer=_buyer(unit, order),
        billing_address=order.billing_address,
        shipping_address=order.shipping_address,
        net_amount=sum(one.net for one in lines),
        tax_amount=sum(one.tax for one in lines),
        gross_amount=gross,
        open_amount=gross,
    )
    invoice.items.extend(_item(invoice, position, one) for position, one in enumerate(lines, start=1))
    for (country, rate), (net, tax) in taxes(lines).items():
        invoice.tax_lines.append(
            TaxLine(
                invoice_id=invoice.id,
                country_code=country,
                currency_code=order.currency_code,
                rate=rate,
                net_amount=net,
                tax_amount=tax,
            )
        )
    return invoice


def _buyer(unit: Unit, order: Order) -> dict[str, Any]:
    customer = unit.customers[order.customer_id] if order.customer_id else None
    columns = ("name", "email", "phone", "tax_number", "external_ref")
    return {column: getattr(customer, column, None) for column in columns}


def _item(invoice: Invoice, position: int, one: Line) -> InvoiceItem:
    return InvoiceItem(
        invoice_id=invoice.id,
        order_item_id=one.item.id,
        position=position,
        sku=one.item.sku,
        name=one.item.name,
        currency_code=one.item.currency_code,
        quantity=one.quantity,
        unit_price=one.item.unit_price,
        tax_rate=one.item.tax_rate,
        net_amount=one.net,
        tax_amount=one.tax,
        gross_amount=one.gross,
    )


def _bill(order: Order, lines: Sequence[Line]) -> None:
    """Raise the order's billed quantities and amounts."""
    for one in lines:
        one.item.invoiced_quantity += one.quantity
    gross = sum(one.gross for one in lines)
    order.billed_amount += gross
    order.open_amount += gross
