"""Fields about number series."""

from typing import Annotated, Any

import strawberry

from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.queries.numbers_audit import NUMBERED, NumberFinding, audit, series_list
from gql_sales.kernel.ids import encode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost, SemanticNonNull, scopes
from gql_sales.schema.numbers import (
    NumberFindingCountInfo,
    NumberFindingInfo,
    NumberSeriesAuditSummary,
    NumberSeriesInfo,
)

_READ = [scopes("numbers:read"), SemanticNonNull()]


@strawberry.type
class NumberQuery:
    """Reading number series."""

    @strawberry.field(description="The number series of the company, by kind, at most 50.", directives=_READ)
    async def number_series(self, info: Info) -> list[NumberSeriesInfo] | None:
        """One statement."""
        return list(await info.context.database.read(series_list(info.context.principal)))  # type: ignore[arg-type]

    @strawberry.field(
        description="Whether the numbers of a series are unbroken: gaps, duplicates, order, and their documents.",
        directives=[*_READ, Cost(weight=50)],
    )
    async def number_series_audit(
        self,
        info: Info,
        series: Annotated[SeriesKind, strawberry.argument(description="Which series.")],
        from_: Annotated[
            int | None, strawberry.argument(name="from", description="First number, without prefix; 1 when absent.")
        ] = None,
        to: Annotated[
            int | None, strawberry.argument(description="Last number, without prefix; the last given when absent.")
        ] = None,
    ) -> NumberSeriesAuditSummary | None:
        """Two statements; null when the company has no such series."""
        context = info.context
        rows: Any = await context.database.read(series_list(context.principal))
        found = next((row for row in rows if row.kind == series), None)
        if found is None:
            return None
        first = 1 if from_ is None else from_
        last = found.last_value if to is None else to
        if first < 1 or (to is not None and to < first):
            raise RequestError(Code.BAD_USER_INPUT, "The range begins at 1 or later and does not end before it begins.")
        # Without an end, numbers that the counter does not know of are looked at as well.
        findings = await context.database.read(audit(context.principal, series, first, to or LAST))
        return _summary(found, first, last, findings)


LAST = 2**31 - 1


def _summary(series: Any, first: int, last: int, rows: Any) -> NumberSeriesAuditSummary:  # noqa: ANN401 (rows)
    counts = dict.fromkeys(NumberFinding, 0) | {NumberFinding(row.finding): row.total for row in rows}
    dates = counts[NumberFinding.DATE_OUT_OF_ORDER]
    type_name = NUMBERED[series.kind].__name__
    return NumberSeriesAuditSummary(
        series=series,
        first_value=first,
        last_value=last,
        is_unbroken=sum(counts.values()) == dates,
        is_in_date_order=dates == 0,
        counts=[NumberFindingCountInfo(kind=kind, count=count) for kind, count in counts.items()],
        findings=[
            NumberFindingInfo(
                kind=NumberFinding(row.finding),
                first_value=row.first,
                last_value=row.last,
                document_id=strawberry.ID(encode_id(type_name, row.document_id)) if row.document_id else None,
                message=row.message,
            )
            for row in rows
        ],
    )
