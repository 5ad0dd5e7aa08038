"""Confirming an invoice: it was printed or sent, and from that day on it counts for tax (X-9, KH-13, KH-14)."""

from datetime import date

from gql_sales.db.models.billing import Invoice, InvoiceState
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.invoices.guards import waits_for_confirmation
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidDate, Refused


@transition(
    Invoice,
    sources={InvoiceState.ISSUED},
    scope="invoices:confirm",
    event="InvoiceConfirmed",
    guards=[waits_for_confirmation],
    bulk=True,
)
async def invoice_confirm(unit: Unit, invoice: Invoice, *, confirmed_on: date | None = None) -> None:
    """Set the day that an invoice counts for tax, once, where taxPointRule waits for it.

    Refusals: POLICY_FORBIDS, INVALID_TRANSITION (confirmed already), INVALID_DATE (before the invoice, or not yet).
    """
    today = await day_of(unit, invoice.company_id, unit.now)
    day = confirmed_on or today
    if not invoice.invoiced_on <= day <= today:
        message = f"An invoice of {invoice.invoiced_on} is confirmed on that day or later, not ahead of time."
        raise Refused(InvalidDate(message, ("input", "confirmedOn")))
    invoice.tax_point_on = day
    invoice.confirmed_at = unit.now
    unit.events.append(PendingEvent("InvoiceConfirmed", invoice, {"taxPointOn": day.isoformat()}, is_main=True))
