"""Dataloaders of one operation: every relation is one statement for all parents, whatever their number (C-45)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from aiodataloader import DataLoader
from sqlalchemy import Executable, Row

from gql_sales.db.engine import Database
from gql_sales.db.pages import Window, capped_count
from gql_sales.db.queries.nested import NESTED
from gql_sales.db.queries.reading import CHILDREN, SOURCES, Relation
from gql_sales.kernel.principals import Principal

Gather = Callable[[Sequence[UUID], Sequence[Row[Any]]], list[Any]]
"""Gives each parent what is its own of the rows."""


class Loaders:
    """Loads rows by id and children by parent, as far as the principal may see them."""

    def __init__(self, database: Database, principal: Principal) -> None:
        """Loaders are made when they are first asked for, and live as long as the operation."""
        self._database = database
        self._principal = principal
        self._loaders: dict[object, DataLoader[UUID, Any]] = {}

    async def node(self, type_name: str, id_: UUID) -> Row[Any] | None:
        """The row of a type by id; None when it is absent or not visible."""
        relation = Relation(SOURCES[type_name], "id")
        found: Row[Any] | None = await self._loader((type_name, "id"), relation.statement, _single).load(id_)
        return found

    async def children(self, relation: str, parent_id: UUID) -> list[Row[Any]]:
        """The rows of a relation such as ``Order.items`` below one parent, in the relation's order."""
        found: list[Row[Any]] = await self._loader(relation, CHILDREN[relation].statement, _grouped).load(parent_id)
        return found

    async def stretch(self, relation: str, parent_id: UUID, window: Window) -> list[Row[Any]]:
        """The window of a list such as ``Customer.orders`` below one parent, and one row more when more follow."""

        def statement(principal: Principal) -> Executable:
            return NESTED[relation].page(principal, window)

        found: list[Row[Any]] = await self._loader((relation, window), statement, _grouped).load(parent_id)
        return found

    async def count(self, relation: str, parent_id: UUID) -> tuple[int, bool]:
        """The length of such a list up to 10,000, and whether it is exact."""
        found: Row[Any] | None = await self._loader((relation, "count"), NESTED[relation].count, _single).load(
            parent_id
        )
        return capped_count(found.value if found else 0)

    def clear(self) -> None:
        """Forget everything, after a change."""
        self._loaders.clear()

    def _loader(
        self, key: object, statement: Callable[[Principal], Executable], gather: Gather
    ) -> DataLoader[UUID, Any]:
        if key not in self._loaders:

            async def load(ids: Sequence[UUID]) -> list[Any]:
                rows = await self._database.read(statement(self._principal), {"ids": list(ids)})
                return gather(ids, rows)

            self._loaders[key] = DataLoader(load, max_batch_size=1000)
        return self._loaders[key]


def _single(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> list[Any]:
    found = {row.parent_key: row for row in rows}
    return [found.get(id_) for id_ in ids]


def _grouped(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> list[Any]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.parent_key].append(row)
    return [found[id_] for id_ in ids]
