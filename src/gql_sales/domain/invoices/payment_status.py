"""The payment status of a bill: a pure function of its two amounts (domain.md 3)."""

from gql_sales.db.models.axes import PaymentStatus
from gql_sales.db.models.billing import CashSale, Invoice
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
    _set(invoice)


@derives(CashSale)
def derive_cash_sale(_: Unit, sale: CashSale) -> None:
    """Set the derived column of the cash sale."""
    _set(sale)


def _set(bill: Invoice | CashSale) -> None:
    bill.payment_status = payment_status(bill.open_amount, bill.gross_amount)
