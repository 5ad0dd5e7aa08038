"""Customers and their addresses (KS-20 to KS-22)."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Country, Document, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class CustomerKind(DescribedEnum):
    """How a customer record came to be."""

    GUEST = "GUEST", "Ordered without an account; cannot log in."
    REGISTERED = "REGISTERED", "Has a login of their own."
    STAFF_CREATED = "STAFF_CREATED", "Entered by staff."


class Customer(Document):
    """Whoever an order is for; every placed order has one, even a one-off (KS-20)."""

    __tablename__ = "customers"
    company_id: Mapped[CompanyId]
    kind: Mapped[CustomerKind] = mapped_column(choice(CustomerKind))
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
        Index("ix_customers_company_created", "company_id", "id"),
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
