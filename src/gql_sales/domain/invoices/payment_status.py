"""The payment status of an invoice: a pure function of its two amounts (domain.md 3)."""

from gql_sales.db.models.axes import PaymentStatus
from gql_sales.db.models.billing import Invoice
from gql_sales.db.session import Unit
from gql_sales.domain.transition import derives


def payment_status(open_amount: int, gross_amount: int) -> PaymentStatus:
    """How far a billing document is paid; a total of zero is paid from the start."""
    if open_amount == 0:
        return PaymentStatus.PAID
    return PaymentStatus.UNPAID if open_amount == gross_amount else PaymentStatus.PARTIAL


@derives(Invoice)
def derive(_: Unit, invoice: Invoice) -> None:
    """Set the derived column of the invoice."""
    invoice.payment_status = payment_status(invoice.open_amount, invoice.gross_amount)
