"""The ledger: journal entries that balance at every commit and are never changed (reliability.md L1, L2)."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Currency, Instant, Minor, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class JournalEvent(DescribedEnum):
    """What an entry records: one of the four events (KS-34), or under FULL what happens between them (X-16)."""

    CREDITING = "CREDITING", "A customer was credited."
    HOLDING = "HOLDING", "Money came or went without settling a document: an advance, a refund paid out. Only in FULL."
    INVOICING = "INVOICING", "A document asked for payment."
    PAYMENT_ALLOCATION = "PAYMENT_ALLOCATION", "Money or credit was used to settle a document."
    REFUNDING = "REFUNDING", "Credit was turned into money for the customer."
    STOCK = "STOCK", "Goods came, left or changed their value. Only in FULL."


class AccountRole(DescribedEnum):
    """What an account is for in the posting table (domain.md 5)."""

    CASH = "CASH", "Money received."
    COGS = "COGS", "What the goods that left had cost."
    CUSTOMER_ADVANCES = "CUSTOMER_ADVANCES", "Money of customers that settles no document yet."
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT", "Credit that customers can still use."
    DISCOUNT_ALLOWED = "DISCOUNT_ALLOWED", "Discounts given; reduces revenue."
    GOODS_RECEIVED = "GOODS_RECEIVED", "Goods that came in, until purchasing clears them."
    INVENTORY = "INVENTORY", "What the goods in normal and repair bins have cost."
    RECEIVABLE = "RECEIVABLE", "What customers owe."
    REFUND_CLEARING = "REFUND_CLEARING", "Refunds on their way to customers."
    REVENUE = "REVENUE", "Sales."
    SALES_RETURNS = "SALES_RETURNS", "Sales that were credited; reduces revenue."
    SCRAP_LOSS = "SCRAP_LOSS", "Goods that were scrapped."
    SELLING_EXPENSE = "SELLING_EXPENSE", "What selling costs: rebates, listing fees, promotions."
    STOCK_ADJUSTMENT = "STOCK_ADJUSTMENT", "Goods that counting found missing; below zero when it found more."
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
