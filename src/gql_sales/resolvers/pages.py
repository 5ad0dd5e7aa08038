"""From a list's arguments to a connection: every list field at the root ends here."""

from typing import Any

from gql_sales.db.pages import PageRequest, Statement, read_page
from gql_sales.schema.connections import After, Before, Connection, First, Last, cursors_of
from gql_sales.schema.context import Info

__all__ = ["After", "Before", "First", "Last", "page_of"]


async def page_of(
    info: Info,
    name: str,
    statement: Statement,
    request: PageRequest,
    filter_: object = None,
) -> Connection[Any]:
    """The page as a connection; its cursors are bound to the list's name and filter."""
    cursors = cursors_of(info, name, filter_)
    return Connection(page=await read_page(info.context.database, statement, request, cursors))
