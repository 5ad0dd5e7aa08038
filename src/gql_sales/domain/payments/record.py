"""Recording a payment: money has come in, for named invoices and cash sales or on account."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order, OrderState
from gql_sales.db.models.payments import Payment, PaymentKind, PaymentState
from gql_sales.db.queries.context import load_company, load_customers, load_merged
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.payments.settlement import Target, bills, settle
from gql_sales.domain.payments.tenders import NewTender, add_tenders
from gql_sales.domain.policies.frozen import load_policies, policy
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import (
    CurrencyMismatch,
    CustomerMismatch,
    ExceedsOpenBalance,
    InvalidAmount,
    InvalidDate,
    InvalidInput,
    InvalidTransition,
    NotFound,
    Refused,
    SalesError,
)
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.money import to_major

UNTAGGABLE = {OrderState.CANCELLED, OrderState.CLOSED, OrderState.DELETED}


def _also(*, order_id: UUID | None = None, allocations: Sequence[Target] | None = None, **_: Any) -> Plan:  # noqa: ANN401 (arguments it does not need)
    return {Order: {order_id} if order_id else set(), **bills(allocations or ())}


@creation(
    Payment, scope="payments:record", event="PaymentReceived", target=PaymentState.RECEIVED, also=_also, bulk=True
)
async def payment_record(
    unit: Unit,
    *,
    customer_id: UUID,
    kind: PaymentKind,
    tenders: Sequence[NewTender],
    currency_code: str | None = None,
    order_id: UUID | None = None,
    allocations: Sequence[Target] | None = None,
    received_at: datetime | None = None,
) -> Payment:
    """Record money received: a regular payment settles its documents at once, an advance waits on account.

    Without a currency it is that of the order, of the first document, or of the company's books, whichever comes first.
    Refusals: NOT_FOUND, INVALID_INPUT, INVALID_AMOUNT, INVALID_DATE, INVALID_TRANSITION (order cancelled),
    TOO_MANY_ENTRIES, CUSTOMER_MISMATCH, CURRENCY_MISMATCH, EXCEEDS_OPEN_BALANCE, EXCEEDS_UNALLOCATED,
    FULL_PAYMENT_REQUIRED (X-2), PROVIDER_REFERENCE_TAKEN.
    """
    await load_customers(unit, {customer_id})
    await load_merged(unit, customer_id)
    order = unit.loaded.get(order_id) if order_id else None
    currency = currency_code or await _currency(unit, order, allocations or ())
    found = Findings()
    found.refuse(*_customer(unit, customer_id), *_shape(kind, order_id, allocations), *_instant(unit, received_at))
    found.refuse(*(_tag(unit, order, customer_id, currency) if order_id else ()))
    payment = Payment(
        company_id=unit.company_id,
        customer_id=customer_id,
        kind=kind,
        currency_code=currency,
        received_at=received_at or unit.now,
        journal_mode=await _mode(unit, order, allocations or ()),
    )
    payment.amount = payment.unallocated_amount = add_tenders(payment, tenders, found)
    found.check()
    unit.add(payment)
    unit.number(payment, SeriesKind.RECEIPT, await day_of(unit, payment.company_id, unit.now))
    if isinstance(order, Order):
        payment.order_id = order.id
        order.advance_amount += payment.amount
    if kind == PaymentKind.REGULAR:
        await _settle_wholly(unit, payment, allocations or ())
    elif payment.journal_mode == "FULL":
        lines = {AccountRole.CASH: payment.amount, AccountRole.CUSTOMER_ADVANCES: -payment.amount}
        day = await day_of(unit, payment.company_id, payment.received_at)
        post(unit, payment.journal_mode, JournalEvent.HOLDING, payment, day, lines, payment.customer_id)
    return payment


async def _mode(unit: Unit, order: Document | None, allocations: Sequence[Target]) -> str:
    """The journalMode that money is held under: that of the order it is for, else the company's of today."""
    bills = (unit.loaded.get(target.bill_id) for target in allocations)
    billed = (unit.document(Order, bill.order_id) for bill in bills if isinstance(bill, Invoice | CashSale))
    known = order if isinstance(order, Order) else next(billed, None)
    if known is not None:
        await load_policies(unit, set() if known.policy_snapshot else {known.channel_id})
        return policy(unit, known, "journalMode")
    await load_policies(unit, {unit.company_id})
    return unit.policies[unit.company_id]["journalMode"]


async def _currency(unit: Unit, order: Document | None, allocations: Sequence[Target]) -> str:
    for document in (order, *(unit.loaded.get(target.bill_id) for target in allocations)):
        if isinstance(document, Order | Invoice | CashSale):
            return document.currency_code
    company = await load_company(unit, unit.company_id)
    if company is None:
        raise LookupError("The principal's company is gone.")
    return company.currency_code


def _customer(unit: Unit, customer_id: UUID) -> Iterable[SalesError]:
    if customer_id not in unit.customers:
        yield NotFound("No such customer.", ("input", "customerId"))


def _shape(kind: PaymentKind, order_id: UUID | None, allocations: Sequence[Target] | None) -> Iterable[SalesError]:
    """Which parts belong to which kind of payment."""
    if kind == PaymentKind.REGULAR and not allocations:
        yield InvalidInput("A regular payment names the invoices or cash sales it settles.", ("input", "allocations"))
    if kind == PaymentKind.REGULAR and order_id:
        yield InvalidInput("Only an advance is reserved for an order.", ("input", "orderId"))
    if kind == PaymentKind.ADVANCE and allocations:
        yield InvalidInput("An advance is allocated later, with paymentAllocate.", ("input", "allocations"))


def _instant(unit: Unit, received_at: datetime | None) -> Iterable[SalesError]:
    if received_at is not None and received_at > unit.now:
        yield InvalidDate("Money is recorded when it is here, not before.", ("input", "receivedAt"))


def _tag(unit: Unit, order: object, customer_id: UUID, currency_code: str) -> Iterable[SalesError]:
    """The order that an advance is reserved for must be the customer's, in the same currency, and alive."""
    path = ("input", "orderId")
    if not isinstance(order, Order):
        yield NotFound("No such order.", path)
        return
    if not unit.are_of_one(order.customer_id, customer_id):
        yield CustomerMismatch("The order belongs to another customer.", path)
    if order.currency_code != currency_code:
        yield CurrencyMismatch(f"The order is in {order.currency_code}.", path)
    if order.state in UNTAGGABLE:
        message = f"No advance is reserved for an order that is {order.state}."
        yield InvalidTransition(message, path, from_state=str(order.state))


async def _settle_wholly(unit: Unit, payment: Payment, allocations: Sequence[Target]) -> None:
    """A regular payment is used up by its documents, so that none of it is left behind unseen (BA-41)."""
    posted_on = await day_of(unit, payment.company_id, payment.received_at)
    settle(unit, payment, allocations, posted_on, ("input", "allocations"), is_held=False)
    if not payment.unallocated_amount:
        return
    rest = f"{to_major(payment.unallocated_amount, payment.currency_code)} {payment.currency_code}"
    if any(target.amount is None for target in allocations):
        raise Refused(ExceedsOpenBalance(f"{rest} more than the documents' open balances.", ("input", "tenders")))
    raise Refused(InvalidAmount(f"{rest} are not allocated to any document.", ("input", "allocations")))
