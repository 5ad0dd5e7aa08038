"""One search box for everything that people look for by a number or a name."""

import asyncio
from typing import Annotated, Any

import strawberry

from gql_sales.db.listings.listing import Asked
from gql_sales.db.listings.registry import LISTINGS
from gql_sales.db.listings.search import Hits, find
from gql_sales.db.pages import Window
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost, SemanticNonNull, scopes
from gql_sales.schema.enums import SearchType
from gql_sales.schema.lists import query_of
from gql_sales.schema.nodes import Node

MOST_OF_EACH = 25


@strawberry.type
class SearchQuery:
    """Looking in many places at once."""

    @strawberry.field(
        description="Documents, customers and products that fit a text, grouped by type, each newest first.",
        directives=[scopes("search:read"), SemanticNonNull(), Cost(weight=50)],
    )
    async def search(
        self,
        info: Info,
        query: Annotated[
            str,
            strawberry.argument(
                description="Beginning of a number or reference, words of a name; accents and case do not count."
            ),
        ],
        types: Annotated[
            list[SearchType] | None, strawberry.argument(description="Only these types; all when absent.")
        ] = None,
        first: Annotated[int, strawberry.argument(description="How many of each type, 1 to 25.")] = 5,
    ) -> list[Node] | None:
        """One or two statements for each type; types that the caller may not read are left out."""
        if not 1 <= first <= MOST_OF_EACH:
            raise RequestError(Code.BAD_USER_INPUT, f"A search gives 1 to {MOST_OF_EACH} of each type.")
        text = query_of(query)
        if text is None:
            return []
        schema: Any = info.schema
        names = [type_.value for type_ in dict.fromkeys(types if types is not None else SearchType)]
        allowed = [name for name in names if schema.allows(info.context.principal, name)]
        hits = await find(info.context.database, info.context.principal, text)
        found = await asyncio.gather(*[_found(info, name, text, hits, first) for name in allowed])
        return [row for rows in found for row in rows]


async def _found(info: Info, type_name: str, text: str, hits: Hits, first: int) -> list[Any]:
    database, principal = info.context.database, info.context.principal
    listing = LISTINGS[type_name]
    parts = await listing.parts(database, principal, Asked(query=text), hits)
    window = Window(first, is_backwards=False, after=None, before=None)
    return list(await database.read(listing.page(parts, window)))[:first]
