"""Applying a credit memo: credit that is left settles further bills of the same customer (BA-45)."""

from collections.abc import Sequence

from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoState
from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.guards import something_left
from gql_sales.domain.credit_memos.issuing import apply
from gql_sales.domain.credit_memos.lines import Bill
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.payments.settlement import MOST_TARGETS, Target, bills, matching, minor
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import (
    ExceedsBalance,
    ExceedsOpenBalance,
    InvalidInput,
    PolicyForbids,
    Refused,
    SalesError,
    TooManyEntries,
)
from gql_sales.kernel.money import to_major

PATH = ("input", "targets")


@transition(
    CreditMemo,
    sources={CreditMemoState.ISSUED},
    scope="credit_memos:apply",
    event="CreditMemoApplied",
    guards=[something_left],
    also=bills,
)
async def credit_memo_apply(unit: Unit, memo: CreditMemo, *, targets: Sequence[Target]) -> None:
    """Use what is left of a credit memo to settle invoices or cash sales of the same customer.

    Refusals: INVALID_INPUT (no target), TOO_MANY_ENTRIES, NOT_FOUND, CUSTOMER_MISMATCH, CURRENCY_MISMATCH,
    INVALID_AMOUNT, EXCEEDS_OPEN_BALANCE, EXCEEDS_BALANCE, POLICY_FORBIDS (one is in the ledger, the other is not).
    """
    if not targets:
        raise Refused(InvalidInput("Name at least one invoice or cash sale.", PATH))
    if len(targets) > MOST_TARGETS:
        raise Refused(TooManyEntries(f"At most {MOST_TARGETS} documents are settled at once.", PATH))
    day = await day_of(unit, memo.company_id, unit.now)
    refusals: list[SalesError] = []
    for index, target in enumerate(targets):
        at = (*PATH, str(index))
        try:
            bill = matching(unit, memo, target, at)
            _same_books(unit, memo, bill, at)
            amount = _amount(memo, bill, target, (*at, "amount"))
        except Refused as refused:
            refusals += refused.errors
        else:
            apply(unit, memo, bill, amount, day, is_automatic=False)
    if refusals:
        raise Refused(*refusals)


def _same_books(unit: Unit, memo: CreditMemo, bill: Bill, path: tuple[str, ...]) -> None:
    """Credit that is in the ledger cannot settle a bill that is not, nor the other way round (X-16)."""
    mode = policy(unit, unit.document(Order, bill.order_id), "journalMode")
    if (mode == "OFF") != (memo.journal_mode == "OFF"):
        message = "Of the credit memo and the bill one is in the ledger and the other is not."
        raise Refused(PolicyForbids(message, path, policy="journalMode"))


def _amount(memo: CreditMemo, bill: Bill, target: Target, path: tuple[str, ...]) -> int:
    """What to apply, in minor units; never more than is open or left."""
    open_, left, currency = bill.open_amount, memo.balance_amount, memo.currency_code
    wanted = min(open_, left) if target.amount is None else minor(target.amount, currency, path)
    refusals: list[SalesError] = []
    if wanted > open_ or open_ == 0:
        amount = to_major(open_, currency)
        refusals.append(ExceedsOpenBalance(f"Only {amount} {currency} of the document are open.", path, amount))
    if wanted > left or left == 0:
        amount = to_major(left, currency)
        refusals.append(ExceedsBalance(f"Only {amount} {currency} of the credit memo are left.", path, amount))
    if refusals:
        raise Refused(*refusals)
    return wanted
