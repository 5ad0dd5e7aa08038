"""Guards of verbs on invoices, and what they look at."""

from collections.abc import Iterable, Sequence

from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.billing import load_settled
from gql_sales.db.session import Unit
from gql_sales.domain.policies.frozen import policy
from gql_sales.domain.transition import Need
from gql_sales.kernel.errors import InvalidTransition, PaymentAllocated, PolicyForbids, SalesError


async def _settled(unit: Unit, documents: Sequence[Document]) -> None:
    await load_settled(unit, {document.id for document in documents if isinstance(document, Invoice)})


SETTLED = Need(3, _settled)


def nothing_paid(unit: Unit, invoice: Invoice) -> Iterable[SalesError]:
    """No money settles it; payments are taken off first, so that nobody loses sight of them."""
    if unit.settled[invoice.id]:
        yield PaymentAllocated("Payments settle the invoice; deallocate them first.", ("paymentAllocations",))


def waits_for_confirmation(unit: Unit, invoice: Invoice) -> Iterable[SalesError]:
    """Its tax point is set later, and is not set yet (X-9)."""
    if invoice.tax_point_on is None:
        return
    if policy(unit, unit.document(Order, invoice.order_id), "taxPointRule") != "ON_ISSUE_CONFIRMATION":
        yield PolicyForbids("The tax point was set when the invoice was issued.", policy="taxPointRule")
    else:
        yield InvalidTransition("The invoice is confirmed.", ("taxPointOn",), from_state=str(invoice.state))
