"""Fields about the ledger."""

from collections import Counter
from datetime import date
from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.ledger import journal_entry_list, trial_balance
from gql_sales.kernel.ids import decode_any
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost, SemanticNonNull, scopes
from gql_sales.schema.journals import JournalEntry, TrialBalanceSummary
from gql_sales.schema.nodes import given, optional

_READ = [scopes("journals:read")]


@strawberry.input(description="Conditions on journal entries; all given ones must hold.")
class JournalEntryFilter:
    """What an export needs."""

    document_id: ID | None = optional("Caused by this document.")
    posted_from: date | None = optional("First day.")
    posted_until: date | None = optional("Last day.")


@strawberry.type
class JournalQuery:
    """Reading the ledger."""

    @strawberry.field(
        description="Journal entries of the company, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def journal_entries(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[JournalEntryFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[JournalEntry] | None:
        """One statement for the page."""
        wanted = filter or JournalEntryFilter()
        document_id = given(wanted.document_id)
        statement = journal_entry_list(
            info.context.principal,
            document_id=decode_any(document_id)[1] if document_id else None,
            posted_from=given(wanted.posted_from),
            posted_until=given(wanted.posted_until),
        )
        request = PageRequest(first, after, last, before)
        return await page_of(info, "journalEntries", statement, request, wanted)

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
