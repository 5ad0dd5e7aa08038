"""The statement of a customer: every movement of what they owe, on the day that it counts for (BA-58)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    func,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from gql_sales.db.models.billing import CashSale, Invoice, WriteOff
from gql_sales.db.models.credit_memos import CreditMemo, MemoApplication
from gql_sales.db.models.payments import Payment, PaymentAllocation
from gql_sales.db.queries.reading import customer_records
from gql_sales.db.visibility import visible
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.principals import Principal

MOST_LINES = 1000


class StatementLineKind(DescribedEnum):
    """What moved the amount that a customer owes."""

    CASH_SALE = "CASH_SALE", "A cash sale was issued; the invoice that is made of it later moves nothing."
    CREDIT_MEMO = "CREDIT_MEMO", "A credit memo was used to settle a bill; above zero, that was taken back."
    INVOICE = "INVOICE", "An invoice was issued."
    PAYMENT = "PAYMENT", "Money was used to settle a bill."
    WRITE_OFF = "WRITE_OFF", "What was open of a bill was given up; above zero, that was taken back."


def _movement(kind: StatementLineKind, document: Any, **columns: Any) -> Select[Any]:  # noqa: ANN401 (columns of any kind)
    """The columns of every movement; ``id`` is in the order of time, ``settled_*`` tell of the bill that is settled."""
    found = {
        "id": document.id,
        "document_id": document.id,
        "number": document.number,
        "due_on": type_coerce(null(), Invoice.due_on.type),
        "settled_type": type_coerce(null(), Invoice.number.type),
        "settled_id": type_coerce(null(), Invoice.id.type),
        "settled_number": type_coerce(null(), Invoice.number.type),
        **columns,
    }
    typename: ColumnElement[str] = literal_column(f"'{document.__name__}'").label("document_type")
    labeled = [column.label(name) for name, column in sorted(found.items())]
    return select(literal_column(f"'{kind}'").label("kind"), typename, *labeled)


def _movements(principal: Principal) -> Subquery:
    """Bills of the customer in the array parameter ``ids`` that the caller may see, and what settled these."""
    issued: dict[Any, Select[Any]] = {
        Invoice: _movement(
            StatementLineKind.INVOICE,
            Invoice,
            posted_on=Invoice.invoiced_on,
            due_on=Invoice.due_on,
            currency_code=Invoice.currency_code,
            amount=Invoice.gross_amount,
        ).where(Invoice.cash_sale_id.is_(None)),
        CashSale: _movement(
            StatementLineKind.CASH_SALE,
            CashSale,
            posted_on=CashSale.sold_on,
            currency_code=CashSale.currency_code,
            amount=CashSale.gross_amount,
        ),
    }
    parts: list[Select[Any]] = []
    for bill, statement in issued.items():
        paid = _settlements(StatementLineKind.PAYMENT, Payment, PaymentAllocation.payment_id, bill)
        credited = _settlements(StatementLineKind.CREDIT_MEMO, CreditMemo, MemoApplication.credit_memo_id, bill)
        for moved in (statement, paid, credited, _write_offs(bill)):
            records = customer_records()
            own = moved.join(records, bill.customer_id == records.c.owner_key)
            parts.append(own.where(visible(bill, principal)))
    return union_all(*parts).subquery("movements")


def _settlements(
    kind: StatementLineKind,
    document: Any,  # noqa: ANN401 (a mapped class)
    named: InstrumentedAttribute[UUID],
    bill: Any,  # noqa: ANN401 (a mapped class)
) -> Select[Any]:
    """What settled bills: rows of the class that has the column ``named``, which tells the document."""
    part: Any = named.class_
    target = part.invoice_id if bill is Invoice else part.cash_sale_id
    return (
        _movement(
            kind,
            document,
            id=part.id,
            posted_on=part.posted_on,
            currency_code=part.currency_code,
            amount=-part.amount,
            settled_type=literal_column(f"'{bill.__name__}'"),
            settled_id=bill.id,
            settled_number=bill.number,
        )
        .join_from(part, document, document.id == named)
        .join(bill, bill.id == target)
    )


def _write_offs(bill: Any) -> Select[Any]:  # noqa: ANN401 (a mapped class)
    """What was given up of bills; the document is the bill itself."""
    return _movement(
        StatementLineKind.WRITE_OFF,
        bill,
        id=WriteOff.id,
        posted_on=WriteOff.posted_on,
        currency_code=WriteOff.currency_code,
        amount=-WriteOff.amount,
        settled_type=literal_column(f"'{bill.__name__}'"),
        settled_id=bill.id,
        settled_number=bill.number,
    ).join_from(WriteOff, bill, bill.id == (WriteOff.invoice_id if bill is Invoice else WriteOff.cash_sale_id))


def opening_balances(principal: Principal, first_day: date) -> Select[Any]:
    """What was owed before the day, per currency, in minor units."""
    moved = _movements(principal)
    return (
        select(moved.c.currency_code, func.sum(moved.c.amount).cast(BigInteger).label("amount"))
        .where(moved.c.posted_on < first_day)
        .group_by(moved.c.currency_code)
    )


def statement_lines(principal: Principal, first_day: date, last_day: date) -> Select[Any]:
    """The movements of the days, in order of day and time; one more than a statement may have, when there are more."""
    moved = _movements(principal)
    return (
        select(moved)
        .where(moved.c.posted_on >= first_day, moved.c.posted_on <= last_day)
        .order_by(moved.c.posted_on, moved.c.id)
        .limit(MOST_LINES + 1)
    )
