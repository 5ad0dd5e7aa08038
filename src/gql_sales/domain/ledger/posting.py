"""Posting: the one place where journal entries are made, so that each follows the posting table (domain.md 5)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.ledger import AccountRole, JournalEntry, JournalEvent, JournalLine
from gql_sales.db.models.payments import Payment
from gql_sales.db.session import Unit


def post(
    unit: Unit,
    mode: str,
    event: JournalEvent,
    document: Invoice | CashSale | Payment | CreditMemo | Refund,
    posted_on: date,
    lines: Mapping[AccountRole, int],
    customer_id: UUID,
    debtor_id: UUID | None = None,
) -> JournalEntry | None:
    """Write one balanced entry of the document; None when ``mode`` (policy journalMode) is OFF or no amount is left.

    ``lines`` are minor units, debit above zero and credit below, and sum to zero. Under FOUR_EVENTS money that is only
    held has no account: the caller names Cash in its place, and what would become Cash/Cash is not posted at all.
    ``debtor_id`` is the customer record that a settled bill names, which owes it: that of the money may be another one
    that was merged with it.
    """
    if sum(lines.values()):
        raise ValueError(f"An entry must balance: {dict(lines)}.")
    wanted = {role: amount for role, amount in lines.items() if amount}
    if mode == "OFF" or not wanted:
        return None
    entry = unit.add(
        JournalEntry(
            company_id=document.company_id,
            event=event,
            document_type=type(document).__name__,
            document_id=document.id,
            posted_on=posted_on,
            created_at=unit.now,
        )
    )
    for role, amount in wanted.items():
        unit.add(
            JournalLine(
                entry_id=entry.id,
                company_id=document.company_id,
                role=role,
                customer_id=debtor_id if debtor_id and role == AccountRole.RECEIVABLE else customer_id,
                currency_code=document.currency_code,
                amount=amount,
            )
        )
    return entry
