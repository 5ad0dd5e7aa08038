"""The ledger as clients see it: entries with their lines, and the trial balance."""

from datetime import date, datetime
from typing import Any

import strawberry

from gql_sales.db.models.ledger import AccountRole, JournalEvent
from gql_sales.kernel.ids import encode_id
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Money, Node, money_field, text
from gql_sales.schema.relations import many


@strawberry.type(description="One side of a journal entry.", directives=[scopes("journals:read")])
class JournalLine:
    """Lines of an entry sum to zero per currency."""

    role: AccountRole = text("Role of the account.")
    amount: Money = money_field("amount", "Debit above zero, credit below.")


@strawberry.type(description="One balanced posting.", directives=[scopes("journals:read")])
class JournalEntry(Node):
    """Never changed; corrections are new entries."""

    event: JournalEvent = text("Which of the ledger events it records.")
    document_type: str = text("GraphQL type of the document that caused it.")
    posted_on: date = text("Day that it counts for.")
    created_at: datetime = text("When it was written.")
    lines: list[JournalLine] = many("JournalEntry.lines", "Its lines, at most 20.")

    @strawberry.field(description="The document that caused it, to be fetched with node.")
    def document_id(self: Any) -> strawberry.ID:
        """Of the type that ``document_type`` names."""
        return strawberry.ID(encode_id(self.document_type, self.document_id))


@strawberry.type(description="What one account holds in one currency.", directives=[scopes("journals:read")])
class TrialBalanceLine:
    """Turnover of both sides, and their difference."""

    role: AccountRole = text("Role of the account.")
    code: str = text("Code of the account in the company's chart.")
    name: str = text("Name of the account.")
    debit: Money = money_field("debit_amount", "Sum of all debits.")
    credit: Money = money_field("credit_amount", "Sum of all credits, above zero.")
    balance: Money = money_field("balance_amount", "Debit less credit.")


@strawberry.type(description="Every account's balance.", directives=[scopes("journals:read")])
class TrialBalanceSummary:
    """Computed from the journal when it is asked for."""

    as_of: date | None = text("Last day that counts; null when every entry does.")
    is_balanced: bool = text("True when the balances sum to zero in every currency.")
    lines: list[TrialBalanceLine] = text("Accounts with entries by code and currency, at most 500.")
