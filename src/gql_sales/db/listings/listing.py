"""What a list offers, and the statements that read a page of it and count it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, false, func, select, union

from gql_sales.db.engine import Database
from gql_sales.db.filters import FieldKind, FilterField, Wanted, matching
from gql_sales.db.listings.fence import fenced
from gql_sales.db.listings.search import Hits, find
from gql_sales.db.pages import COUNT_CAP, NEWEST_FIRST, Key, Statement, Window, counting
from gql_sales.db.queries.reading import SOURCES
from gql_sales.kernel.inputs import is_storable
from gql_sales.kernel.principals import Principal

Branches = Callable[[str, Hits], list[ColumnElement[bool]]]
"""The ways in which rows can match a text; each is looked up by an index of its own."""
CREATED_AT = "CREATED_AT"


@dataclass(frozen=True)
class SortField:
    """One key that a list can be sorted by; no row lacks its value."""

    description: str
    expression: Any
    kind: type


@dataclass(frozen=True)
class Sorting:
    """One key of the order that a caller asks for."""

    name: str
    is_descending: bool


@dataclass(frozen=True)
class Asked:
    """What a caller wants of a list: conditions, order, and a text that is looked for."""

    filter: Wanted = field(default_factory=dict)
    sort: tuple[Sorting, ...] = ()
    query: str | None = None


@dataclass(frozen=True)
class Listing:
    """A list of one type; the ids of rows are in the order in which these were made, which is the order by default."""

    type_name: str
    fields: Mapping[str, FilterField]
    sorts: Mapping[str, SortField] = field(default_factory=dict)
    branches: Branches | None = None
    searched: str = ""
    """What free text is compared with, as a sentence for clients."""

    def keys(self, sort: Sequence[Sorting]) -> tuple[Key, ...]:
        """The keys of the order; the id comes last, in the direction of the last one, so that an index serves it."""
        found: list[Key] = []
        for index, wanted in enumerate(sort):
            if wanted.name == CREATED_AT:
                return (*found, Key("id", UUID, wanted.is_descending))
            found.append(Key(f"sort_{index}", self.sorts[wanted.name].kind, wanted.is_descending))
        return (*found, Key("id", UUID, found[-1].is_descending)) if found else NEWEST_FIRST

    async def parts(
        self, database: Database, principal: Principal, asked: Asked, hits: Hits | None = None
    ) -> list[Statement]:
        """The visible rows that are wanted: one statement, or several when rows can match in several ways.

        ``hits`` of the text, where they are known already.
        """
        if asked.query is None or self.branches is None:
            found = [self._statement(principal, each) for each in self._apart(asked)]
            if len(found) == 1 and not self._is_read_in_order(asked):
                found = [await self._fenced(database, found[0])]
            return found
        statement = self._statement(principal, asked)
        if not is_storable(asked.query):
            return [statement.where(false())]
        hits = await find(database, principal, asked.query) if hits is None else hits
        branches = self.branches(asked.query, hits)
        return list(await asyncio.gather(*[self._fenced(database, statement.where(branch)) for branch in branches]))

    async def _fenced(self, database: Database, statement: Statement) -> Statement:
        return await fenced(database, statement, SOURCES[self.type_name].model.__tablename__)

    def _apart(self, asked: Asked) -> list[Asked]:
        """In the default order, several values of one choice are several lists, each read as its index lies."""
        several = [name for name, value in asked.filter.items() if self._choices(name, value) > 1]
        if (asked.sort and asked.sort[0].name != CREATED_AT) or len(several) != 1:
            return [asked]
        name = several[0]
        values = dict.fromkeys(asked.filter[name]["in"])
        return [replace(asked, filter={**asked.filter, name: {"in": [value]}}) for value in values]

    def _choices(self, name: str, value: Any) -> int:  # noqa: ANN401 (operators)
        is_choice = name in self.fields and self.fields[name].kind is FieldKind.CHOICE
        return len(value["in"]) if is_choice and value.keys() == {"in"} else 0

    def _is_read_in_order(self, asked: Asked) -> bool:
        """Whether an index gives the rows as they are wanted, so that nothing has to be weighed."""
        if asked.sort and asked.sort[0].name != CREATED_AT:
            return not asked.filter
        return len(asked.filter) == 0 or all(self._choices(name, value) == 1 for name, value in asked.filter.items())

    def page(self, parts: Sequence[Statement], window: Window) -> Executable:
        """The rows of the window; each of several parts gives as many as that, and the first of all count."""
        if len(parts) == 1:
            return window.cut(parts[0])
        names = [key.name for key in window.keys]
        cuts = [window.cut(part.with_only_columns(*[part.selected_columns[name] for name in names])) for part in parts]
        found = union(*cuts).subquery("found")
        source = SOURCES[self.type_name]
        rows = source.rows().add_columns(*[found.c[name] for name in names if name != "id"])
        return (
            rows.join(found, found.c.id == source.model.__table__.c.id)
            .order_by(*window.order(found.c))
            .limit(window.size + 1)
        )

    def count(self, parts: Sequence[Statement]) -> Executable:
        """Counts the rows of all parts, and stops behind the cap."""
        if len(parts) == 1:
            return counting(parts[0])
        ids = [part.with_only_columns(part.selected_columns.id).limit(COUNT_CAP + 1) for part in parts]
        return select(func.count()).select_from(union(*ids).subquery())

    def _statement(self, principal: Principal, asked: Asked) -> Statement:
        statement = SOURCES[self.type_name].select(principal)
        if asked.filter:
            statement = statement.where(matching(principal, self.fields, asked.filter))
        for key, wanted in zip(self.keys(asked.sort), asked.sort, strict=False):
            if key.name != "id":
                statement = statement.add_columns(self.sorts[wanted.name].expression.label(key.name))
        return statement
