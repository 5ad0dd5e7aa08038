"""Issuing a credit memo: for parts of what was billed, for what was never billed here, or for both (BA-43 to BA-50)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoCause, CreditMemoState
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.queries.context import load_channels, load_company, load_customers, load_merged
from gql_sales.db.queries.credits import bills_of_items, credited_lines
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.free_lines import FreeCredit, free_lines
from gql_sales.domain.credit_memos.issuing import Terms, make
from gql_sales.domain.credit_memos.lines import CreditedLine, Credits, NewCredit, Origin, origins
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.policies.frozen import load_policies, policy
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import (
    CurrencyMismatch,
    CustomerMismatch,
    InvalidInput,
    InvalidTransition,
    NotFound,
    PolicyForbids,
    Refused,
    SalesError,
    TooManyEntries,
)
from gql_sales.kernel.inputs import Findings

MOST_LINES = 500


async def credited_bills(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The bills whose lines the calls credit."""
    items = [one for _, arguments in calls for one in arguments.get("items", ())]
    return await bills_of_items(
        unit,
        [one.line_id for one in items if not one.is_cash_sale],
        [one.line_id for one in items if one.is_cash_sale],
    )


@creation(
    CreditMemo,
    scope="credit_memos:issue",
    event=None,
    target=CreditMemoState.ISSUED,
    ahead=credited_bills,
    bulk=True,
)
async def credit_memo_issue(
    unit: Unit,
    *,
    cause: CreditMemoCause,
    customer_id: UUID | None = None,
    items: Sequence[NewCredit] = (),
    lines: Sequence[FreeCredit] = (),
    currency_code: str | None = None,
    channel_id: UUID | None = None,
    tax_country_code: str | None = None,
    credited_on: date | None = None,
    external_ref: str | None = None,
    reason: str | None = None,
    reopens_billing: bool | None = None,
) -> CreditMemo:
    """Credit a customer for parts of billed lines, for free lines, or for both; what is open of the bills is settled.

    Refusals: INVALID_INPUT, TOO_MANY_ENTRIES, NOT_FOUND, CUSTOMER_MISMATCH, CURRENCY_MISMATCH, INVALID_QUANTITY,
    INVALID_AMOUNT, EXCEEDS_CREDITABLE (C-30), TAX_INCOMPLETE, EXTERNAL_REF_TAKEN, POLICY_FORBIDS (bills of which only
    some are posted), INVALID_TRANSITION (a closed order is not billed again), DATE_BEFORE_LAST_NUMBER (X-27),
    SERIES_CLOSED.
    """
    found = Findings()
    external_ref = found.optional_line(external_ref, 120, "externalRef")
    reason = found.optional_line(reason, 500, "reason")
    found.refuse(*_size_refusals(items, lines))
    if cause == CreditMemoCause.INVOICE_VOID:
        found.invalid("An invoice is voided with invoiceVoid.", "cause")
    found.check()
    billed = await _billed(unit, items)
    sources = [one.origin for one in billed if one.origin]
    customer = await _customer(unit, customer_id, sources)
    currency = await _currency(unit, currency_code, sources)
    terms = Terms(
        cause=cause,
        credited_on=credited_on or await day_of(unit, unit.company_id, unit.now),
        currency=currency,
        external_ref=external_ref,
        reason=reason,
        reopens_billing=(cause == CreditMemoCause.CANCELLED_QUANTITY) if reopens_billing is None else reopens_billing,
        **await _rules(unit, channel_id, sources),
    )
    found.refuse(*reopening_refusals(unit, sources) if terms.reopens_billing else ())
    found.check()
    rounding = unit.policies[terms.channel_id or unit.company_id]["roundingMode"]
    free = await free_lines(unit, lines, currency, tax_country_code, terms.credited_on, rounding)
    return make(unit, customer, terms, [*billed, *free])


def _size_refusals(items: Sequence[NewCredit], lines: Sequence[FreeCredit]) -> list[SalesError]:
    if not items and not lines:
        return [InvalidInput("Name at least one item or line.", ("input",))]
    if len(items) + len(lines) > MOST_LINES:
        return [TooManyEntries(f"A credit memo has at most {MOST_LINES} lines.", ("input",))]
    return []


