"""Re-splitting a payment: how the money came is put right, what it settles stays (PK-19)."""

from collections.abc import Iterable, Sequence

from gql_sales.db.models.payments import Payment, PaymentState
from gql_sales.db.queries.billing import replace_tenders
from gql_sales.db.session import Unit
from gql_sales.domain.payments.tenders import NewTender, add_tenders, live
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import RefundExists, Refused, SalesError, TenderSumMismatch
from gql_sales.kernel.inputs import Findings
from gql_sales.kernel.money import to_major


def nothing_went_back(_: Unit, payment: Payment) -> Iterable[SalesError]:
    """Money that went back to a tender came by it."""
    if any(tender.refunded_amount for tender in payment.tenders):
        yield RefundExists("Money went back to a tender of the payment.", ("tenders",))


@transition(
    Payment,
    sources={PaymentState.RECEIVED},
    scope="payments:split",
    event="PaymentSplit",
    guards=[nothing_went_back],
)
async def payment_split(unit: Unit, payment: Payment, *, tenders: Sequence[NewTender]) -> None:
    """Put other tenders in the place of those that a payment consists of; the amount and its uses stay.

    Refusals: INVALID_INPUT, INVALID_AMOUNT, TOO_MANY_ENTRIES, TENDER_SUM_MISMATCH, PROVIDER_REFERENCE_TAKEN,
    REFUND_EXISTS.
    """
    found = Findings()
    await replace_tenders(unit, live(payment))
    amount = add_tenders(payment, tenders, found)
    found.check()
    if amount != payment.amount:
        whole = f"{to_major(payment.amount, payment.currency_code)} {payment.currency_code}"
        raise Refused(TenderSumMismatch(f"The tenders do not add up to {whole}.", ("input", "tenders")))
