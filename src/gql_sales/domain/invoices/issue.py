"""Issuing an invoice: the order's quantities become a frozen, numbered and posted document."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.ledger import JournalEvent
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.queries.context import load_customers
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.invoices.bills import add_parts, bill_values, raise_billed, something_left, something_to_bill
from gql_sales.domain.invoices.lines import Line, Selected, everything, posting, selected, shipped
from gql_sales.domain.invoices.tax_point import tax_point
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.orders.holds import free_to_bill
from gql_sales.domain.orders.prepayment import paid_in_advance
from gql_sales.domain.payments.record import payment_record
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.payments.whole import pay
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import demand, transition
from gql_sales.kernel.errors import (
    BillingScope,
    InvalidAmount,
    InvalidDate,
    InvalidInput,
    NothingToBill,
    Refused,
)

LONGEST_TERM = 3650


async def _numbered_on(unit: Unit, order: Order, *, invoiced_on: date | None = None, **_: Any) -> date | None:  # noqa: ANN401 (arguments it does not need)
    """Under MONOTONE invoices of one bulk call are numbered by date, so that none of them stands in another's way."""
    if not order.policy_snapshot or policy(unit, order, "numberDateOrder") != "MONOTONE":
        return None
    return invoiced_on or await day_of(unit, order.company_id, unit.now)


@transition(
    Order,
    sources=IN_PROCESS | {OrderState.COMPLETED},
    scope="invoices:issue",
    event=None,
    guards=[free_to_bill, paid_in_advance, something_to_bill, something_left],
    bulk=True,
    numbered_on=_numbered_on,
)
async def invoice_issue(
    unit: Unit,
    order: Order,
    *,
    invoiced_on: date | None = None,
    items: Sequence[Selected] | None = None,
    due_days: int = 0,
    tenders: Sequence[NewTender] = (),
    received_at: datetime | None = None,
) -> None:
    """Issue an invoice for what is not yet billed of an order, and record the money that comes with it.

    Refusals: ON_HOLD, NOTHING_TO_BILL, BILLING_SCOPE (X-1), TOO_MANY_ENTRIES, NOT_FOUND, INVALID_QUANTITY,
    QUANTITY_NOT_OPEN, INVALID_AMOUNT (a total below zero), INVALID_INPUT, INVALID_DATE, DATE_BEFORE_LAST_NUMBER (X-27),
    SERIES_CLOSED; with tenders those of paymentRecord, and the caller needs its scope.
    """
    lines = _lines(unit, order, items)
    if sum(one.gross for one in lines) < 0:
        raise Refused(InvalidAmount("The total of an invoice is not below zero.", ("input", "items")))
    day = invoiced_on or await day_of(unit, order.company_id, unit.now)
    await load_customers(unit, {order.customer_id} if order.customer_id else set())
    values = bill_values(unit, order, lines)
    tax_point_on = await tax_point(unit, order, lines, day, (received_at or unit.now) if tenders else None)
    due_on = _due_on(day, due_days)
    invoice = unit.add(Invoice(**values, invoiced_on=day, due_on=due_on, tax_point_on=tax_point_on))
    add_parts(invoice, lines)
    must_not_go_back = policy(unit, order, "numberDateOrder") == "MONOTONE"
    unit.number(invoice, SeriesKind.INVOICE, day, must_not_go_back=must_not_go_back, issued_at_column="issued_at")
    if invoice.gross_amount:
        mode = policy(unit, order, "journalMode")
        post(unit, mode, JournalEvent.INVOICING, invoice, day, posting(lines), invoice.customer_id)
    raise_billed(order, lines)
    unit.events.append(PendingEvent("InvoiceIssued", invoice, {}, is_main=True))
    if tenders:
        demand(unit.principal, payment_record)
        await pay(unit, invoice, tenders, received_at)


def _lines(unit: Unit, order: Order, items: Sequence[Selected] | None) -> list[Line]:
    """What is billed: all that may be, what has left, or the caller's choice where the policy leaves one (X-1)."""
    if items is None and policy(unit, order, "billingScope") == "PER_SHIPMENT":
        return selected(order, shipped(order))
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
