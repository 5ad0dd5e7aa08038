"""Settling invoices and cash sales with a payment: what may be allocated, and what that does to every balance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment, PaymentAllocation
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.posting import held_in, post
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
from gql_sales.kernel.money import LARGEST, to_major, to_minor

MOST_TARGETS = 250


@dataclass(frozen=True)
class Target:
    """An invoice or a cash sale to settle, with the amount in major units; None means as much as possible."""

    bill_id: UUID
    amount: Decimal | None = None
    is_cash_sale: bool = False

    @property
    def kind(self) -> type[Invoice] | type[CashSale]:
        """What the id is of."""
        return CashSale if self.is_cash_sale else Invoice


def bills(targets: Iterable[Target]) -> dict[type[Document], set[UUID]]:
    """The documents to lock for the targets."""
    found: dict[type[Document], set[UUID]] = {Invoice: set(), CashSale: set()}
    for target in targets:
        found[target.kind].add(target.bill_id)
    return found


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


def settle(
    unit: Unit,
    payment: Payment,
    targets: Sequence[Target],
    posted_on: date,
    path: tuple[str, ...],
    *,
    is_held: bool = True,
) -> None:
    """Allocate the payment to the bills in the given sequence; every bad target is reported at once.

    Refusals: INVALID_INPUT (no target), TOO_MANY_ENTRIES, NOT_FOUND, CUSTOMER_MISMATCH, CURRENCY_MISMATCH,
    INVALID_AMOUNT, EXCEEDS_OPEN_BALANCE, EXCEEDS_UNALLOCATED, FULL_PAYMENT_REQUIRED (X-2).
    """
    if not targets:
        raise Refused(InvalidInput("Name at least one invoice or cash sale.", path))
    if len(targets) > MOST_TARGETS:
        raise Refused(TooManyEntries(f"At most {MOST_TARGETS} documents are settled at once.", path))
    refusals: list[SalesError] = []
    paths: dict[UUID, tuple[str, ...]] = {}
    for index, target in enumerate(targets):
        at = (*path, str(index))
        try:
            bill = matching(unit, payment, target, at)
            amount = _amount(payment, bill, target, (*at, "amount"))
        except Refused as refused:
            refusals += refused.errors
        else:
            paths[bill.id] = at
            allocate(unit, payment, bill, amount, posted_on, is_held=is_held)
    for bill_id, at in paths.items():
        refusals += _unpaid_rest(unit, unit.loaded[bill_id], (*at, "amount"))
    if refusals:
        raise Refused(*refusals)


def matching(unit: Unit, payment: Payment | CreditMemo, target: Target, path: tuple[str, ...]) -> Invoice | CashSale:
    """The target's bill, of the same customer and currency as the payment or the credit memo that settles it.

    Refusals: NOT_FOUND, CUSTOMER_MISMATCH, CURRENCY_MISMATCH.
    """
    source = "payment" if isinstance(payment, Payment) else "credit memo"
    bill = unit.loaded.get(target.bill_id)
    at = (*path, "cashSaleId" if target.is_cash_sale else "invoiceId")
    name = "cash sale" if target.is_cash_sale else "invoice"
    if not isinstance(bill, target.kind):
        raise Refused(NotFound(f"No such {name}.", at))
    if not unit.are_of_one(bill.customer_id, payment.customer_id):
        raise Refused(CustomerMismatch(f"The {name} belongs to another customer than the {source}.", at))
    if bill.currency_code != payment.currency_code:
        message = f"The {name} is in {bill.currency_code}, the {source} in {payment.currency_code}."
        raise Refused(CurrencyMismatch(message, at))
    return bill


def _amount(payment: Payment, bill: Invoice | CashSale, target: Target, path: tuple[str, ...]) -> int:
    """What to allocate, in minor units; never more than is open or unallocated."""
    open_, left, currency = bill.open_amount, payment.unallocated_amount, payment.currency_code
    wanted = min(open_, left) if target.amount is None else minor(target.amount, currency, path)
    refusals: list[SalesError] = []
    if wanted > open_ or open_ == 0:
        amount = to_major(open_, currency)
        refusals.append(ExceedsOpenBalance(f"Only {amount} {currency} of the document are open.", path, amount))
    if wanted > left or left == 0:
        amount = to_major(left, currency)
        refusals.append(ExceedsUnallocated(f"Only {amount} {currency} of the payment are left.", path, amount))
    if refusals:
        raise Refused(*refusals)
    return wanted


def allocate(
    unit: Unit, payment: Payment, bill: Invoice | CashSale, amount: int, posted_on: date, *, is_held: bool = True
) -> None:
    """Use minor units of the payment for the bill: at most what is left of the one and open of the other.

    ``is_held`` says that the money has waited on account; else it comes in with this very allocation.
    """
    order = unit.document(Order, bill.order_id)
    unit.add(
        PaymentAllocation(
            payment_id=payment.id,
            invoice_id=bill.id if isinstance(bill, Invoice) else None,
            cash_sale_id=bill.id if isinstance(bill, CashSale) else None,
            currency_code=payment.currency_code,
            amount=amount,
            posted_on=posted_on,
            created_at=unit.now,
        )
    )
    payment.unallocated_amount -= amount
    bill.open_amount -= amount
    order.open_amount -= amount
    if payment.order_id is not None:
        unit.document(Order, payment.order_id).advance_amount -= amount
    source = held_in(payment.journal_mode, AccountRole.CUSTOMER_ADVANCES) if is_held else AccountRole.CASH
    _post(unit, payment, bill, source, amount, posted_on)


def take_back(unit: Unit, payment: Payment, allocation: PaymentAllocation, posted_on: date) -> None:
    """Reverse an allocation by a row of its own: what it settled is open again, the money is on account."""
    bill = counting(unit, allocation.invoice_id, allocation.cash_sale_id)
    order = unit.document(Order, bill.order_id)
    unit.add(
        PaymentAllocation(
            payment_id=payment.id,
            invoice_id=allocation.invoice_id,
            cash_sale_id=allocation.cash_sale_id,
            currency_code=payment.currency_code,
            amount=-allocation.amount,
            reverses_id=allocation.id,
            posted_on=posted_on,
            created_at=unit.now,
        )
    )
    payment.unallocated_amount += allocation.amount
    bill.open_amount += allocation.amount
    order.open_amount += allocation.amount
    if payment.order_id is not None:
        unit.document(Order, payment.order_id).advance_amount += allocation.amount
    source = held_in(payment.journal_mode, AccountRole.CUSTOMER_ADVANCES)
    _post(unit, payment, bill, source, -allocation.amount, posted_on)


def _post(
    unit: Unit, payment: Payment, bill: Invoice | CashSale, source: AccountRole, amount: int, posted_on: date
) -> None:
    """What the ledger says of an allocation; with a bill that is not in it, held money just leaves or comes (X-16)."""
    mode, target = policy(unit, unit.document(Order, bill.order_id), "journalMode"), AccountRole.RECEIVABLE
    event = JournalEvent.PAYMENT_ALLOCATION
    if mode == "OFF" and source == AccountRole.CUSTOMER_ADVANCES:
        mode, target, event = payment.journal_mode, AccountRole.CASH, JournalEvent.HOLDING
    lines = {source: amount, target: -amount}
    post(unit, mode, event, payment, posted_on, lines, payment.customer_id, bill.customer_id)


def counting(unit: Unit, invoice_id: UUID | None, cash_sale_id: UUID | None) -> Invoice | CashSale:
    """The bill on which a settlement counts: that of a cash sale that was invoiced later counts on its invoice."""
    bills = [document for document in unit.loaded.values() if isinstance(document, Invoice | CashSale)]
    bill = next(one for one in bills if one.id in (invoice_id, cash_sale_id))
    if isinstance(bill, Invoice) or bill.invoiced_at is None:
        return bill
    return next(one for one in bills if isinstance(one, Invoice) and one.cash_sale_id == bill.id)


def _unpaid_rest(unit: Unit, bill: Document, path: tuple[str, ...]) -> Iterable[SalesError]:
    """Under FULL_ONLY a bill is paid as a whole; judged when all targets of the call are allocated (KS-18)."""
    assert isinstance(bill, Invoice | CashSale)  # noqa: S101 (it was allocated to)
    order = unit.document(Order, bill.order_id)
    if bill.open_amount and policy(unit, order, "paymentScope") == "FULL_ONLY":
        yield FullPaymentRequired("The document must be paid in full at once.", path)
