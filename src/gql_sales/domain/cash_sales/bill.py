"""Billing at once: by the document that the order's own rule asks for, or by the caller's choice (PK-6 to PK-10)."""

from collections.abc import Sequence
from datetime import date, datetime

from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.orders.billing_document import BillingDocument, billing_document
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.kernel.errors import InvalidInput, Refused
from gql_sales.kernel.money import to_major


async def bill(
    unit: Unit,
    order: Order,
    *,
    document: BillingDocument | None = None,
    dated_on: date | None = None,
    due_days: int = 0,
    tenders: Sequence[NewTender] = (),
    received_at: datetime | None = None,
    is_paid: bool = False,
) -> None:
    """Issue the invoice or the cash sale of a new order, with its money, as a further step of the verb in progress.

    When it ``is_paid``, the money is the total by the order's method. Refusals: INVALID_INPUT, those of the verbs.
    """
    if is_paid:
        tenders = _whole(order, tenders)
    if (document or billing_document(order)) == BillingDocument.CASH_SALE:
        await cash_sale_issue.follow(unit, order, sold_on=dated_on, tenders=tenders, received_at=received_at)
    else:
        await invoice_issue.follow(
            unit, order, invoiced_on=dated_on, due_days=due_days, tenders=tenders, received_at=received_at
        )


def _whole(order: Order, tenders: Sequence[NewTender]) -> Sequence[NewTender]:
    """The total of the order as one tender; nothing when there is nothing to pay."""
    if tenders:
        raise Refused(InvalidInput("Give either the tenders or isPaid.", ("input", "bill", "tenders")))
    if order.payment_method is None:
        raise Refused(InvalidInput("Name the method it is paid by.", ("input", "paymentMethod")))
    total = to_major(order.gross_amount, order.currency_code)
    return [NewTender(order.payment_method, total)] if total > 0 else ()
