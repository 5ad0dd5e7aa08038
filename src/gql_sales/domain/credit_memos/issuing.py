"""Making a credit memo: numbered, posted, and at once used for what is still open of the bills it credits (KH-21)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import (
    CreditMemo,
    CreditMemoCause,
    CreditMemoItem,
    CreditMemoTaxLine,
    MemoApplication,
)
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.credit_memos.lines import Bill, CreditedLine, taxes, total
from gql_sales.domain.invoices.bills import buyer_values
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.orders.writing_off import write_off
from gql_sales.domain.payments.settlement import counting

_EXPENSE = {CreditMemoCause.SCHEME: AccountRole.SELLING_EXPENSE}


@dataclass(frozen=True)
class Terms:
    """What a memo says besides its lines; ``mode`` and ``must_not_go_back`` come from the policies that hold for it."""

    cause: CreditMemoCause
    credited_on: date
    currency: str
    mode: str
    must_not_go_back: bool
    reopens_billing: bool
    channel_id: UUID | None
    external_ref: str | None = None
    reason: str | None = None


def make(unit: Unit, customer: Customer, terms: Terms, lines: Sequence[CreditedLine]) -> CreditMemo:
    """The new memo with everything that follows from it in the same transaction; INVALID_AMOUNT below zero."""
    gross, tax = total(lines), sum(one.tax for one in lines)
    bills = {one.origin.bill.id: one.origin.bill for one in lines if one.origin}
    memo = unit.add(
        CreditMemo(
            company_id=unit.company_id,
            channel_id=terms.channel_id,
            customer_id=customer.id,
            cause=terms.cause,
            reopens_billing=terms.reopens_billing,
            external_ref=terms.external_ref,
            reason=terms.reason,
            currency_code=terms.currency,
            credited_on=terms.credited_on,
            journal_mode=terms.mode,
            buyer=next((bill.buyer for bill in bills.values()), None) or buyer_values(customer),
            billing_address=next((bill.billing_address for bill in bills.values()), None),
            net_amount=gross - tax,
            tax_amount=tax,
            gross_amount=gross,
            balance_amount=gross,
        )
    )
    _add_parts(memo, lines)
    unit.number(
        memo,
        SeriesKind.CREDIT_MEMO,
        terms.credited_on,
        must_not_go_back=terms.must_not_go_back,
        issued_at_column="issued_at",
    )
    post(unit, terms.mode, JournalEvent.CREDITING, memo, terms.credited_on, posting(memo), customer.id)
    unit.events.append(PendingEvent("CreditMemoIssued", memo, {}, is_main=True))
    _raise_credited(memo, lines)
    _settle_credited(unit, memo, lines)
    return memo


def posting(memo: CreditMemo) -> dict[AccountRole, int]:
    """The entry of an issued memo, by its cause (domain.md 5)."""
    role = _EXPENSE.get(memo.cause, AccountRole.SALES_RETURNS)
    return {
        role: memo.net_amount,
        AccountRole.TAX_PAYABLE: memo.tax_amount,
        AccountRole.CUSTOMER_CREDIT: -memo.gross_amount,
    }


def _add_parts(memo: CreditMemo, lines: Sequence[CreditedLine]) -> None:
    for position, one in enumerate(lines, start=1):
        memo.items.append(CreditMemoItem(credit_memo_id=memo.id, position=position, **_item_values(memo, one)))
    for (country, rate), (net, tax) in taxes(lines).items():
        memo.tax_lines.append(
            CreditMemoTaxLine(
                credit_memo_id=memo.id,
                country_code=country,
                currency_code=memo.currency_code,
                rate=rate,
                net_amount=net,
                tax_amount=tax,
            )
        )


def _item_values(memo: CreditMemo, one: CreditedLine) -> dict[str, Any]:
    origin = one.origin
    is_invoice = origin is not None and isinstance(origin.bill, Invoice)
    return {
        "order_id": origin.order.id if origin else None,
        "order_item_id": origin.item.id if origin else None,
        "invoice_item_id": origin.line.id if origin and is_invoice else None,
        "cash_sale_item_id": origin.line.id if origin and not is_invoice else None,
        "product_id": one.product_id,
        "sku": one.sku,
        "name": one.name,
        "currency_code": memo.currency_code,
        "quantity": one.quantity,
        "is_by_value": one.is_by_value,
        "unit_price": one.unit_price,
        "tax_country_code": one.tax_country_code,
        "tax_rate": one.tax_rate,
        "net_amount": one.net,
        "tax_amount": one.tax,
        "gross_amount": one.gross,
    }


def _raise_credited(memo: CreditMemo, lines: Sequence[CreditedLine]) -> None:
    """By quantity the pieces count, and with ``reopens_billing`` may be billed again; by value only the amount does."""
    for one in lines:
        if one.origin is None:
            continue
        one.origin.order.credited_amount += one.gross
        if one.is_by_value:
            one.origin.item.credited_amount += one.gross
            continue
        one.origin.item.credited_quantity += one.quantity
        if memo.reopens_billing:
            one.origin.item.rebillable_quantity += one.quantity


def _settle_credited(unit: Unit, memo: CreditMemo, lines: Sequence[CreditedLine]) -> None:
    """What is credited of a bill settles what is open of that bill, before anything else can be done with it."""
    by_bill: dict[UUID, int] = defaultdict(int)
    bills: dict[UUID, Bill] = {}
    for one in lines:
        if one.origin is not None:
            by_bill[one.origin.bill.id] += one.gross
            bills[one.origin.bill.id] = one.origin.bill
    for id_, gross in by_bill.items():
        bill = bills[id_]
        # What was given up was never paid, so that a credit for it is no money for the customer.
        given_up = min(gross - bill.open_amount, bill.written_off_amount)
        if given_up > 0:
            write_off(unit, bill, -given_up, memo.credited_on)
        amount = min(gross, bill.open_amount, memo.balance_amount)
        if amount > 0:
            apply(unit, memo, bill, amount, memo.credited_on, is_automatic=True)


def apply(unit: Unit, memo: CreditMemo, bill: Bill, amount: int, posted_on: date, *, is_automatic: bool) -> None:
    """Use minor units of the memo for the bill: at most its balance and what is open of the bill."""
    unit.add(
        MemoApplication(
            credit_memo_id=memo.id,
            invoice_id=bill.id if isinstance(bill, Invoice) else None,
            cash_sale_id=bill.id if isinstance(bill, CashSale) else None,
            currency_code=memo.currency_code,
            amount=amount,
            is_automatic=is_automatic,
            posted_on=posted_on,
            created_at=unit.now,
        )
    )
    move(unit, memo, bill, amount, posted_on)


def move(unit: Unit, memo: CreditMemo, bill: Bill, amount: int, posted_on: date) -> None:
    """Between the memo's balance and what is open of the bill: used when above zero, taken back below."""
    memo.balance_amount -= amount
    memo.applied_amount += amount
    bill.open_amount -= amount
    unit.document(Order, bill.order_id).open_amount -= amount
    lines = {AccountRole.CUSTOMER_CREDIT: amount, AccountRole.RECEIVABLE: -amount}
    mode, event = memo.journal_mode, JournalEvent.PAYMENT_ALLOCATION
    post(unit, mode, event, memo, posted_on, lines, memo.customer_id, bill.customer_id)


def take_back(unit: Unit, memo: CreditMemo, application: MemoApplication, posted_on: date) -> None:
    """Reverse an application by a row of its own: what it settled is open again."""
    unit.add(
        MemoApplication(
            credit_memo_id=memo.id,
            invoice_id=application.invoice_id,
            cash_sale_id=application.cash_sale_id,
            currency_code=memo.currency_code,
            amount=-application.amount,
            is_automatic=application.is_automatic,
            reverses_id=application.id,
            posted_on=posted_on,
            created_at=unit.now,
        )
    )
    bill = counting(unit, application.invoice_id, application.cash_sale_id)
    move(unit, memo, bill, -application.amount, posted_on)
