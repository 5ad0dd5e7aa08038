"""Which day a bill counts for tax (policy taxPointRule, X-9; KH-12: the earlier of supply and payment)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from gql_sales.db.models.orders import Order
from gql_sales.db.models.payments import Payment
from gql_sales.db.queries.billing import Supplied, advances_since, supplies_of
from gql_sales.db.session import Unit
from gql_sales.domain.invoices.lines import Line
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.policies.frozen import policy


async def tax_point(
    unit: Unit, order: Order, lines: Sequence[Line], day: date, received_at: datetime | None = None
) -> date | None:
    """The day for a new bill over the lines, dated ``day``, whose money came at ``received_at`` if it comes along.

    None waits for invoiceConfirm. A bill counts no later than on its own day: issuing it is a tax point, too.
    """
    rule = policy(unit, order, "taxPointRule")
    if rule == "ON_ISSUE_CONFIRMATION":
        return None
    if rule == "INVOICE_DATE":
        return day
    supplied = first_supply(lines, await supplies_of(unit, order.id))
    new = [row for row in unit.session.new if isinstance(row, Payment) and row.order_id == order.id]
    paid = [await advances_since(unit, order.id), *(payment.received_at for payment in new), received_at]
    instants = [instant for instant in (supplied, *paid) if instant is not None]
    return min([day, *[await day_of(unit, order.company_id, instant) for instant in instants]])


def first_supply(lines: Iterable[Line], supplies: Sequence[Supplied]) -> datetime | None:
    """When the first of the billed pieces left: those that were billed before are taken to have left first."""
    found: list[datetime] = []
    by_item: dict[UUID, list[Supplied]] = {}
    for one in supplies:
        by_item.setdefault(one.order_item_id, []).append(one)
    for line in lines:
        before = line.item.invoiced_quantity - line.item.rebillable_quantity
        sent = Decimal(0)
        for one in by_item.get(line.item.id, ()):
            sent += one.quantity
            if sent > before:
                found.append(one.finalized_at)
                break
    return min(found, default=None)
