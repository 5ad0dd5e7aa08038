"""Number series as clients see them, and what auditing one tells."""

from datetime import date, datetime
from typing import Any

import strawberry

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.queries.numbers_audit import MOST_FINDINGS, NumberFinding
from gql_sales.schema.directives import scopes
from gql_sales.schema.enums import described
from gql_sales.schema.nodes import text

described(NumberFinding)
_READ = [scopes("numbers:read")]


@strawberry.type(description="The counter of one kind of document.", directives=_READ)
class NumberSeriesInfo:
    """Its row is the lock that keeps numbers unbroken."""

    kind: SeriesKind = text("Which documents it numbers.")
    prefix: str = text("What every number begins with.")
    last_value: int = text("The last number given, without prefix; 0 before the first.")
    last_dated_on: date | None = text("Latest date of the numbers given; null before the first.")
    last_issued_at: datetime | None = text("When the last number was given; null before the first.")

    @strawberry.field(description="The last number given, as documents show it; null before the first.")
    def last_number(self: Any) -> str | None:
        """At least six digits."""
        return f"{self.prefix}{self.last_value:06d}" if self.last_value else None

    @strawberry.field(description="True when it gives no more numbers.")
    def is_closed(self: Any) -> bool:
        """Since ``closed_at``."""
        return self.closed_at is not None


@strawberry.type(description="Something that is wrong with a number series.", directives=_READ)
class NumberFindingInfo:
    """One number, or a range of missing ones."""

    kind: NumberFinding = text("What is wrong.")
    first_value: int | None = text("The number without prefix; null when the document's is none of this series.")
    last_value: int | None = text("The same, or the last one of a gap.")
    document_id: strawberry.ID | None = text("The document it is about, to be fetched with node.")
    message: str = text("English text with the figures.")


@strawberry.type(description="How often one kind of finding was made.", directives=_READ)
class NumberFindingCountInfo:
    """Also counts what the list of findings is too short for."""

    kind: NumberFinding = text("What is wrong.")
    count: int = text("How often.")


@strawberry.type(description="What the numbers of a series look like to an auditor.", directives=_READ)
class NumberSeriesAuditSummary:
    """Computed from the assignments and the documents when it is asked for."""

    series: NumberSeriesInfo = text("The series.")
    first_value: int = text("First number looked at.")
    last_value: int = text("Last number looked at.")
    is_unbroken: bool = text(
        "True when every number was given once, in time, to a document that carries it; dates may be out of order."
    )
    is_in_date_order: bool = text("True when no number is dated before an earlier one.")
    counts: list[NumberFindingCountInfo] = text("Every kind of finding with how often it was made, 0 included.")
    findings: list[NumberFindingInfo] = text(f"The findings by number, at most {MOST_FINDINGS}.")
