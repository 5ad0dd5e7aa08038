"""What a payment consists of: cash, a card, a transfer, each with its amount (PK-19, BA-41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gql_sales.db.models.payments import Payment, Tender
from gql_sales.domain.payments.settlement import minor
from gql_sales.kernel.errors import Refused, TooManyEntries
from gql_sales.kernel.inputs import Findings

MOST_TENDERS = 20


@dataclass(frozen=True)
class NewTender:
    """One means of payment; the amount is in major units, the reference is the provider's."""

    method: str
    amount: Decimal
    reference: str | None = None


def live(payment: Payment) -> list[Tender]:
    """The tenders that the payment consists of, without those that others took the place of."""
    return [tender for tender in payment.tenders if tender.replaced_at is None]


def add_tenders(payment: Payment, tenders: Sequence[NewTender], found: Findings) -> int:
    """Add the tenders to the payment; their sum in minor units.

    Finds INVALID_INPUT, INVALID_AMOUNT, TOO_MANY_ENTRIES.
    """
    total = 0
    if not tenders:
        found.invalid("A payment consists of at least one tender.", "tenders")
    if len(tenders) > MOST_TENDERS:
        found.refuse(TooManyEntries(f"A payment has at most {MOST_TENDERS} tenders.", ("input", "tenders")))
        return total
    for index, tender in enumerate(tenders):
        path = ("tenders", str(index))
        method = found.line(tender.method, 40, *path, "method")
        reference = found.optional_line(tender.reference, 120, *path, "reference")
        try:
            amount = minor(tender.amount, payment.currency_code, ("input", *path, "amount"))
        except Refused as refused:
            found.refuse(*refused.errors)
            continue
        total += amount
        payment.tenders.append(
            Tender(
                company_id=payment.company_id,
                payment_id=payment.id,
                method=method,
                reference=reference,
                currency_code=payment.currency_code,
                amount=amount,
            )
        )
    return total
