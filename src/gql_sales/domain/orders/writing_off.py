"""Writing off what nobody will pay of a bill: it is no longer owed, and a loss in the ledger (domain.md 5, I-11)."""

from datetime import date

from gql_sales.db.models.billing import CashSale, Invoice, WriteOff
from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.db.models.orders import Order
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.posting import post
from gql_sales.domain.policies.frozen import policy


def write_off(unit: Unit, bill: Invoice | CashSale, amount: int, posted_on: date) -> None:
    """Give up minor units of what is open of the bill; below zero, so much of what was given up is open again."""
    order = unit.document(Order, bill.order_id)
    unit.add(
        WriteOff(
            invoice_id=bill.id if isinstance(bill, Invoice) else None,
            cash_sale_id=bill.id if isinstance(bill, CashSale) else None,
            currency_code=bill.currency_code,
            amount=amount,
            posted_on=posted_on,
            created_at=unit.now,
        )
    )
    bill.open_amount -= amount
    bill.written_off_amount += amount
    order.open_amount -= amount
    lines = {AccountRole.WRITE_OFF: amount, AccountRole.RECEIVABLE: -amount}
    mode = policy(unit, order, "journalMode")
    post(unit, mode, JournalEvent.PAYMENT_ALLOCATION, bill, posted_on, lines, bill.customer_id)
