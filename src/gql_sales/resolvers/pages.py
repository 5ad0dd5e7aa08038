"""From a list's arguments to a connection: every list field ends here."""

import hashlib
from typing import Annotated, Any

import orjson
import strawberry

from gql_sales.db.pages import Cursors, PageRequest, Statement, read_page
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info

First = Annotated[
    int | None,
    strawberry.argument(description="Size of a forward page, 1 to 100; 25 when neither first nor last is given."),
]
After = Annotated[str | None, strawberry.argument(description="Cursor to read after.")]
Last = Annotated[int | None, strawberry.argument(description="Size of a backward page, 1 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="Cursor to read before.")]


async def page_of(
    info: Info,
    name: str,
    statement: Statement,
    request: PageRequest,
    filter_: object = None,
) -> Connection[Any]:
    """The page as a connection; its cursors are bound to the list's name and filter."""
    scope = name.encode() + orjson.dumps(filter_, default=str, option=orjson.OPT_SORT_KEYS)
    cursors = Cursors(info.context.settings.cursor_key, hashlib.sha256(scope).hexdigest())
    page = await read_page(info.context.database, statement, request, cursors)
    return Connection(page=page)
