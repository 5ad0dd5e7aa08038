"""Invoices: frozen once issued, but for what is still open of them (reliability.md N5, P10)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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
)
from gql_sales.kernel.enums import DescribedEnum


class InvoiceState(DescribedEnum):
    """Lifecycle state of an invoice; drafts do not exist, so that every number is a document."""

    ISSUED = "ISSUED", "Legally issued; corrected by credit memo only."


class Invoice(Document):
    """A demand for payment with a number of an unbroken series."""

    __tablename__ = "invoices"
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    state: Mapped[InvoiceState] = mapped_column(choice(InvoiceState), default=InvoiceState.ISSUED)
    number: Mapped[str] = mapped_column(String(60))
    currency_code: Mapped[Currency]
    invoiced_on: Mapped[date]
    tax_point_on: Mapped[date]
    due_on: Mapped[date]
    issued_at: Mapped[Instant]
    buyer: Mapped[Json]
    billing_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    shipping_address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]
    open_amount: Mapped[Minor]
    payment_status: Mapped[PaymentStatus] = mapped_column(choice(PaymentStatus), default=PaymentStatus.UNPAID)

    items: Mapped[list["InvoiceItem"]] = relationship(order_by="InvoiceItem.position", lazy="raise")
    tax_lines: Mapped[list["TaxLine"]] = relationship(order_by="TaxLine.rate", lazy="raise")

    __table_args__ = (
        CheckConstraint("net_amount + tax_amount = gross_amount", name="amounts_add_up"),
        CheckConstraint("open_amount BETWEEN 0 AND gross_amount", name="open_within_total"),
        UniqueConstraint("company_id", "number", name="uq_invoices_number"),
        Index("ix_invoices_company_id_id", "company_id", "id"),
        Index("ix_invoices_customer_id_id", "customer_id", "id"),
    )


class InvoiceItem(Row):
    """One line of an invoice: a quantity of an order item at its frozen price and rate."""

    __tablename__ = "invoice_items"
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"), index=True)
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

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("net_amount + tax_amount = gross_amount", name="amounts_add_up"),
    )


class TaxLine(Row):
    """Tax of one rate on an invoice."""

    __tablename__ = "tax_lines"
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id"))
    country_code: Mapped[Country]
    currency_code: Mapped[Currency]
    rate: Mapped[Rate]
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]

    __table_args__ = (UniqueConstraint("invoice_id", "country_code", "rate", name="uq_tax_lines_rate"),)
