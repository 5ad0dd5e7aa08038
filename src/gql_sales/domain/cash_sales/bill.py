"""Billing at once: by the document that the order's own rule asks for, or by the caller's choice (PK-6 to PK-10)."""

from collections.abc import Sequence
from datetime import date, datetime

from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.orders.billing_document import BillingDocument, billing_document
from gql_sales.domain.payments.tenders import NewTender


async def bill(
    unit: Unit,
    order: Order,
    *,
    document: BillingDocument | None = None,
    dated_on: date | None = None,
    due_days: int = 0,
    tenders: Sequence[NewTender] = (),
    received_at: datetime | None = None,
) -> None:
    """Issue the invoice or the cash sale of an order, with its money, as a further step of the verb in progress."""
    if (document or billing_document(order)) == BillingDocument.CASH_SALE:
        await cash_sale_issue.follow(unit, order, sold_on=dated_on, tenders=tenders, received_at=received_at)
    else:
        await invoice_issue.follow(
            unit, order, invoiced_on=dated_on, due_days=due_days, tenders=tenders, received_at=received_at
        )
