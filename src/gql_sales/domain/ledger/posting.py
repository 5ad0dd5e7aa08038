"""Posting: the one place where journal entries are made, so that each follows the posting table (domain.md 5)."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.companies import PolicySetting
from gql_sales.db.models.credit_memos import CreditMemo, Refund
from gql_sales.db.models.ledger import AccountRole, JournalEntry, JournalEvent, JournalLine
from gql_sales.db.models.payments import Payment
from gql_sales.db.models.shipments import Shipment
from gql_sales.db.models.stock import StockPool
from gql_sales.db.session import Unit

Goods = StockPool | Shipment | PolicySetting
"""Documents whose entries are about goods, in the currency of the company's books."""
Money = Invoice | CashSale | Payment | CreditMemo | Refund
"""Documents whose entries are about money, in their own currency."""


def post(
    unit: Unit,
    mode: str,
    event: JournalEvent,
    document: Money,
    posted_on: date,
    lines: Mapping[AccountRole, int],
    customer_id: UUID,
    debtor_id: UUID | None = None,
) -> None:
    """Write one balanced entry of the document; nothing when ``mode`` (policy journalMode) is OFF or no amount is left.

    ``lines`` are minor units, debit above zero and credit below, and sum to zero. Under FOUR_EVENTS money that is only
    held has no account: Cash stands in its place (``held_in``), and what would become Cash/Cash is not posted at all.
    ``debtor_id`` is the customer record that a settled bill names, which owes it: that of the money may be another one
    that was merged with it.
    """
    balanced(lines.values())
    if mode == "OFF":
        return
    owing = [
        (role, amount, debtor_id if debtor_id and role == AccountRole.RECEIVABLE else customer_id)
        for role, amount in lines.items()
    ]
    enter(unit, event, document, posted_on, owing, document.currency_code)


def enter(
    unit: Unit,
    event: JournalEvent,
    document: Goods | Money,
    posted_on: date,
    lines: Iterable[tuple[AccountRole, int, UUID | None]],
    currency_code: str,
) -> None:
    """Write one balanced entry of roles, minor units and whose account it is; nothing when no amount is left."""
    wanted = [line for line in lines if line[1]]
    balanced(amount for _, amount, _ in wanted)
    if not wanted:
        return
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
    for role, amount, customer_id in wanted:
        unit.add(
            JournalLine(
                entry_id=entry.id,
                company_id=document.company_id,
                role=role,
                customer_id=customer_id,
                currency_code=currency_code,
                amount=amount,
            )
        )


def balanced(amounts: Iterable[int]) -> None:
    """An entry that does not sum to zero is a defect, in whatever mode (L1)."""
    sides = list(amounts)
    if sum(sides):
        raise ValueError(f"An entry must balance: {sides}.")


def held_in(mode: str, role: AccountRole) -> AccountRole:
    """The account of money that is only held: FULL has a role for it, in the other modes Cash stands in (X-16)."""
    return role if mode == "FULL" else AccountRole.CASH
