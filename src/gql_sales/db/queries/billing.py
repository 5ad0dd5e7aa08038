"""Lists of invoices, cash sales and payments, and what verbs look up about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.payments import Payment, PaymentAllocation, Tender
from gql_sales.db.models.shipments import Shipment, ShipmentItem
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given, ids

_TAGGED = Prepared(
    lambda _: select(Payment.id).where(Payment.order_id == given("order_id"), Payment.unallocated_amount > 0)
)


_ADVANCES_SINCE = Prepared(
    lambda _: select(func.min(Payment.received_at).label("since")).where(
        Payment.order_id == given("order_id"), Payment.unallocated_amount > 0
    )
)
_SUPPLIES = Prepared(
    lambda _: (
        select(ShipmentItem.order_item_id, ShipmentItem.quantity, Shipment.finalized_at)
        .join(Shipment, Shipment.id == ShipmentItem.shipment_id)
        .where(Shipment.order_id == given("order_id"), Shipment.finalized_at.is_not(None))
        .order_by(Shipment.finalized_at, ShipmentItem.id)
    )
)
_SETTLED = Prepared(
    lambda _: (
        select(Invoice.id, func.coalesce(func.sum(PaymentAllocation.amount), 0).label("amount"))
        .join(
            PaymentAllocation,
            or_(PaymentAllocation.invoice_id == Invoice.id, PaymentAllocation.cash_sale_id == Invoice.cash_sale_id),
        )
        .where(Invoice.id == ids())
        .group_by(Invoice.id)
    )
)


async def load_settled(unit: Unit, invoice_ids: Iterable[UUID]) -> None:
    """Put what payments settle of the invoices into ``unit.settled``, in minor units; the invoices' locks cover it."""
    wanted = set(invoice_ids)
    unit.settled |= dict.fromkeys(wanted, 0) | {
        row["id"]: int(row["amount"]) for row in await _SETTLED(unit, ids=list(wanted))
    }


async def tagged_payments(unit: Unit, order_id: UUID) -> set[UUID]:
    """The payments with money left that are reserved for the order; the order's lock covers them."""
    return {row["id"] for row in await _TAGGED(unit, order_id=order_id)}


@dataclass(frozen=True)
class Supplied:
    """What left of an order item, and when."""

    order_item_id: UUID
    quantity: Decimal
    finalized_at: datetime


async def supplies_of(unit: Unit, order_id: UUID) -> list[Supplied]:
    """What left of the order, in the order in which it did."""
    return [Supplied(**row) for row in await _SUPPLIES(unit, order_id=order_id)]


async def advances_since(unit: Unit, order_id: UUID) -> datetime | None:
    """When the first money came that is reserved for the order and not used yet."""
    (row,) = await _ADVANCES_SINCE(unit, order_id=order_id)
    since: datetime | None = row["since"]
    return since


async def bills_of_payments(unit: Unit, payment_ids: Iterable[UUID]) -> Plan:
    """The bills that the payments settle, and the invoices of such cash sales; looked up without locks."""
    return await bills_behind(unit, PaymentAllocation, PaymentAllocation.payment_id, payment_ids)


async def standing_allocations(unit: Unit, payment_id: UUID) -> list[PaymentAllocation]:
    """The allocations of a payment that were not taken back."""
    return await standing(unit, PaymentAllocation, PaymentAllocation.payment_id == payment_id)


async def bills_behind(unit: Unit, part: Any, column: Any, ids: Iterable[UUID]) -> Plan:  # noqa: ANN401 (a mapped class)
    """The bills that the parts of payments or credit memos settle, and the invoices of such cash sales."""
    statement = select(part.invoice_id, part.cash_sale_id).where(column.in_(sorted(set(ids))))
    rows = list(await unit.session.execute(statement))
    sales = {row.cash_sale_id for row in rows if row.cash_sale_id}
    later = await unit.session.scalars(select(Invoice.id).where(Invoice.cash_sale_id.in_(sorted(sales))))
    return {Invoice: {row.invoice_id for row in rows if row.invoice_id} | set(later), CashSale: sales}


async def standing(unit: Unit, part: Any, condition: ColumnElement[bool]) -> list[Any]:  # noqa: ANN401 (a mapped class)
    """The parts that meet the condition and were neither taken back nor take another one back, oldest first."""
    reversed_ = select(part.reverses_id).where(part.reverses_id.is_not(None))
    statement = select(part).where(condition, part.reverses_id.is_(None), part.id.not_in(reversed_))
    return list(await unit.session.scalars(statement.order_by(part.id)))


async def replace_tenders(unit: Unit, tenders: Sequence[Tender]) -> None:
    """Mark the tenders as replaced, at once: the new ones may carry the references of the old ones."""
    ids = [tender.id for tender in tenders]
    await unit.session.execute(update(Tender).where(Tender.id.in_(ids)).values(replaced_at=unit.now))
