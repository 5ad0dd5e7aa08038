"""Number series and the numbers they gave (domain.md 6)."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Instant, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class SeriesKind(DescribedEnum):
    """Which documents a series numbers."""

    CANCELLATION_NOTE = "CANCELLATION_NOTE", "Notes of what was cancelled after the lock."
    CASH_SALE = "CASH_SALE", "Cash sales; unbroken by law."
    CREDIT_MEMO = "CREDIT_MEMO", "Credit memos; unbroken by law."
    DELIVERY_NOTE = "DELIVERY_NOTE", "Shipments, from their first booking."
    INVOICE = "INVOICE", "Invoices; unbroken by law."
    ORDER_ES = "ORDER_ES", "Sales at a till."
    ORDER_PF = "ORDER_PF", "Proforma orders, from placement."
    ORDER_S = "ORDER_S", "Sales orders, from placement."
    PACKAGE = "PACKAGE", "Packages, when they are made."
    RECEIPT = "RECEIPT", "Payments received."
    REFUND = "REFUND", "Refunds."


class NumberSeries(Row):
    """The counter of one kind of document of one company; its row is the lock that keeps numbers unbroken."""

    __tablename__ = "number_series"
    company_id: Mapped[CompanyId]
    kind: Mapped[SeriesKind] = mapped_column(choice(SeriesKind))
    scope: Mapped[str] = mapped_column(String(40), default="")
    prefix: Mapped[str] = mapped_column(String(20))
    last_value: Mapped[int] = mapped_column(BigInteger, default=0)
    last_issued_at: Mapped[Instant | None]
    last_dated_on: Mapped[date | None]
    closed_at: Mapped[Instant | None]

    __table_args__ = (UniqueConstraint("company_id", "kind", "scope", name="uq_number_series_key"),)


class NumberAssignment(Row):
    """One number given to one document; never changed, so that the series can be audited."""

    __tablename__ = "number_assignments"
    series_id: Mapped[UUID] = mapped_column(ForeignKey("number_series.id"))
    value: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[UUID]
    dated_on: Mapped[date]
    issued_at: Mapped[Instant]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """SHA-256 over the digest of the number before and the document: the chain of a legal series (L6)."""

    __table_args__ = (
        UniqueConstraint("series_id", "value", name="uq_number_assignments_value"),
        Index("uq_number_assignments_document", "document_id", unique=True),
    )
