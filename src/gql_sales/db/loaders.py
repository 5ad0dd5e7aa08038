"""Dataloaders of one operation: every relation is one statement for all parents, whatever their number (C-45)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from aiodataloader import DataLoader
from sqlalchemy import Row

from gql_sales.db.engine import Database
from gql_sales.db.queries.reading import CHILDREN, SOURCES, Relation
from gql_sales.kernel.principals import Principal


class Loaders:
    """Loads rows by id and children by parent, as far as the principal may see them."""

    def __init__(self, database: Database, principal: Principal) -> None:
        """Loaders are made when they are first asked for, and live as long as the operation."""
        self._database = database
        self._principal = principal
        self._loaders: dict[str, DataLoader[UUID, Any]] = {}

    async def node(self, type_name: str, id_: UUID) -> Row[Any] | None:
        """The row of a type by id; None when it is absent or not visible."""
        relation = Relation(SOURCES[type_name], "id")
        loader = self._loader(f"{type_name}#id", relation, is_list=False)
        found: Row[Any] | None = await loader.load(id_)
        return found

    async def children(self, relation: str, parent_id: UUID) -> list[Row[Any]]:
        """The rows of a relation such as ``Order.items`` below one parent, in the relation's order."""
        found: list[Row[Any]] = await self._loader(relation, CHILDREN[relation], is_list=True).load(parent_id)
        return found

    def clear(self) -> None:
        """Forget everything, after a change."""
        self._loaders.clear()

    def _loader(self, name: str, relation: Relation, *, is_list: bool) -> DataLoader[UUID, Any]:
        if name not in self._loaders:

            async def load(ids: Sequence[UUID]) -> list[Any]:
                rows = await self._database.read(relation.statement(self._principal), {"ids": list(ids)})
                return _grouped(ids, rows) if is_list else _single(ids, rows)

            self._loaders[name] = DataLoader(load, max_batch_size=1000)
        return self._loaders[name]


def _single(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> list[Any]:
    found = {row.parent_key: row for row in rows}
    return [found.get(id_) for id_ in ids]


def _grouped(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> list[Any]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.parent_key].append(row)
    return [found[id_] for id_ in ids]
