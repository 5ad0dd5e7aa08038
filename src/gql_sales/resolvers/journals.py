"""Fields about the ledger."""

from collections import Counter
from datetime import date
from typing import Annotated

import strawberry

from gql_sales.db.queries.ledger import trial_balance
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost, SemanticNonNull, scopes
from gql_sales.schema.journals import JournalEntry, TrialBalanceSummary
from gql_sales.schema.lists import listed

_READ = [scopes("journals:read")]


@strawberry.type
class JournalQuery:
    """Reading the ledger."""

    journal_entries: Connection[JournalEntry] | None = listed(
        "JournalEntry", "journalEntries", "journals:read", "journal entries"
    )

    @strawberry.field(
        description="Every account's debits, credits and balance, by currency.",
        directives=[*_READ, SemanticNonNull(), Cost(weight=50)],
    )
    async def trial_balance(
        self,
        info: Info,
        as_of: Annotated[
            date | None, strawberry.argument(description="Last day that counts; every entry when absent.")
        ] = None,
    ) -> TrialBalanceSummary | None:
        """Summed by the database."""
        lines = await info.context.database.read(trial_balance(info.context.principal, as_of))
        totals: Counter[str] = Counter()
        for line in lines:
            totals[line.currency_code] += line.balance_amount
        return TrialBalanceSummary(as_of=as_of, is_balanced=not any(totals.values()), lines=list(lines))  # type: ignore[arg-type]
