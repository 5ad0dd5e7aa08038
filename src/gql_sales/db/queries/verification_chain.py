"""The numbers of a series in their order with the documents that carry them, for whoever recomputes the chain (L6)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from gql_sales.db.models.numbers import NumberAssignment, NumberSeries, SeriesKind

BATCH = 500


@dataclass(frozen=True)
class Link:
    """One number: its place, its seal, and the document, which is None when it is gone."""

    value: int
    digest: bytes | None
    document_id: UUID
    document: Any


async def chains(
    session: AsyncSession, kinds: Mapping[SeriesKind, type[Any]], company_id: UUID | None
) -> AsyncIterator[tuple[UUID, Sequence[Link]]]:
    """Batches of numbers, series after series, each series from its first number on."""
    statement = select(NumberSeries.id, NumberSeries.kind).where(NumberSeries.kind.in_(kinds))
    if company_id is not None:
        statement = statement.where(NumberSeries.company_id == company_id)
    for series in list(await session.execute(statement.order_by(NumberSeries.id))):
        after = 0
        while rows := list(await session.execute(_batch(series.id, after))):
            yield series.id, await _links(session, kinds[series.kind], rows)
            after = rows[-1].value
            session.expunge_all()


def _batch(series_id: UUID, after: int) -> Any:  # noqa: ANN401 (a statement)
    columns = select(NumberAssignment.value, NumberAssignment.digest, NumberAssignment.document_id)
    mine = columns.where(NumberAssignment.series_id == series_id, NumberAssignment.value > after)
    return mine.order_by(NumberAssignment.value).limit(BATCH)


async def _links(session: AsyncSession, cls: type[Any], rows: Sequence[Any]) -> list[Link]:
    ids = [row.document_id for row in rows]
    whole = select(cls).where(cls.id.in_(ids)).options(selectinload(cls.items), selectinload(cls.tax_lines))
    documents = {document.id: document for document in await session.scalars(whole)}
    return [Link(row.value, row.digest, row.document_id, documents.get(row.document_id)) for row in rows]
