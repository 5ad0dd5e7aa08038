"""Issuing a cash sale: an order that is paid at once becomes a frozen, numbered and posted receipt, with its money."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from gql_sales.db.models.billing import CashSale
from gql_sales.db.models.ledger import JournalEvent
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import IN_PROCESS, Order, OrderState
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.db.queries.context import load_customers
from gql_sales.db.queries.master import payment_method_named
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.invoices.bills import add_parts, bill_values, raise_billed, something_to_bill
from gql_sales.domain.invoices.lines import everything, posting
from gql_sales.domain.invoices.tax_point import tax_point
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.orders.billing_document import is_invoiced
from gql_sales.domain.orders.holds import free_to_bill
from gql_sales.domain.orders.prepayment import paid_in_advance
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.payments.whole import pay, use_advances
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import (
    InvalidAmount,
    InvalidInput,
    InvoiceExists,
    NotFound,
    PaymentMethodNotImmediate,
    Refused,
    SalesError,
)
from gql_sales.kernel.money import to_major
from gql_sales.kernel.warnings import WarningCode

PATH = ("input", "paymentMethod")


async def numbered_on(unit: Unit, order: Order, *, sold_on: date | None = None, **_: Any) -> date | None:  # noqa: ANN401 (arguments it does not need)
    """Under MONOTONE cash sales of one bulk call are numbered by date, as invoices are (X-27)."""
    if not order.policy_snapshot or policy(unit, order, "numberDateOrder") != "MONOTONE":
        return None
    return sold_on or await day_of(unit, order.company_id, unit.now)


def no_invoice_exists(_: Unit, order: Order) -> Iterable[SalesError]:
    """One direction only: what is invoiced never becomes a cash sale (PK-16)."""
    if is_invoiced(order):
        yield InvoiceExists("The order is invoiced; it can no longer become a cash sale.")


@transition(
    Order,
    sources=IN_PROCESS | {OrderState.COMPLETED},
    scope="cash_sales:issue",
    event=None,
    guards=[free_to_bill, paid_in_advance, no_invoice_exists, something_to_bill],
    bulk=True,
    numbered_on=numbered_on,
)
async def cash_sale_issue(
    unit: Unit,
    order: Order,
    *,
    payment_method: str | None = None,
    tenders: Sequence[NewTender] = (),
    sold_on: date | None = None,
    received_at: datetime | None = None,
) -> None:
    """Issue a cash sale for all that is not yet billed of an order, and record its full payment.

    Advances reserved for the order are used first; the rest comes by one method (PK-18) or by the tenders (PK-17,
    PK-19). Refusals: ON_HOLD, INVOICE_EXISTS (PK-16), NOTHING_TO_BILL, INVALID_INPUT (no method), NOT_FOUND,
    PAYMENT_METHOD_NOT_IMMEDIATE (PK-8), INVALID_AMOUNT (a total below zero), DATE_BEFORE_LAST_NUMBER (X-27),
    SERIES_CLOSED; with tenders those of paymentRecord.
    """
    method = await _immediate(unit, order, payment_method)
    sale = await sell(unit, order, sold_on or await day_of(unit, order.company_id, unit.now))
    if not sale.open_amount:
        return
    if not tenders and method is None:
        raise Refused(InvalidInput("Name the method of payment; the order has none.", PATH))
    whole = NewTender(method or "", to_major(sale.open_amount, sale.currency_code))
    await pay(unit, sale, tenders or [whole], received_at)
    tell_unpaid(unit, sale)


async def _immediate(unit: Unit, order: Order, wanted: str | None) -> str | None:
    """Code of the method the money comes by: the caller's choice or the order's own; None when there is neither."""
    code, method_class = order.payment_method, order.payment_method_class
    if wanted is not None:
        method = await payment_method_named(unit, wanted)
        if method is None:
            raise Refused(NotFound("No such method of payment.", PATH))
        code, method_class = method.code, method.method_class
    if method_class == PaymentMethodClass.DEFERRED:
        raise Refused(PaymentMethodNotImmediate(f"{code} brings the money later; invoice the order.", PATH))
    return code


async def sell(unit: Unit, order: Order, day: date) -> CashSale:
    """The new cash sale over all that may be billed, posted, and settled as far as the order's own advances go."""
    lines = everything(order)
    if sum(one.gross for one in lines) < 0:
        raise Refused(InvalidAmount("The total of a cash sale is not below zero.", ("input", "orderId")))
    await load_customers(unit, {order.customer_id} if order.customer_id else set())
    # A cash sale is handed over with the money: there is nothing to confirm later.
    tax_point_on = await tax_point(unit, order, lines, day) or day
    sale = unit.add(CashSale(**bill_values(unit, order, lines), sold_on=day, tax_point_on=tax_point_on))
    add_parts(sale, lines)
    must_not_go_back = policy(unit, order, "numberDateOrder") == "MONOTONE"
    unit.number(sale, SeriesKind.CASH_SALE, day, must_not_go_back=must_not_go_back, issued_at_column="issued_at")
    if sale.gross_amount:
        mode = policy(unit, order, "journalMode")
        post(unit, mode, JournalEvent.INVOICING, sale, day, posting(lines), sale.customer_id)
    raise_billed(order, lines, is_cash_sale=True)
    unit.events.append(PendingEvent("CashSaleIssued", sale, {}, is_main=True))
    await use_advances(unit, order, sale, day)
    return sale


def tell_unpaid(unit: Unit, sale: CashSale) -> None:
    """An unpaid cash sale is tolerated and told, never hidden (PK-17, X-25)."""
    if sale.open_amount:
        amount = to_major(sale.open_amount, sale.currency_code)
        unit.warn(WarningCode.CASH_SALE_UNPAID, f"{amount} {sale.currency_code} of the cash sale are not paid.")
