"""The ledger: journal entries that balance at every commit and are never changed (reliability.md L1, L2)."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Currency, Instant, Minor, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class JournalEvent(DescribedEnum):
    """Which of the four ledger events an entry records (KS-34)."""

    CREDITING = "CREDITING", "A customer was credited."
    INVOICING = "INVOICING", "A document asked for payment."
    PAYMENT_ALLOCATION = "PAYMENT_ALLOCATION", "Money or credit was used to settle a document."
    REFUNDING = "REFUNDING", "Credit was turned into money for the customer."


class AccountRole(DescribedEnum):
    """What an account is for in the posting table (domain.md 5)."""

    CASH = "CASH", "Money received."
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT", "Credit that customers can still use."
    DISCOUNT_ALLOWED = "DISCOUNT_ALLOWED", "Discounts given; reduces revenue."
    RECEIVABLE = "RECEIVABLE", "What customers owe."
    REVENUE = "REVENUE", "Sales."
    SALES_RETURNS = "SALES_RETURNS", "Sales that were credited; reduces revenue."
    SELLING_EXPENSE = "SELLING_EXPENSE", "What selling costs: rebates, listing fees, promotions."
    TAX_PAYABLE = "TAX_PAYABLE", "Tax owed to the state."
    WRITE_OFF = "WRITE_OFF", "What customers owed and will not pay."


class JournalEntry(Row):
    """One balanced posting with the document that caused it."""

    __tablename__ = "journal_entries"
    company_id: Mapped[CompanyId]
    event: Mapped[JournalEvent] = mapped_column(choice(JournalEvent))
    document_type: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[UUID]
    posted_on: Mapped[date]
    created_at: Mapped[Instant]

    __table_args__ = (
        Index("ix_journal_entries_company_id_id", "company_id", "id"),
        Index("ix_journal_entries_document", "document_id"),
    )


class JournalLine(Row):
    """One side of an entry: debit above zero, credit below."""

    __tablename__ = "journal_lines"
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("journal_entries.id"), index=True)
    company_id: Mapped[CompanyId]
    role: Mapped[AccountRole] = mapped_column(choice(AccountRole))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]

    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        Index("ix_journal_lines_customer", "customer_id", "role"),
    )
