"""Taking numbers: one counter row per series, locked last, waiting and never failing (domain.md 6)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gql_sales.db.models.numbers import NumberAssignment, NumberSeries, SeriesKind


@dataclass(frozen=True, slots=True)
class Taken:
    """One number: its series, its place in it, how it is shown, and when it was given.

    ``previous_dated_on`` is the latest date of the numbers before it.
    """

    series_id: UUID
    value: int
    text: str
    issued_at: datetime
    previous_dated_on: date | None


_LATER = func.greatest(NumberSeries.last_issued_at, func.clock_timestamp())


async def take_numbers(session: AsyncSession, company_id: UUID, kind: SeriesKind, dates: list[date]) -> list[Taken]:
    """The next numbers of the series, one per date, in order; the counter row stays locked until the commit.

    Instants never go back within a series, whatever the clocks of the servers (reliability.md N3).
    Empty when the series is closed or does not exist.
    """
    latest = max(dates)
    old = (
        select(NumberSeries.id, NumberSeries.last_dated_on)
        .where(NumberSeries.company_id == company_id, NumberSeries.kind == kind, NumberSeries.closed_at.is_(None))
        .with_for_update(key_share=True)
        .cte("old")
    )
    statement = (
        update(NumberSeries)
        .where(NumberSeries.id == old.c.id)
        .values(
            last_value=NumberSeries.last_value + len(dates),
            last_issued_at=_LATER,
            last_dated_on=case((NumberSeries.last_dated_on > latest, NumberSeries.last_dated_on), else_=latest),
        )
        .returning(
            NumberSeries.id,
            NumberSeries.prefix,
            NumberSeries.last_value,
            NumberSeries.last_issued_at,
            old.c.last_dated_on.label("previous"),
        )
        .execution_options(synchronize_session=False)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return []
    return _taken(row.id, row.prefix, row.last_value - len(dates), row.last_issued_at, row.previous, dates)


async def digest_before(session: AsyncSession, number: Taken) -> bytes | None:
    """The seal of the number before; None before the first seal.

    A statement of its own: the one that waited for the counter does not see what was committed while it waited.
    """
    statement = select(NumberAssignment.digest).where(
        NumberAssignment.series_id == number.series_id, NumberAssignment.value == number.value - 1
    )
    found: bytes | None = await session.scalar(statement)
    return found


async def next_numbers(session: AsyncSession, company_id: UUID, kind: SeriesKind, dates: list[date]) -> list[Taken]:
    """The numbers that would be taken now, without taking or locking anything: for dry runs."""
    statement = select(
        NumberSeries.id, NumberSeries.prefix, NumberSeries.last_value, NumberSeries.last_dated_on, _LATER.label("at")
    ).where(NumberSeries.company_id == company_id, NumberSeries.kind == kind, NumberSeries.closed_at.is_(None))
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return []
    return _taken(row.id, row.prefix, row.last_value, row.at, row.last_dated_on, dates)


def _taken(
    series_id: UUID, prefix: str, last: int, at: datetime, previous: date | None, dates: list[date]
) -> list[Taken]:
    result = []
    for offset, dated_on in enumerate(dates, start=1):
        result.append(Taken(series_id, last + offset, f"{prefix}{last + offset:06d}", at, previous))
        previous = dated_on if previous is None else max(previous, dated_on)
    return result
