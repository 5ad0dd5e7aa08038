"""Reading the journal: entries, and the balances of accounts computed where the lines lie."""

from datetime import date

from sqlalchemy import BigInteger, Executable, and_, func, select

from gql_sales.db.models.companies import Account
from gql_sales.db.models.ledger import JournalEntry, JournalLine
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal


def trial_balance(principal: Principal, as_of: date | None) -> Executable:
    """Turnover and balance of every account with lines up to the day, per currency; minor units."""
    debit = func.coalesce(func.sum(JournalLine.amount).filter(JournalLine.amount > 0), 0)
    credit = func.coalesce(-func.sum(JournalLine.amount).filter(JournalLine.amount < 0), 0)
    statement = (
        select(
            JournalLine.role,
            JournalLine.currency_code,
            Account.code,
            Account.name,
            debit.cast(BigInteger).label("debit_amount"),
            credit.cast(BigInteger).label("credit_amount"),
            func.sum(JournalLine.amount).cast(BigInteger).label("balance_amount"),
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .join(Account, and_(Account.company_id == JournalLine.company_id, Account.role == JournalLine.role))
        .where(visible(JournalEntry, principal))
        .group_by(JournalLine.role, JournalLine.currency_code, Account.code, Account.name)
        .order_by(Account.code, JournalLine.currency_code)
    )
    return statement.where(JournalEntry.posted_on <= (as_of or date.max))
