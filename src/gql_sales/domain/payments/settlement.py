"""Settling invoices with a payment: what may be allocated, and what that does to every balance it touches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment, PaymentAllocation
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel.errors import (
    CurrencyMismatch,
    CustomerMismatch,
    ExceedsOpenBalance,
    ExceedsUnallocated,
    FullPaymentRequired,
    InvalidAmount,
    InvalidInput,
    NotFound,
    Refused,
    SalesError,
    TooManyEntries,
)
from gql_sales.kernel.money import to_major, to_minor

MOST_TARGETS = 250
LARGEST = 10**15
"""Minor units; far from the end of bigint, so that sums of amounts fit as well."""


@dataclass(frozen=True)
class Target:
    """An invoice to settle, with the amount in major units; None means as much as possible."""

    invoice_id: UUID
    amount: Decimal | None = None


def minor(amount: Decimal, currency: str, path: tuple[str, ...]) -> int:
    """An amount above zero in minor units.

    Refusals: INVALID_AMOUNT.
    """
    try:
        found = to_minor(amount, currency)
    except ValueError as error:
        raise Refused(InvalidAmount(str(error), path)) from None
    if not 0 < found <= LARGEST:
        raise Refused(InvalidAmount("An amount is above zero and not astronomical.", path))
    return found


def settle(unit: Unit, payment: Payment, targets: Sequence[Target], posted_on: date, path: tuple[str, ...]) -> None:
    """Allocate the payment to the invoices in the given sequence; every bad target is reported at once.

    Refusals: INVALID_INPUT (no target), TOO_MANY_ENTRIES, NOT_FOUND, CUSTOMER_MISMATCH, CURRENCY_MISMATCH,
    INVALID_AMOUNT, EXCEEDS_OPEN_BALANCE, EXCEEDS_UNALLOCATED, FULL_PAYMENT_REQUIRED (X-2).
    """
    if not targets:
        raise Refused(InvalidInput("Name at least one invoice.", path))
    if len(targets) > MOST_TARGETS:
        raise Refused(TooManyEntries(f"At most {MOST_TARGETS} invoices are settled at once.", path))
    refusals: list[SalesError] = []
    paths: dict[UUID, tuple[str, ...]] = {}
    for index, target in enumerate(targets):
        at = (*path, str(index))
        try:
            invoice = _matching(unit, payment, target, at)
            amount = _amount(payment, invoice, target, (*at, "amount"))
        except Refused as refused:
            refusals += refused.errors
        else:
            paths[invoice.id] = at
            _allocate(unit, payment, invoice, amount, posted_on)
    for invoice_id, at in paths.items():
        refusals += _unpaid_rest(unit, unit.document(Invoice, invoice_id), (*at, "amount"))
    if refusals:
        raise Refused(*refusals)


def _matching(unit: Unit, payment: Payment, target: Target, path: tuple[str, ...]) -> Invoice:
    """The target's invoice, of the same customer and currency."""
    invoice = unit.loaded.get(target.invoice_id)
    at = (*path, "invoiceId")
    if not isinstance(invoice, Invoice):
        raise Refused(NotFound("No such invoice.", at))
    if invoice.customer_id != payment.customer_id:
        raise Refused(CustomerMismatch("The invoice belongs to another customer than the payment.", at))
    if invoice.currency_code != payment.currency_code:
        message = f"The invoice is in {invoice.currency_code}, the payment in {payment.currency_code}."
        raise Refused(CurrencyMismatch(message, at))
    return invoice


def _amount(payment: Payment, invoice: Invoice, target: Target, path: tuple[str, ...]) -> int:
    """What to allocate, in minor units; never more than is open or unallocated."""
    open_, left, currency = invoice.open_amount, payment.unallocated_amount, payment.currency_code
    wanted = min(open_, left) if target.amount is None else minor(target.amount, currency, path)
    refusals: list[SalesError] = []
    if wanted > open_ or open_ == 0:
        amount = to_major(open_, currency)
        refusals.append(ExceedsOpenBalance(f"Only {amount} {currency} of the invoice are open.", path, amount))
    if wanted > left or left == 0:
        amount = to_major(left, currency)
        refusals.append(ExceedsUnallocated(f"Only {amount} {currency} of the payment are left.", path, amount))
    if refusals:
        raise Refused(*refusals)
    return wanted


def _allocate(unit: Unit, payment: Payment, invoice: Invoice, amount: int, posted_on: date) -> None:
    order = unit.document(Order, invoice.order_id)
    unit.add(
        PaymentAllocation(
            payment_id=payment.id,
            invoice_id=invoice.id,
            currency_code=payment.currency_code,
            amount=amount,
            created_at=unit.now,
        )
    )
    payment.unallocated_amount -= amount
    invoice.open_amount -= amount
    order.open_amount -= amount
    if payment.order_id is not None:
        unit.document(Order, payment.order_id).advance_amount -= amount
    lines = {AccountRole.CASH: amount, AccountRole.RECEIVABLE: -amount}
    mode = policy(unit, order, "journalMode")
    post(unit, mode, JournalEvent.PAYMENT_ALLOCATION, payment, posted_on, lines, payment.customer_id)


def _unpaid_rest(unit: Unit, invoice: Invoice, path: tuple[str, ...]) -> Iterable[SalesError]:
    """Under FULL_ONLY an invoice is paid as a whole; judged when all targets of the call are allocated (KS-18)."""
    order = unit.document(Order, invoice.order_id)
    if invoice.open_amount and policy(unit, order, "paymentScope") == "FULL_ONLY":
        yield FullPaymentRequired("The invoice must be paid in full at once.", path)
