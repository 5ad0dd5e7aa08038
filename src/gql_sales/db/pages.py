"""Keyset pages: a list is read from where the last page ended, never by counting rows from the start."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from gql_sales.db.engine import Database
from gql_sales.kernel.request_errors import Code, RequestError

Statement = Select[*tuple[Any, ...]]

DEFAULT_SIZE = 25
LARGEST_SIZE = 100
COUNT_CAP = 10_000


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is wanted: ``first`` after a cursor or ``last`` before one, newest first."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        """Number of rows, 1 to 100; BAD_USER_INPUT outside, or when both directions are asked for."""
        if self.first is not None and self.last is not None:
            raise RequestError(Code.BAD_USER_INPUT, "Use either first or last, not both.")
        size = self.first if self.first is not None else self.last
        if size is None:
            return DEFAULT_SIZE
        if not 1 <= size <= LARGEST_SIZE:
            raise RequestError(Code.BAD_USER_INPUT, f"A page has 1 to {LARGEST_SIZE} rows.")
        return size


@dataclass(frozen=True)
class Page:
    """Rows of a page with their cursors; ``statement`` counts the whole list when it is asked for."""

    rows: Sequence[Row[Any]]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool
    statement: Statement


@dataclass(frozen=True)
class Cursors:
    """Signs cursors and binds them to one list with its filter, so that none can be made up or used elsewhere."""

    secret: bytes
    scope: str

    def encode(self, id_: UUID) -> str:
        """An opaque position."""
        return base64.urlsafe_b64encode(id_.bytes + self._sign(id_.bytes)).decode().rstrip("=")

    def decode(self, cursor: str) -> UUID:
        """The id behind a cursor of this list; INVALID_CURSOR for any other text."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raw = b""
        if len(raw) != 28 or not hmac.compare_digest(raw[16:], self._sign(raw[:16])):
            raise RequestError(Code.INVALID_CURSOR, "The cursor does not belong to this list, sort and filter.")
        return UUID(bytes=raw[:16])

    def _sign(self, raw: bytes) -> bytes:
        return hmac.new(self.secret, self.scope.encode() + b"\0" + raw, hashlib.sha256).digest()[:12]


async def read_page(
    database: Database,
    statement: Statement,
    request: PageRequest,
    cursors: Cursors,
) -> Page:
    """One page of the statement's rows, newest (largest id) first in both directions of reading."""
    id_column = statement.selected_columns.id
    backwards = request.last is not None
    size = request.size
    paged = statement
    if request.after:
        paged = paged.where(id_column < cursors.decode(request.after))
    if request.before:
        paged = paged.where(id_column > cursors.decode(request.before))
    paged = paged.order_by(id_column.asc() if backwards else id_column.desc()).limit(size + 1)
    rows = list(await database.read(paged))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return Page(
        rows,
        [cursors.encode(row.id) for row in rows],
        has_next=bool(request.before) if backwards else more,
        has_previous=more if backwards else bool(request.after),
        statement=statement,
    )


async def count(database: Database, statement: Statement) -> tuple[int, bool]:
    """Number of rows up to 10,000, and whether it is exact."""
    capped = statement.with_only_columns(statement.selected_columns.id).order_by(None).limit(COUNT_CAP + 1).subquery()
    value = (await database.read(select(func.count()).select_from(capped)))[0][0]
    return min(value, COUNT_CAP), value <= COUNT_CAP
