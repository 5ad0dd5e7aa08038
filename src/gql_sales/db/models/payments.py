"""Payments received, the tenders they consist of, what they were used for, and the methods a company takes."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gql_sales.db.models.base import CompanyId, Currency, Document, Instant, Minor, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class PaymentKind(DescribedEnum):
    """Why money came in."""

    ADVANCE = "ADVANCE", "On account, before a document asks for it (BA-16, BA-17)."
    REGULAR = "REGULAR", "For named invoices or cash sales (BA-41)."


class PaymentState(DescribedEnum):
    """Lifecycle state of a payment; how much of it is used is told by its amounts."""

    RECEIVED = "RECEIVED", "The money is here."


class PaymentMethodClass(DescribedEnum):
    """When a method of payment brings the money (PK-27)."""

    DEFERRED = "DEFERRED", "Later, against an invoice."
    IMMEDIATE = "IMMEDIATE", "At once, so that the sale may be a cash sale."


class PaymentMethod(Document):
    """A way to pay that the company takes."""

    __tablename__ = "payment_methods"
    company_id: Mapped[CompanyId]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    method_class: Mapped[PaymentMethodClass] = mapped_column(choice(PaymentMethodClass))

    __table_args__ = (UniqueConstraint("company_id", "code", name="uq_payment_methods_code"),)


class Payment(Document):
    """Money received from a customer."""

    __tablename__ = "payments"
    company_id: Mapped[CompanyId]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[PaymentKind] = mapped_column(choice(PaymentKind))
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState), default=PaymentState.RECEIVED)
    number: Mapped[str] = mapped_column(String(60))
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]
    unallocated_amount: Mapped[Minor]
    received_at: Mapped[Instant]
    journal_mode: Mapped[str] = mapped_column(String(20))
    """Policy journalMode as it was when the money came in; it says where unallocated money stands in the ledger."""

    tenders: Mapped[list["Tender"]] = relationship(order_by="Tender.id", lazy="raise")

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_above_zero"),
        CheckConstraint("unallocated_amount BETWEEN 0 AND amount", name="unallocated_within_amount"),
        UniqueConstraint("company_id", "number", name="uq_payments_number"),
        Index("ix_payments_company_id_id", "company_id", "id"),
        Index("ix_payments_customer_id_id", "customer_id", "id"),
    )


class Tender(Row):
    """One means of payment within a payment."""

    __tablename__ = "tenders"
    company_id: Mapped[CompanyId]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    method: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str | None] = mapped_column(String(120))
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]
    refunded_amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    replaced_at: Mapped[Instant | None]
    """When other tenders took its place (PK-19); the row stays as history."""

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_above_zero"),
        CheckConstraint("refunded_amount BETWEEN 0 AND amount", name="refunded_within_amount"),
        CheckConstraint("replaced_at IS NULL OR refunded_amount = 0", name="replaced_before_refunds"),
        Index(
            "uq_tenders_reference",
            "company_id",
            "method",
            "reference",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )


class PaymentAllocation(Row):
    """Part of a payment used for an invoice or a cash sale; taken back by a row of its own with the amount negated."""

    __tablename__ = "payment_allocations"
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    cash_sale_id: Mapped[UUID | None] = mapped_column(ForeignKey("cash_sales.id"), index=True)
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]
    posted_on: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))
    """The day that it counts for, as in the ledger."""
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_allocations.id"), unique=True)
    created_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount <> 0 AND (amount < 0) = (reverses_id IS NOT NULL)", name="negated_when_reversing"),
        CheckConstraint("num_nonnulls(invoice_id, cash_sale_id) = 1", name="one_target"),
    )
