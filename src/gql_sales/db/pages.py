"""Keyset pages: a list is read from where the last page ended, never by counting rows from the start."""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select

from gql_sales.db.engine import Database
from gql_sales.kernel.request_errors import Code, RequestError

Statement = Select[*tuple[Any, ...]]
Counter = Callable[[], Awaitable[tuple[int, bool]]]
"""Tells the number of rows of a list, and whether it is exact."""

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
    """Rows of a page with their cursors; ``count`` counts the whole list when it is asked for."""

    rows: Sequence[Row[Any]]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool
    count: Counter


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


@dataclass(frozen=True)
class Window:
    """The stretch of a list that a page is made of, in the order of ids: newest first, oldest first when backwards."""

    size: int
    is_backwards: bool
    after: UUID | None
    before: UUID | None

    def cut(self, statement: Statement) -> Statement:
        """The rows of the stretch, and one more when more follow."""
        id_column = statement.selected_columns.id
        if self.after:
            statement = statement.where(id_column < self.after)
        if self.before:
            statement = statement.where(id_column > self.before)
        return statement.order_by(self.order(id_column)).limit(self.size + 1)

    def order(self, id_column: ColumnElement[UUID]) -> ColumnElement[UUID]:
        """The order in which rows are read."""
        return id_column.asc() if self.is_backwards else id_column.desc()

    def page(self, read: Sequence[Row[Any]], cursors: Cursors, count: Counter) -> Page:
        """The page of the rows that were read, newest first in both directions of reading."""
        more, rows = len(read) > self.size, list(read[: self.size])
        if self.is_backwards:
            rows.reverse()
        return Page(
            rows,
            [cursors.encode(row.id) for row in rows],
            has_next=bool(self.before) if self.is_backwards else more,
            has_previous=more if self.is_backwards else bool(self.after),
            count=count,
        )


def window(request: PageRequest, cursors: Cursors) -> Window:
    """What the request means; INVALID_CURSOR for a cursor of another list."""
    return Window(
        request.size,
        request.last is not None,
        cursors.decode(request.after) if request.after else None,
        cursors.decode(request.before) if request.before else None,
    )


async def read_page(database: Database, statement: Statement, request: PageRequest, cursors: Cursors) -> Page:
    """One page of the statement's rows."""
    wanted = window(request, cursors)
    rows = await database.read(wanted.cut(statement))
    return wanted.page(rows, cursors, lambda: count(database, statement))


async def count(database: Database, statement: Statement) -> tuple[int, bool]:
    """Number of rows up to 10,000, and whether it is exact."""
    capped = statement.with_only_columns(statement.selected_columns.id).order_by(None).limit(COUNT_CAP + 1).subquery()
    return capped_count((await database.read(select(func.count()).select_from(capped)))[0][0])


def capped_count(found: int) -> tuple[int, bool]:
    """The number of rows that counting found before it stopped behind the cap, and whether it is exact."""
    return min(found, COUNT_CAP), found <= COUNT_CAP
