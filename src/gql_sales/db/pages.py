"""Keyset pages: a list is read from where the last page ended, never by counting rows from the start."""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Executable, Row, Select, and_, func, literal, or_, select, tuple_

from gql_sales.db.engine import Database
from gql_sales.kernel.request_errors import Code, RequestError

Statement = Select[*tuple[Any, ...]]
Counter = Callable[[], Awaitable[tuple[int, bool]]]
"""Tells the number of rows of a list, and whether it is exact."""

DEFAULT_SIZE = 25
LARGEST_SIZE = 100
COUNT_CAP = 10_000
SIGNATURE = 12


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


class Columns(Protocol):
    """Columns of a statement or of a subquery, by name."""

    def __getitem__(self, name: str, /) -> ColumnElement[Any]:
        """The column."""
        ...


@dataclass(frozen=True)
class Key:
    """One part of the order of a list: a column that no row lacks, by the name that it has in the statement."""

    name: str
    kind: type = UUID
    is_descending: bool = True

    def read(self, value: object) -> object:
        """The value of a cursor as the column has it."""
        return _READERS.get(self.kind, self.kind)(value)


NEWEST_FIRST = (Key("id"),)
Values = tuple[Any, ...]
"""One value for each key: the position of a row in its list."""
_READERS: Mapping[type, Callable[[Any], object]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
}


@dataclass(frozen=True)
class Cursors:
    """Signs cursors and binds them to one list with its order and filter, so that none is made up or used elsewhere."""

    secret: bytes
    scope: str

    def encode(self, values: Values) -> str:
        """An opaque position."""
        raw = orjson.dumps([value if isinstance(value, int) else str(value) for value in values])
        return base64.urlsafe_b64encode(self._sign(raw) + raw).decode().rstrip("=")

    def decode(self, cursor: str, keys: Sequence[Key]) -> Values:
        """The values behind a cursor of this list; INVALID_CURSOR for any other text."""
        try:
            signed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            signed = b""
        signature, raw = signed[:SIGNATURE], signed[SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(raw)):
            raise RequestError(Code.INVALID_CURSOR, "The cursor does not belong to this list, sort and filter.")
        return tuple(key.read(value) for key, value in zip(keys, orjson.loads(raw), strict=True))

    def _sign(self, raw: bytes) -> bytes:
        return hmac.new(self.secret, self.scope.encode() + b"\0" + raw, hashlib.sha256).digest()[:SIGNATURE]


@dataclass(frozen=True)
class Window:
    """The stretch of a list that a page is made of, in the order of its keys; from its end when backwards."""

    size: int
    is_backwards: bool
    after: Values | None
    before: Values | None
    keys: tuple[Key, ...] = NEWEST_FIRST

    def cut(self, statement: Statement) -> Statement:
        """The rows of the stretch, and one more when more follow."""
        columns = statement.selected_columns
        return self.bounded(statement, columns).order_by(*self.order(columns)).limit(self.size + 1)

    def bounded(self, statement: Statement, columns: Columns) -> Statement:
        """The rows between the two ends."""
        for values, is_after in ((self.after, True), (self.before, False)):
            if values is not None:
                statement = statement.where(self._beyond(columns, values, is_after=is_after))
        return statement

    def order(self, columns: Columns) -> list[ColumnElement[Any]]:
        """The order in which rows are read."""
        return [
            columns[key.name].desc() if key.is_descending is not self.is_backwards else columns[key.name].asc()
            for key in self.keys
        ]

    def page(self, read: Sequence[Row[Any]], cursors: Cursors, count: Counter) -> Page:
        """The page of the rows that were read, in the order of the list in both directions of reading."""
        more, rows = len(read) > self.size, list(read[: self.size])
        if self.is_backwards:
            rows.reverse()
        return Page(
            rows,
            [cursors.encode(tuple(getattr(row, key.name) for key in self.keys)) for row in rows],
            has_next=bool(self.before) if self.is_backwards else more,
            has_previous=more if self.is_backwards else bool(self.after),
            count=count,
        )

    def _beyond(self, columns: Columns, values: Values, *, is_after: bool) -> ColumnElement[bool]:
        """Rows on one side of a position; where all keys have one direction, as one comparison that an index serves."""
        ends = [
            (columns[key.name], literal(value, columns[key.name].type), key.is_descending is is_after)
            for key, value in zip(self.keys, values, strict=True)
        ]
        if len({is_below for _, _, is_below in ends}) == 1:
            left, right = tuple_(*[column for column, _, _ in ends]), tuple_(*[value for _, value, _ in ends])
            return left < right if ends[0][2] else left > right
        steps = [
            and_(*[column == value for column, value, _ in ends[:index]], _side(*end)) for index, end in enumerate(ends)
        ]
        column, value, is_below = ends[0]
        return and_(column <= value if is_below else column >= value, or_(*steps))


def _side(column: ColumnElement[Any], value: ColumnElement[Any], is_below: bool) -> ColumnElement[bool]:
    return column < value if is_below else column > value


def window(request: PageRequest, cursors: Cursors, keys: tuple[Key, ...] = NEWEST_FIRST) -> Window:
    """What the request means; INVALID_CURSOR for a cursor of another list."""
    return Window(
        request.size,
        request.last is not None,
        cursors.decode(request.after, keys) if request.after else None,
        cursors.decode(request.before, keys) if request.before else None,
        keys,
    )


async def read_page(
    database: Database,
    statement: Statement,
    request: PageRequest,
    cursors: Cursors,
    keys: tuple[Key, ...] = NEWEST_FIRST,
) -> Page:
    """One page of the statement's rows."""
    wanted = window(request, cursors, keys)
    rows = await database.read(wanted.cut(statement))
    return wanted.page(rows, cursors, lambda: count(database, statement))


async def count(database: Database, statement: Statement) -> tuple[int, bool]:
    """Number of rows up to 10,000, and whether it is exact."""
    return capped_count((await database.read(counting(statement)))[0][0])


def counting(statement: Statement) -> Executable:
    """Counts the rows of the statement, and stops behind the cap."""
    capped = statement.with_only_columns(statement.selected_columns.id).order_by(None).limit(COUNT_CAP + 1).subquery()
    return select(func.count()).select_from(capped)


def capped_count(found: int) -> tuple[int, bool]:
    """The number of rows that counting found before it stopped behind the cap, and whether it is exact."""
    return min(found, COUNT_CAP), found <= COUNT_CAP
