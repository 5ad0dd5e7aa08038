"""Where a refund goes: back to the tenders that paid, as far as they go, and the rest by another method (P6, C-28)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemo
from gql_sales.db.models.payments import Payment, Tender
from gql_sales.db.session import Unit
from gql_sales.domain.payments.settlement import minor
from gql_sales.domain.payments.tenders import live
from gql_sales.kernel.errors import (
    CustomerMismatch,
    ExceedsBalance,
    ExceedsCaptured,
    InvalidInput,
    NotFound,
    Refused,
    SalesError,
    TenderSumMismatch,
    TooManyEntries,
)
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.money import split, to_major

MOST_WAYS = 20
AMOUNT = ("input", "amount")
PAYOUT = ("input", "payout")


@dataclass(frozen=True)
class NewWay:
    """One way back that the caller chose: to a tender, or by a method; the amount is in major units."""

    amount: Decimal
    tender_id: UUID | None = None
    method: str | None = None


@dataclass(frozen=True)
class Way:
    """One way back, in minor units."""

    method: str
    amount: int
    tender: Tender | None = None


def refundable(tender: Tender) -> int:
    """What can still go back to the tender: captured − refunded, in minor units."""
    return tender.amount - tender.refunded_amount


def wanted_amount(memo: CreditMemo, amount: Decimal | None, payout: Sequence[NewWay]) -> int:
    """How much is refunded, in minor units: what the caller says, else the sum of the ways, else the whole balance.

    Refusals: INVALID_AMOUNT, TENDER_SUM_MISMATCH, EXCEEDS_BALANCE.
    """
    currency = memo.currency_code
    chosen = None if amount is None else minor(amount, currency, AMOUNT)
    ways = [minor(way.amount, currency, (*PAYOUT, str(i), "amount")) for i, way in enumerate(payout)]
    if ways and chosen not in (None, sum(ways)):
        raise Refused(TenderSumMismatch("The ways do not add up to the amount.", PAYOUT))
    found = chosen if chosen is not None else sum(ways) if ways else memo.balance_amount
    if found > memo.balance_amount or not memo.balance_amount:
        left = to_major(memo.balance_amount, currency)
        raise Refused(ExceedsBalance(f"Only {left} {currency} of the credit memo are left.", AMOUNT, left))
    return found


def spread(tenders: Sequence[Tender], amount: int) -> list[Way]:
    """The amount over the tenders, by what is left of each; less when they hold less. Parts always sum (N-13)."""
    left = [refundable(tender) for tender in tenders]
    parts = split(min(amount, sum(left)), left)
    return [Way(one.method, part, one) for one, part in zip(tenders, parts, strict=True) if part]


def plan(unit: Unit, paid_by: Collection[UUID], memo: CreditMemo, amount: int, method: str | None) -> list[Way]:
    """Back to the tenders of the payments ``paid_by``, and by ``method`` what does not fit there (X-21).

    Refusals: INVALID_INPUT (no method for the rest).
    """
    found = Findings()
    method = found.optional_line(method, 40, "method")
    found.check()
    payments = [unit.document(Payment, id_) for id_ in sorted(paid_by)]
    ways = spread([tender for payment in payments for tender in live(payment)], amount)
    rest = amount - sum(way.amount for way in ways)
    if not rest:
        return ways
    if method is None:
        left = f"{to_major(rest, memo.currency_code)} {memo.currency_code}"
        raise Refused(InvalidInput(f"Name a method for the {left} that no tender takes back.", ("input", "method")))
    return [*ways, Way(method, rest)]


def chosen(unit: Unit, memo: CreditMemo, payout: Sequence[NewWay]) -> list[Way]:
    """The ways that the caller chose; every bad one is reported at once.

    Refusals: TOO_MANY_ENTRIES, INVALID_INPUT, NOT_FOUND, CUSTOMER_MISMATCH, EXCEEDS_CAPTURED.
    """
    if len(payout) > MOST_WAYS:
        raise Refused(TooManyEntries(f"A refund takes at most {MOST_WAYS} ways.", PAYOUT))
    payments = [document for document in unit.loaded.values() if isinstance(document, Payment)]
    tenders = {tender.id: (tender, payment) for payment in payments for tender in live(payment)}
    found = Findings()
    ways: list[Way] = []
    taken: dict[UUID, int] = {}
    for index, one in enumerate(payout):
        path = ("payout", str(index))
        amount = minor(one.amount, memo.currency_code, ("input", *path, "amount"))
        if (one.tender_id is None) == (one.method is None):
            found.invalid("Name either a tender or a method.", *path)
        elif one.tender_id is None:
            ways.append(Way(found.line(one.method, 40, *path, "method"), amount))
        else:
            tender, payment = tenders.get(one.tender_id, (None, None))
            taken[one.tender_id] = taken.get(one.tender_id, 0) + amount
            refusals = _tender_refusals(unit, memo, tender, payment, taken[one.tender_id], ("input", *path))
            found.refuse(*refusals)
            ways += [Way(tender.method, amount, tender)] if tender and not refusals else []
    found.check()
    return ways


def _tender_refusals(
    unit: Unit, memo: CreditMemo, tender: Tender | None, payment: Payment | None, amount: int, path: tuple[str, ...]
) -> list[SalesError]:
    if tender is None or payment is None:
        return [NotFound("No such tender.", (*path, "tenderId"))]
    if not unit.are_of_one(payment.customer_id, memo.customer_id) or payment.currency_code != memo.currency_code:
        message = "The tender is of another customer or currency than the credit memo."
        return [CustomerMismatch(message, (*path, "tenderId"))]
    if amount > refundable(tender):
        left = to_major(refundable(tender), memo.currency_code)
        message = f"Only {left} {memo.currency_code} can go back to the tender."
        return [ExceedsCaptured(message, (*path, "amount"), left)]
    return []
