"""Writing a unit: one statement per table and kind of change, parents before children, whatever the number of rows.

SQLAlchemy's own flush orders rows by relationships only, which these models mostly do without, and costs several times
as much; the order of foreign keys is known, so it is used.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, inspect
from sqlalchemy.orm.attributes import instance_dict

from gql_sales.db.changes import changed_columns, column_keys, removed_children
from gql_sales.db.models.base import Base
from gql_sales.db.session import Unit
from gql_sales.db.transaction import to_json

Groups = dict[str, dict[tuple[str, ...], list[list[Any]]]]
"""Rows of values by table and columns; the rows of a group have the same columns."""


async def write(unit: Unit) -> None:
    """Send every insert, update and delete of the unit; afterwards the session holds nothing more to write."""
    inserts, updates, deletes = _inserts(unit), _updates(unit), _deletes(unit)
    tables = _tables()
    for name in reversed(tables):
        if name in deletes:
            await unit.session.send(_delete(name), [(deletes[name],)])
    for made, groups in ((_insert, inserts), (_update, updates)):
        for name in tables:
            for columns, rows in groups.get(name, {}).items():
                await unit.session.send(made(name, columns), rows)
    unit.session.expunge_all()


def _inserts(unit: Unit) -> Groups:
    found: Groups = defaultdict(lambda: defaultdict(list))
    for row in unit.session.new:
        cls: type[Base] = type(row)
        values = instance_dict(row)
        columns = tuple(key for key in column_keys(cls) if key in values)
        found[row.__tablename__][columns].append(_values(row, columns))
    return found


def _updates(unit: Unit) -> Groups:
    found: Groups = defaultdict(lambda: defaultdict(list))
    for row in unit.session.dirty:
        columns = tuple(key for key, _ in changed_columns(row))
        if columns:
            found[row.__tablename__][columns].append([row.id, *_values(row, columns)])
    for groups in found.values():
        for rows in groups.values():
            rows.sort(key=itemgetter(0))
    return found


def _deletes(unit: Unit) -> dict[str, list[Any]]:
    """Rows marked for deletion, and children taken out of a list that they cannot live without."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in [*unit.session.deleted, *removed_children(unit)]:
        found[row.__tablename__].append(row.id)
    return found


def _values(row: Base, columns: Sequence[str]) -> list[Any]:
    """The values of the columns as the driver takes them."""
    values, json = instance_dict(row), _json_columns(type(row))
    return [json[key](values[key]) if key in json else values[key] for key in columns]


@cache
def _json_columns(cls: type[Base]) -> dict[str, Callable[[Any], str | None]]:
    """How values of JSON columns are sent; None is NULL where the column says so, otherwise JSON's own null."""
    types = {key: column.type for key, column in inspect(cls).columns.items()}
    return {
        key: _text_or_null if type_.none_as_null else to_json for key, type_ in types.items() if isinstance(type_, JSON)
    }


def _text_or_null(value: object) -> str | None:
    return None if value is None else to_json(value)


@cache
def _tables() -> tuple[str, ...]:
    """Parents before children."""
    return tuple(table.name for table in Base.metadata.sorted_tables)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 (names of our own)


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    places = ", ".join(f'"{column}" = ${number}' for number, column in enumerate(columns, start=2))
    return f"UPDATE {table} SET {places} WHERE id = $1"  # noqa: S608 (names of our own)


@cache
def _delete(table: str) -> str:
    return f"DELETE FROM {table} WHERE id = ANY ($1)"  # noqa: S608 (a name of our own)
