"""Work that waits for somebody, as conditions on orders: each has an index of just the orders that wait (PK-25)."""

from gql_sales.kernel.enums import DescribedEnum


class WorkQueue(DescribedEnum):
    """What an order waits for."""

    BACKORDERED = "BACKORDERED", "To be promised stock that is not there."
    BILLED_TOO_MUCH = "BILLED_TOO_MUCH", "Credit for what is billed beyond what is left of it (I-4)."
    CASH_SALE_UNPAID = "CASH_SALE_UNPAID", "The rest of the money for a cash sale (PK-17)."
    OVERDUE = "OVERDUE", "Money for an invoice whose day has passed."
    PAID_UNBILLED = "PAID_UNBILLED", "A bill for what is paid already (PK-23)."
    PROFORMA_EXPIRED = "PROFORMA_EXPIRED", "To be cancelled or paid, its time being over (X-24)."
    TO_ALLOCATE = "TO_ALLOCATE", "Stock to be set aside for what is promised."
    TO_BILL = "TO_BILL", "A bill for all or some of it (PK-25)."
    TO_COLLECT = "TO_COLLECT", "Money."
    TO_COMMIT = "TO_COMMIT", "A promise of stock."
    TO_SHIP = "TO_SHIP", "What is set aside to leave."


_OPEN = "state IN ('ACKNOWLEDGED', 'PLACED')"
_STANDING = "state IN ('ACKNOWLEDGED', 'COMPLETED', 'PLACED')"
_UNDONE = "IN ('NONE', 'PARTIAL')"

WAITING = {
    WorkQueue.PAID_UNBILLED: "payment_status = 'PREPAID'",
    WorkQueue.TO_ALLOCATE: f"{_OPEN} AND allocation_status {_UNDONE} AND commitment_status IN ('FULL', 'PARTIAL')",
    WorkQueue.TO_BILL: f"{_STANDING} AND billing_status IN ('PARTIAL', 'UNBILLED')",
    WorkQueue.TO_COLLECT: f"{_STANDING} AND outstanding_amount > 0",
    WorkQueue.TO_COMMIT: f"{_OPEN} AND commitment_status {_UNDONE}",
    WorkQueue.TO_SHIP: f"{_OPEN} AND dispatch_status {_UNDONE} AND allocation_status IN ('FULL', 'PARTIAL')",
}
"""Queues that the order's own columns tell, in the words of both the index and the question."""


BEHIND = {
    WorkQueue.BILLED_TOO_MUCH: "invoiced_quantity - credited_quantity - (ordered_quantity - cancelled_quantity) > 0",
    WorkQueue.CASH_SALE_UNPAID: "open_amount > 0",
}
"""Queues that an item or a cash sale of the order tells, in the same way."""
