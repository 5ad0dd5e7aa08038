"""Customers, their addresses, and what people noted about them (KS-20 to KS-22, KS-30)."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Country, Document, Instant, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class CustomerKind(DescribedEnum):
    """How a customer record came to be."""

    GUEST = "GUEST", "Ordered without an account; cannot log in."
    REGISTERED = "REGISTERED", "Has a login of their own."
    STAFF_CREATED = "STAFF_CREATED", "Entered by staff."


class CustomerState(DescribedEnum):
    """Lifecycle state of a customer record."""

    ACTIVE = "ACTIVE", "Stands for a customer."
    MERGED = "MERGED", "Another record stands for the customer now; the documents that name this one stay as they are."


class TimelineKind(DescribedEnum):
    """What an entry that was added to a customer's timeline by hand tells of."""

    CALL = "CALL", "A telephone call."
    EMAIL_IN = "EMAIL_IN", "An e-mail from the customer."
    EMAIL_OUT = "EMAIL_OUT", "An e-mail to the customer."
    NOTE = "NOTE", "A note for colleagues."


class Customer(Document):
    """Whoever an order is for; every placed order has one, even a one-off (KS-20)."""

    __tablename__ = "customers"
    company_id: Mapped[CompanyId]
    kind: Mapped[CustomerKind] = mapped_column(choice(CustomerKind))
    state: Mapped[CustomerState] = mapped_column(
        choice(CustomerState), default=CustomerState.ACTIVE, server_default=text("'ACTIVE'")
    )
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    """The record that stands for a merged one; it is never merged itself, so that no link has to be followed twice."""
    subject: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(40))
    tax_number: Mapped[str | None] = mapped_column(String(40))
    external_ref: Mapped[str | None] = mapped_column(String(120))
    created_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("company_id", "subject", name="uq_customers_subject"),
        UniqueConstraint("company_id", "external_ref", name="uq_customers_external_ref"),
        CheckConstraint("(state = 'MERGED') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("subject IS NULL OR state <> 'MERGED'", name="merged_without_login"),
        Index("ix_customers_company_created", "company_id", "id"),
        Index("ix_customers_merged_into_id_id", "merged_into_id", "id"),
        Index("ix_customers_guest_email", "company_id", text("lower(email)"), postgresql_where=text("kind = 'GUEST'")),
    )


class Address(Row):
    """A postal address in a customer's address book; documents keep a copy of their own."""

    __tablename__ = "addresses"
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    line1: Mapped[str] = mapped_column(String(200))
    line2: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(120))
    region: Mapped[str | None] = mapped_column(String(120))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    country_code: Mapped[Country]
    is_default_shipping: Mapped[bool] = mapped_column(default=False)
    is_default_billing: Mapped[bool] = mapped_column(default=False)


class TimelineEntry(Row):
    """Something that the program did not see itself; never changed (KS-30).

    The id is one of the instant at which it happened, so that entries lie between the events of their time.
    """

    __tablename__ = "timeline_entries"
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[TimelineKind] = mapped_column(choice(TimelineKind))
    text: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(200))
    occurred_at: Mapped[Instant]
    created_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("occurred_at <= created_at", name="told_afterwards"),
        Index("ix_timeline_entries_customer_id_id", "customer_id", "id"),
    )
