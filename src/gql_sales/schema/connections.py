"""Connections: pages of a list with cursors, in the shape that Relay clients know."""

import hashlib
from typing import Annotated, Any, Generic, TypeVar

import orjson
import strawberry

from gql_sales.db.pages import Cursors, Page
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost
from gql_sales.schema.nodes import text

T = TypeVar("T")

First = Annotated[
    int | None,
    strawberry.argument(description="Size of a forward page, 1 to 100; 25 when neither first nor last is given."),
]
After = Annotated[str | None, strawberry.argument(description="Cursor to read after.")]
Last = Annotated[int | None, strawberry.argument(description="Size of a backward page, 1 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="Cursor to read before.")]


@strawberry.type(description="Number of matching rows.")
class Count:
    """Counted only when selected."""

    exact: bool = text("False when counting stopped at the cap.")
    value: int = text("Counted rows, at most 10000.")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Both ends of the page."""

    end_cursor: str | None = text("Cursor of the last edge.")
    has_next_page: bool = text("True when more follow.")
    has_previous_page: bool = text("True when some come before.")
    start_cursor: str | None = text("Cursor of the first edge.")


@strawberry.type(description="One object within a page.")
class Edge(Generic[T]):
    """An object with its position."""

    cursor: str = text("Position of the object.")
    node: T = text("The object.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Made from a page of rows."""

    page: strawberry.Private[Page]

    @strawberry.field(description="Objects with their cursors.")
    def edges(self) -> list[Edge[T]]:
        """One edge per row."""
        pairs: Any = zip(self.page.cursors, self.page.rows, strict=True)
        return [Edge(cursor=cursor, node=row) for cursor, row in pairs]

    @strawberry.field(description="Objects without cursors.")
    def nodes(self) -> list[T]:
        """The rows."""
        rows: Any = self.page.rows
        return list(rows)

    @strawberry.field(description="Where the page lies.")
    def page_info(self) -> PageInfo:
        """Both ends."""
        cursors = self.page.cursors
        return PageInfo(
            end_cursor=cursors[-1] if cursors else None,
            has_next_page=self.page.has_next,
            has_previous_page=self.page.has_previous,
            start_cursor=cursors[0] if cursors else None,
        )

    @strawberry.field(description="Number of matching rows, counted up to 10000.", directives=[Cost(weight=10)])
    async def total_count(self) -> Count | None:
        """Only when selected."""
        value, exact = await self.page.count()
        return Count(value=value, exact=exact)


def cursors_of(info: Info, name: str, filter_: object = None) -> Cursors:
    """The cursors of a list, which are bound to its name and filter."""
    scope = name.encode() + orjson.dumps(filter_, default=str, option=orjson.OPT_SORT_KEYS)
    return Cursors(info.context.settings.cursor_key, hashlib.sha256(scope).hexdigest())
