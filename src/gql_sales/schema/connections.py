"""Connections: pages of a list with cursors, in the shape that Relay clients know."""

from typing import Any, Generic, TypeVar

import strawberry

from gql_sales.db.pages import Page, count
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost
from gql_sales.schema.nodes import text

T = TypeVar("T")


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
    async def total_count(self, info: Info) -> Count | None:
        """Only when selected."""
        value, exact = await count(info.context.database, self.page.statement)
        return Count(value=value, exact=exact)
