"""Relation fields: each goes through a dataloader, so that a page of a hundred costs what a page of one costs."""

from typing import Any
from uuid import UUID

import strawberry

from gql_sales.db.pages import PageRequest, window
from gql_sales.schema.connections import After, Before, Connection, First, Last, cursors_of
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import money


def many(relation: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The children of a row by a relation of db/queries/reading.py, such as ``Order.items``."""

    async def resolve(root: Any, info: Info) -> Any:  # noqa: ANN401 (rows)
        return await info.context.loaders.children(relation, root.id)

    return strawberry.field(resolver=resolve, description=description)


async def document_of(info: Info, type_name: str, id_: UUID) -> Any:  # noqa: ANN401 (a row)
    """The row of any type; null when the caller lacks the scope of the type or may not see the row."""
    schema: Any = info.schema
    allowed = schema.allows(info.context.principal, type_name)
    return await info.context.loaders.node(type_name, id_) if allowed else None


def pages(relation: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """A connection below a row by a list of db/queries/nested.py, such as ``Customer.orders``."""

    async def resolve(
        root: Any,  # noqa: ANN401 (a row)
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:  # noqa: ANN401 (a connection)
        return await page_below(info, relation, root.id, PageRequest(first, after, last, before))

    return strawberry.field(resolver=resolve, description=description)


def sums(relation: str, description: str, scope: str) -> Any:  # noqa: ANN401 (a field)
    """Amounts by currency that the database sums for all rows of the operation at once; see Sums of reading.py."""

    async def resolve(root: Any, info: Info) -> Any:  # noqa: ANN401 (money)
        rows = await info.context.loaders.children(relation, root.id)
        return [money(row.amount, row.currency_code) for row in rows]

    return strawberry.field(resolver=resolve, description=description, directives=[scopes(scope)])


async def page_below(info: Info, relation: str, parent_id: UUID, request: PageRequest) -> Connection[Any]:
    """One page of the list below the parent; its cursors are of no use below another one."""
    loaders, cursors = info.context.loaders, cursors_of(info, relation, parent_id)
    wanted = window(request, cursors)
    rows = await loaders.stretch(relation, parent_id, wanted)
    return Connection(page=wanted.page(rows, cursors, lambda: loaders.count(relation, parent_id)))


def one(type_name: str, column: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The row behind a foreign key; null when there is none or the caller may not see it."""

    async def resolve(root: Any, info: Info) -> Any:  # noqa: ANN401 (a row)
        id_ = getattr(root, column)
        return None if id_ is None else await info.context.loaders.node(type_name, id_)

    return strawberry.field(resolver=resolve, description=description)
