"""What crediting and refunding look up: billed lines, what was credited of them, and the money that paid them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, or_, select, union_all

from gql_sales.db.models.billing import CashSale, CashSaleItem, Invoice, InvoiceItem
from gql_sales.db.models.credit_memos import (
    CreditMemo,
    CreditMemoItem,
    CreditMemoState,
    MemoApplication,
    Refund,
    RefundTender,
)
from gql_sales.db.models.payments import PaymentAllocation, Tender
from gql_sales.db.queries.billing import bills_behind, standing
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit


@dataclass(frozen=True)
class Credited:
    """How much of one billed line was credited, by quantity and in minor units; voided memos do not count."""

    quantity: Decimal = Decimal(0)
    tax_amount: int = 0
    gross_amount: int = 0


async def bills_of_items(unit: Unit, invoice_items: Iterable[UUID], cash_sale_items: Iterable[UUID]) -> Plan:
    """The bills that the lines belong to, looked up without locks."""
    statement = union_all(
        select(InvoiceItem.invoice_id, InvoiceItem.id).where(InvoiceItem.id.in_(sorted(set(invoice_items)))),
        select(CashSaleItem.cash_sale_id, CashSaleItem.id).where(CashSaleItem.id.in_(sorted(set(cash_sale_items)))),
    )
    rows = {row[1]: row[0] for row in await unit.session.execute(statement)}
    return {
        Invoice: {rows[id_] for id_ in invoice_items if id_ in rows},
        CashSale: {rows[id_] for id_ in cash_sale_items if id_ in rows},
    }


async def bills_of_orders(unit: Unit, order_ids: Iterable[UUID]) -> Plan:
    """Every bill of the orders, looked up without locks."""
    ids = sorted(set(order_ids))
    return {
        Invoice: set(await unit.session.scalars(select(Invoice.id).where(Invoice.order_id.in_(ids)))),
        CashSale: set(await unit.session.scalars(select(CashSale.id).where(CashSale.order_id.in_(ids)))),
    }


async def payments_of_bills(unit: Unit, bills: Plan) -> set[UUID]:
    """The payments that settled the bills, or the cash sales that invoices were made of; looked up without locks."""
    invoices, sales = sorted(bills.get(Invoice, ())), sorted(bills.get(CashSale, ()))
    origins = select(Invoice.cash_sale_id).where(Invoice.id.in_(invoices), Invoice.cash_sale_id.is_not(None))
    statement = select(PaymentAllocation.payment_id).where(
        or_(
            PaymentAllocation.invoice_id.in_(invoices),
            PaymentAllocation.cash_sale_id.in_(sales),
            PaymentAllocation.cash_sale_id.in_(origins),
        )
    )
    return set(await unit.session.scalars(statement))


async def bills_of_memos(unit: Unit, memo_ids: Iterable[UUID]) -> Plan:
    """The bills whose lines the memos credit, looked up without locks."""
    wanted = CreditMemoItem.credit_memo_id.in_(sorted(set(memo_ids)))
    columns = select(CreditMemoItem.invoice_item_id, CreditMemoItem.cash_sale_item_id).where(wanted)
    rows = list(await unit.session.execute(columns))
    return await bills_of_items(unit, [row[0] for row in rows if row[0]], [row[1] for row in rows if row[1]])


async def orders_of_memos(unit: Unit, memo_ids: Iterable[UUID]) -> set[UUID]:
    """The orders whose items the memos credit, looked up without locks."""
    statement = select(CreditMemoItem.order_id).where(
        CreditMemoItem.credit_memo_id.in_(sorted(set(memo_ids))), CreditMemoItem.order_id.is_not(None)
    )
    return set(await unit.session.scalars(statement))


async def payments_of_tenders(unit: Unit, tender_ids: Iterable[UUID]) -> set[UUID]:
    """The payments that the tenders are part of, looked up without locks."""
    ids = sorted(set(tender_ids))
    return set(await unit.session.scalars(select(Tender.payment_id).where(Tender.id.in_(ids)))) if ids else set()


async def memo_of_refund(unit: Unit, refund_ids: Iterable[UUID]) -> set[UUID]:
    """The memos that the refunds consume, looked up without locks."""
    return set(await unit.session.scalars(select(Refund.credit_memo_id).where(Refund.id.in_(sorted(set(refund_ids))))))


async def credited_lines(unit: Unit, bills: Sequence[Invoice | CashSale]) -> dict[tuple[UUID, UUID], Credited]:
    """What was credited of the bills' lines, by bill and order item; what is missing was never credited.

    What was credited of a cash sale before it was invoiced counts on its invoice. The bills' locks cover the rows.
    """
    invoices = {bill.id: bill for bill in bills if isinstance(bill, Invoice)}
    origins = {invoice.cash_sale_id: invoice.id for invoice in invoices.values() if invoice.cash_sale_id}
    sales = {bill.id for bill in bills if isinstance(bill, CashSale)} | origins.keys()
    sums = (func.sum(CreditMemoItem.tax_amount), func.sum(CreditMemoItem.gross_amount))
    pieces = func.coalesce(func.sum(CreditMemoItem.quantity).filter(CreditMemoItem.is_by_value.is_(False)), 0)
    alive = CreditMemoItem.credit_memo_id.in_(select(CreditMemo.id).where(CreditMemo.state != CreditMemoState.VOIDED))
    parts = []
    for line, bill_id, link, ids in (
        (InvoiceItem, InvoiceItem.invoice_id, CreditMemoItem.invoice_item_id, invoices.keys()),
        (CashSaleItem, CashSaleItem.cash_sale_id, CreditMemoItem.cash_sale_item_id, sales),
    ):
        parts.append(
            select(bill_id, line.order_item_id, pieces, *sums)
            .join(CreditMemoItem, link == line.id)
            .where(bill_id.in_(sorted(ids)), alive)
            .group_by(bill_id, line.order_item_id)
        )
    found: dict[tuple[UUID, UUID], Credited] = {}
    for bill, item, quantity, tax, gross in await unit.session.execute(union_all(*parts)):
        key = origins.get(bill, bill), item
        before = found.get(key, Credited())
        found[key] = Credited(
            before.quantity + quantity, before.tax_amount + int(tax), before.gross_amount + int(gross)
        )
    return found


async def standing_applications(unit: Unit, memo_id: UUID) -> list[MemoApplication]:
    """The applications of a memo that were not taken back."""
    return await standing(unit, MemoApplication, MemoApplication.credit_memo_id == memo_id)


async def bills_of_applications(unit: Unit, memo_ids: Iterable[UUID]) -> Plan:
    """The bills that the memos settle, and the invoices of such cash sales; looked up without locks."""
    return await bills_behind(unit, MemoApplication, MemoApplication.credit_memo_id, memo_ids)


async def payments_of_refunds(unit: Unit, refund_ids: Iterable[UUID]) -> set[UUID]:
    """The payments to whose tenders the refunds go, looked up without locks."""
    statement = (
        select(Tender.payment_id)
        .join(RefundTender, RefundTender.tender_id == Tender.id)
        .where(RefundTender.refund_id.in_(sorted(set(refund_ids))))
    )
    return set(await unit.session.scalars(statement))
