"""Companies and what belongs to the company as a whole: settings, accounts, tax rules."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Country, Currency, Document, Rate, Row


class Company(Document):
    """A legal entity with its own books, numbers and stock; nothing is shared between companies."""

    __tablename__ = "companies"
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str]
    country_code: Mapped[Country]
    currency_code: Mapped[Currency]
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")


class PolicySetting(Document):
    """A policy set for a company or one of its channels; what is not set has its default (policies.md)."""

    __tablename__ = "policy_settings"
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channels.id"))
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(80))

    __table_args__ = (
        Index(
            "uq_policy_settings_scope",
            "company_id",
            "channel_id",
            "name",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )


class Account(Row):
    """The account of the company's chart that plays a role of the posting table (domain.md 5)."""

    __tablename__ = "accounts"
    company_id: Mapped[CompanyId]
    role: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]

    __table_args__ = (
        Index("uq_accounts_role", "company_id", "role", unique=True),
        Index("uq_accounts_code", "company_id", "code", unique=True),
    )


class TaxRule(Document):
    """The rate of one tax group in one country from a day on; the newest rule not after the day counts."""

    __tablename__ = "tax_rules"
    company_id: Mapped[CompanyId]
    country_code: Mapped[Country]
    tax_group: Mapped[str] = mapped_column(String(40))
    rate: Mapped[Rate]
    name: Mapped[str]
    valid_from: Mapped[date]

    __table_args__ = (
        CheckConstraint("rate >= 0 AND rate < 10", name="rate_range"),
        Index("uq_tax_rules_day", "company_id", "country_code", "tax_group", "valid_from", unique=True),
    )
