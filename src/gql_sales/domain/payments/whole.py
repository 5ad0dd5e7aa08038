"""A payment that a verb makes by itself: one tender over the whole amount of a bill, used up at once (PK-18)."""

from datetime import date

from gql_sales.db.models.billing import CashSale
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.models.payments import Payment, PaymentKind, Tender
from gql_sales.db.session import Unit
from gql_sales.domain.payments.settlement import allocate


def pay_rest(unit: Unit, bill: CashSale, method: str, posted_on: date) -> Payment:
    """Receive what is open of the bill, above zero, by the method, with a receipt number of its own."""
    payment = Payment(
        company_id=bill.company_id,
        customer_id=bill.customer_id,
        kind=PaymentKind.REGULAR,
        currency_code=bill.currency_code,
        amount=bill.open_amount,
        unallocated_amount=bill.open_amount,
        received_at=unit.now,
    )
    payment.tenders.append(
        Tender(
            company_id=bill.company_id,
            payment_id=payment.id,
            method=method,
            currency_code=bill.currency_code,
            amount=bill.open_amount,
        )
    )
    unit.add(payment)
    unit.number(payment, SeriesKind.RECEIPT, posted_on)
    allocate(unit, payment, bill, bill.open_amount, posted_on)
    unit.emit("PaymentReceived", payment)
    return payment
