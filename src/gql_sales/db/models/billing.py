"""Billing documents: invoices and cash sales, frozen once issued but for what is still open of them (N5, P10)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gql_sales.db.models.axes import PaymentStatus
from gql_sales.db.models.base import (
    CompanyId,
    Country,
    Currency,
    Document,
    Instant,
    Json,
    Minor,
    Price,
    Quantity,
    Rate,
    Row,
    choice,
    not_negative,
)
from gql_sales.db.models.queues import BEHIND, WorkQueue
from gql_sales.kernel.enums import DescribedEnum


class InvoiceState(DescribedEnum):
    """Lifecycle state of an invoice; drafts do not exist, so that every number is a document."""

    ISSUED = "ISSUED", "Legally issued; corrected by credit memo only."
    VOIDED = "VOIDED", "Taken back as a whole by the credit memo that voids it; it keeps its number."


class CashSaleState(DescribedEnum):
    """Lifecycle state of a cash sale; drafts do not exist, so that every number is a document."""

    ISSUED = "ISSUED", "Legally issued; may be invoiced later, once."


class Sealed:
    """What documents of a chain of numbers keep of their buyer: a salted digest, so that the chain outlives erasure.

    The salt is erased with the personal data; what it sealed can no longer be guessed then (reliability.md 6).
    """

    buyer_salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    buyer_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Bill(Document, Sealed):
    """What invoices and cash sales have in common: an order's quantities at their amounts, and what is still open."""

    __abstract__ = True
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    number: Mapped[str] = mapped_column(String(60))
    currency_code: Mapped[Currency]
    issued_at: Mapped[Instant]
    buyer: Mapped[Json]
    billing_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    shipping_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]
    open_amount: Mapped[Minor]
    written_off_amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    payment_status: Mapped[PaymentStatus] = mapped_column(choice(PaymentStatus), default=PaymentStatus.UNPAID)


class BillItem(Row):
    """One line of a bill: a quantity of an order item at its frozen price and rate."""

    __abstract__ = True
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    position: Mapped[int]
    sku: Mapped[str] = mapped_column(String(80))
    name: Mapped[str]
    currency_code: Mapped[Currency]
    quantity: Mapped[Quantity]
    unit_price: Mapped[Price]
    tax_rate: Mapped[Rate]
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]


class BillTaxLine(Row):
    """Tax of one rate on a bill."""

    __abstract__ = True
    country_code: Mapped[Country]
    currency_code: Mapped[Currency]
    rate: Mapped[Rate]
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]


def _sums(table: str) -> list[CheckConstraint | UniqueConstraint | Index]:
    """The constraints that every bill's table has."""
    return [
        CheckConstraint("net_amount + tax_amount = gross_amount", name="amounts_add_up"),
        CheckConstraint(
            "written_off_amount >= 0 AND open_amount + written_off_amount <= gross_amount",
            name="written_off_within_total",
        ),
        UniqueConstraint("company_id", "number", name=f"uq_{table}_number"),
        Index(f"ix_{table}_company_id_id", "company_id", "id"),
        Index(f"ix_{table}_customer_id_id", "customer_id", "id"),
    ]


def _parts() -> list[CheckConstraint]:
    """The constraints that every table of lines has."""
    return [
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("net_amount + tax_amount = gross_amount", name="amounts_add_up"),
    ]


class Invoice(Bill):
    """A demand for payment with a number of an unbroken series; perhaps of what a cash sale had billed before."""

    __tablename__ = "invoices"
    state: Mapped[InvoiceState] = mapped_column(choice(InvoiceState), default=InvoiceState.ISSUED)
    invoiced_on: Mapped[date]
    due_on: Mapped[date]
    tax_point_on: Mapped[date | None]
    """Empty until the invoice is confirmed under taxPointRule ON_ISSUE_CONFIRMATION."""
    confirmed_at: Mapped[Instant | None]
    voided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("credit_memos.id"))
    cash_sale_id: Mapped[UUID | None] = mapped_column(ForeignKey("cash_sales.id"))

    items: Mapped[list["InvoiceItem"]] = relationship(order_by="InvoiceItem.position", lazy="raise")
    tax_lines: Mapped[list["TaxLine"]] = relationship(order_by="TaxLine.rate", lazy="raise")

    __table_args__ = (
        *_sums("invoices"),
        CheckConstraint("open_amount BETWEEN 0 AND gross_amount", name="open_within_total"),
        CheckConstraint("(state = 'VOIDED') = (voided_by_id IS NOT NULL)", name="voided_by_a_memo"),
        CheckConstraint("confirmed_at IS NULL OR tax_point_on IS NOT NULL", name="confirmed_with_a_day"),
        UniqueConstraint("cash_sale_id", name="uq_invoices_cash_sale"),
    )


class InvoiceItem(BillItem):
    """One line of an invoice."""

    __tablename__ = "invoice_items"
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), index=True)

    __table_args__ = (*_parts(),)


class TaxLine(BillTaxLine):
    """Tax of one rate on an invoice."""

    __tablename__ = "tax_lines"
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))

    __table_args__ = (UniqueConstraint("invoice_id", "country_code", "rate", name="uq_tax_lines_rate"),)


class CashSale(Bill):
    """A bill that is paid at once, rendered as a receipt (PK-12); what was handed over counts on its invoice."""

    __tablename__ = "cash_sales"
    state: Mapped[CashSaleState] = mapped_column(choice(CashSaleState), default=CashSaleState.ISSUED)
    sold_on: Mapped[date]
    tax_point_on: Mapped[date]
    handed_over_amount: Mapped[Minor]
    invoiced_at: Mapped[Instant | None]

    items: Mapped[list["CashSaleItem"]] = relationship(order_by="CashSaleItem.position", lazy="raise")
    tax_lines: Mapped[list["CashSaleTaxLine"]] = relationship(order_by="CashSaleTaxLine.rate", lazy="raise")

    __table_args__ = (
        *_sums("cash_sales"),
        Index("ix_cash_sales_unpaid", "company_id", "id", postgresql_where=text(BEHIND[WorkQueue.CASH_SALE_UNPAID])),
        *not_negative("open_amount"),
        CheckConstraint("open_amount + handed_over_amount <= gross_amount", name="open_within_total"),
        CheckConstraint(
            "handed_over_amount = CASE WHEN invoiced_at IS NULL THEN 0 ELSE gross_amount END",
            name="handed_over_when_invoiced",
        ),
    )


class CashSaleItem(BillItem):
    """One line of a cash sale."""

    __tablename__ = "cash_sale_items"
    cash_sale_id: Mapped[UUID] = mapped_column(ForeignKey("cash_sales.id"), index=True)

    __table_args__ = (*_parts(),)


class CashSaleTaxLine(BillTaxLine):
    """Tax of one rate on a cash sale."""

    __tablename__ = "cash_sale_tax_lines"
    cash_sale_id: Mapped[UUID] = mapped_column(ForeignKey("cash_sales.id"))

    __table_args__ = (UniqueConstraint("cash_sale_id", "country_code", "rate", name="uq_cash_sale_tax_lines_rate"),)


class WriteOff(Row):
    """Part of a bill that is no longer expected; taken back by a row of its own with the amount negated."""

    __tablename__ = "write_offs"
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    cash_sale_id: Mapped[UUID | None] = mapped_column(ForeignKey("cash_sales.id"), index=True)
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]
    posted_on: Mapped[date]
    """The day that it counts for, as in the ledger."""
    created_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("num_nonnulls(invoice_id, cash_sale_id) = 1", name="one_target"),
    )
