"""Allocating a payment: money on account settles invoices and cash sales."""

from collections.abc import Iterable, Sequence

from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment, PaymentState
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.payments.settlement import Target, bills, settle
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import AdvanceNotSpendable, ExceedsUnallocated, SalesError


def something_unallocated(_: Unit, payment: Payment) -> Iterable[SalesError]:
    """Some of the money is not used yet."""
    if payment.unallocated_amount == 0:
        yield ExceedsUnallocated("The payment is used up.")


def spendable(unit: Unit, payment: Payment) -> Iterable[SalesError]:
    """Shoppers spend what is not reserved for an order; staff spends everything (X-17).

    Whoever cannot see the order an advance is reserved for cannot take it away from there.
    """
    if payment.order_id is None:
        return
    if unit.principal.is_shopper or not isinstance(unit.loaded.get(payment.order_id), Order):
        yield AdvanceNotSpendable("The advance is reserved for an order.")


@transition(
    Payment,
    sources={PaymentState.RECEIVED},
    scope="payments:allocate",
    event="PaymentAllocated",
    guards=[something_unallocated, spendable],
    also=bills,
)
async def payment_allocate(unit: Unit, payment: Payment, *, targets: Sequence[Target]) -> None:
    """Use unallocated money of a payment to settle invoices or cash sales of the same customer.

    Refusals: EXCEEDS_UNALLOCATED, ADVANCE_NOT_SPENDABLE (X-17), INVALID_INPUT (no target), TOO_MANY_ENTRIES, NOT_FOUND,
    CUSTOMER_MISMATCH, CURRENCY_MISMATCH, INVALID_AMOUNT, EXCEEDS_OPEN_BALANCE, FULL_PAYMENT_REQUIRED (X-2).
    """
    posted_on = await day_of(unit, payment.company_id, unit.now)
    settle(unit, payment, targets, posted_on, ("input", "targets"))