def reopening_refusals(unit: Unit, sources: Sequence[Origin]) -> Iterable[SalesError]:
    """A closed order is not billed again (BA-42); crediting it without that stays possible."""
    for order in {unit.document(Order, source.bill.order_id) for source in sources}:
        if order.state == OrderState.CLOSED:
            message = f"Order {order.number} is closed; nothing of it is billed again."
            yield InvalidTransition(message, ("input", "reopenBilling"), from_state=str(order.state))


async def _billed(unit: Unit, items: Sequence[NewCredit]) -> list[CreditedLine]:
    """The lines that credit what was billed; every bad one is reported at once."""
    if not items:
        return []
    bills = [document for document in unit.loaded.values() if isinstance(document, Invoice | CashSale)]
    left = Credits(origins(unit), await credited_lines(unit, bills))
    refusals: list[SalesError] = []
    lines: list[CreditedLine] = []
    for index, wanted in enumerate(items):
        try:
            lines.append(left.line(wanted, ("input", "items", str(index))))
        except Refused as refused:
            refusals += refused.errors
    if refusals:
        raise Refused(*refusals)
    return lines


async def _customer(unit: Unit, named: UUID | None, sources: Sequence[Origin]) -> Customer:
    """The customer that is named, who is that of every bill; or the bills' own."""
    owners = {source.bill.customer_id for source in sources}
    customer_id = named or next(iter(owners), None)
    path = ("input", "customerId")
    if customer_id is None:
        raise Refused(InvalidInput("Name the customer.", path))
    await load_customers(unit, {customer_id})
    if customer_id not in unit.customers:
        raise Refused(NotFound("No such customer.", path))
    await load_merged(unit, customer_id, *owners)
    if not unit.are_of_one(customer_id, *owners):
        raise Refused(CustomerMismatch("One credit memo credits one customer.", ("input", "items")))
    return unit.customers[customer_id]


async def _currency(unit: Unit, named: str | None, sources: Sequence[Origin]) -> str:
    """That of every bill; without bills the one that is named, or the books' own."""
    known = {source.bill.currency_code for source in sources} | ({named} if named else set())
    if len(known) > 1:
        raise Refused(CurrencyMismatch("One credit memo has one currency.", ("input", "currencyCode")))
    company = await load_company(unit, unit.company_id)
    return next(iter(known), company.currency_code if company else "")


async def _rules(unit: Unit, named: UUID | None, sources: Sequence[Origin]) -> dict[str, Any]:
    """Channel and policies of the memo: those of its bills' orders, or today's of the channel or the company."""
    channels = {source.bill.channel_id for source in sources} | ({named} if named else set())
    if len(channels) > 1:
        raise Refused(InvalidInput("One credit memo belongs to one channel.", ("input", "channelId")))
    channel_id = next(iter(channels), None)
    if channel_id is not None:
        await load_channels(unit, {channel_id})
        if channel_id not in unit.channels:
            raise Refused(NotFound("No such channel.", ("input", "channelId")))
    await load_policies(unit, {channel_id or unit.company_id})
    today = unit.policies[channel_id or unit.company_id]
    orders = {source.order.id: source.order for source in sources}
    return {
        "channel_id": channel_id,
        "mode": _mode(unit, today["journalMode"], list(orders.values())),
        "must_not_go_back": today["numberDateOrder"] == "MONOTONE",
    }


def _mode(unit: Unit, today: str, orders: Sequence[Order]) -> str:
    """A bill that is not in the ledger cannot be settled by credit that is, nor the other way round (X-16)."""
    modes = {policy(unit, order, "journalMode") for order in orders}
    if len(modes) > 1 and "OFF" in modes:
        message = "Some of the bills are in the ledger and some are not; credit them apart."
        raise Refused(PolicyForbids(message, ("input", "items"), policy="journalMode"))
    return next(iter(sorted(modes)), today)
