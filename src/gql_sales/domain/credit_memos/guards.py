"""Guards of verbs that use credit memos or take them back."""

from collections.abc import Iterable

from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoCause
from gql_sales.db.session import Unit
from gql_sales.kernel.errors import ExceedsBalance, MemoUsed, SalesError


def something_left(_: Unit, memo: CreditMemo) -> Iterable[SalesError]:
    """Some of the credit is not used yet."""
    if not memo.balance_amount:
        yield ExceedsBalance("The credit memo is used up.", ("balance",))


def something_applied(_: Unit, memo: CreditMemo) -> Iterable[SalesError]:
    """Some of the credit settles bills."""
    if not memo.applied_amount:
        yield ExceedsBalance("Nothing of the credit memo is applied.", ("applied",))


def voids_no_invoice(_: Unit, memo: CreditMemo) -> Iterable[SalesError]:
    """A voided invoice stays void; its order is billed anew."""
    if memo.cause == CreditMemoCause.INVOICE_VOID:
        yield MemoUsed("The credit memo voids an invoice; bill the order again.", ("cause",))


def nothing_refunded(_: Unit, memo: CreditMemo) -> Iterable[SalesError]:
    """No money went back, and none is on its way."""
    if memo.refunded_amount or memo.refund_pending_amount:
        yield MemoUsed("Some of the credit memo is refunded.", ("refunded",))
