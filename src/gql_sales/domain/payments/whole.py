"""A payment that comes with a bill: made in the same transaction, and used up at once (PK-6, PK-18, KS-18)."""

from collections.abc import Sequence
from datetime import date, datetime

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment, PaymentKind, PaymentState
from gql_sales.db.queries.billing import tagged_payments
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.payments.settlement import allocate
from gql_sales.domain.payments.tenders import NewTender, add_tenders
from gql_sales.domain.policies.frozen import policy
from gql_sales.kernel.errors import ExceedsOpenBalance, FullPaymentRequired, InvalidDate, Refused
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.money import to_major


async def pay(
    unit: Unit, bill: Invoice | CashSale, tenders: Sequence[NewTender], received_at: datetime | None
) -> Payment:
    """Receive the tenders for the bill, with a receipt number of its own; together they are at most what is open of it.

    Refusals: INVALID_INPUT, INVALID_AMOUNT, INVALID_DATE, TOO_MANY_ENTRIES, EXCEEDS_OPEN_BALANCE,
    FULL_PAYMENT_REQUIRED (X-2), PROVIDER_REFERENCE_TAKEN.
    """
    found = Findings()
    if received_at is not None and received_at > unit.now:
        found.refuse(InvalidDate("Money is recorded when it is here, not before.", ("input", "receivedAt")))
    payment = Payment(
        company_id=bill.company_id,
        customer_id=bill.customer_id,
        kind=PaymentKind.REGULAR,
        state=PaymentState.RECEIVED,
        currency_code=bill.currency_code,
        received_at=received_at or unit.now,
        journal_mode=policy(unit, unit.document(Order, bill.order_id), "journalMode"),
    )
    payment.amount = payment.unallocated_amount = add_tenders(payment, tenders, found)
    found.check()
    _judge(unit, bill, payment)
    unit.add(payment)
    posted_on = await day_of(unit, bill.company_id, payment.received_at)
    unit.number(payment, SeriesKind.RECEIPT, posted_on)
    allocate(unit, payment, bill, payment.amount, posted_on, is_held=False)
    unit.emit("PaymentReceived", payment)
    return payment


async def use_advances(unit: Unit, order: Order, bill: Invoice | CashSale, day: date) -> None:
    """Settle the bill with the money that waits for its very order, so that it is not asked for a second time."""
    if not order.advance_amount:
        return
    ids = await tagged_payments(unit, order.id)
    await load_documents(unit, {Payment: ids})
    new = [row for row in unit.session.new if isinstance(row, Payment) and row.order_id == order.id]
    for payment in [*(unit.document(Payment, id_) for id_ in sorted(ids)), *new]:
        amount = min(payment.unallocated_amount, bill.open_amount)
        if amount:
            allocate(unit, payment, bill, amount, day)


def _judge(unit: Unit, bill: Invoice | CashSale, payment: Payment) -> None:
    path, open_ = ("input", "tenders"), to_major(bill.open_amount, bill.currency_code)
    if payment.amount > bill.open_amount:
        message = f"The tenders are more than the {open_} {bill.currency_code} that are open."
        raise Refused(ExceedsOpenBalance(message, path, open_))
    order = unit.document(Order, bill.order_id)
    if payment.amount < bill.open_amount and policy(unit, order, "paymentScope") == "FULL_ONLY":
        raise Refused(FullPaymentRequired("The document must be paid in full at once.", path))
