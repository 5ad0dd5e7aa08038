"""Relation fields: each goes through a dataloader, so that a page of a hundred costs what a page of one costs."""

from typing import Any

import strawberry

from gql_sales.schema.context import Info


def many(relation: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The children of a row by a relation of db/queries/reading.py, such as ``Order.items``."""

    async def resolve(root: Any, info: Info) -> Any:  # noqa: ANN401 (rows)
        return await info.context.loaders.children(relation, root.id)

    return strawberry.field(resolver=resolve, description=description)


def one(type_name: str, column: str, description: str) -> Any:  # noqa: ANN401
    """The row behind a foreign key; null when there is none or the caller may not see it."""

    async def resolve(root: Any, info: Info) -> Any:  # noqa: ANN401 (a row)
        id_ = getattr(root, column)
        return None if id_ is None else await info.context.loaders.node(type_name, id_)

    return strawberry.field(resolver=resolve, description=description)
