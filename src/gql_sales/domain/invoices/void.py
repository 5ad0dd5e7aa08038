"""Voiding an invoice that was a mistake: it keeps its number, and a credit memo takes back all that is left of it."""

from gql_sales.db.models.billing import Invoice, InvoiceState
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.invoices.guards import SETTLED, nothing_paid
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import Findings


@transition(
    Invoice,
    sources={InvoiceState.ISSUED},
    target=InvoiceState.VOIDED,
    scope="invoices:void",
    event="InvoiceVoided",
    guards=[nothing_paid],
    needs=[SETTLED],
    bulk=True,
)
async def invoice_void(unit: Unit, invoice: Invoice, *, reason: str) -> None:
    """Take an invoice back as a whole; what it billed may be billed again.

    Refusals: PAYMENT_ALLOCATED, REASON_REQUIRED, INVALID_INPUT, EXCEEDS_CREDITABLE (all of it is credited),
    INVALID_TRANSITION (a closed order is not billed again), and those of creditMemoIssue, whose scope the caller needs
    too.
    """
    found = Findings()
    why = found.reason(reason)
    found.check()
    unit.events.append(PendingEvent("InvoiceVoided", invoice, {"reason": why}, is_main=True))
