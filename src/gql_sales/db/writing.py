"""Writing a unit: one statement per table and kind of change, parents before children, whatever the number of rows.

SQLAlchemy's own flush orders rows by relationships only, which these models mostly do without, and costs several times
as much; the order of foreign keys is known, so it is used.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, delete, insert, inspect, update

from gql_sales.db.models.base import Base
from gql_sales.db.session import Unit

Values = dict[str, Any]


async def write(unit: Unit) -> None:
    """Send every insert, update and delete of the unit; afterwards the session holds nothing more to flush."""
    inserts, updates, deletes = _inserts(unit), _updates(unit), _deletes(unit)
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        if table.name in deletes:
            await unit.session.execute(delete(table).where(table.c.id.in_(deletes[table.name])))
    for table in tables:
        if table.name in inserts:
            await unit.session.execute(insert(table), inserts[table.name])
    for table in tables:
        for columns, rows in updates.get(table.name, {}).items():
            statement = (
                update(table)
                .where(table.c.id == bindparam("row_id"))
                .values({column: bindparam(f"new_{column}") for column in columns})
            )
            connection = await unit.session.connection()
            await connection.execute(statement, rows)
    unit.session.expunge_all()


def _inserts(unit: Unit) -> dict[str, list[Values]]:
    found: dict[str, list[Values]] = defaultdict(list)
    for row in unit.session.new:
        columns = inspect(row).mapper.column_attrs
        found[row.__tablename__].append({c.key: getattr(row, c.key) for c in columns if c.key in row.__dict__})
    return found


def _updates(unit: Unit) -> dict[str, dict[tuple[str, ...], list[Values]]]:
    """Rows by table and changed columns; each row in a table's group changes the same columns."""
    found: dict[str, dict[tuple[str, ...], list[Values]]] = defaultdict(lambda: defaultdict(list))
    for row in unit.session.dirty:
        changed = tuple(_changed(row))
        if changed:
            values = {f"new_{column}": getattr(row, column) for column in changed}
            found[row.__tablename__][changed].append({"row_id": row.id, **values})
    for groups in found.values():
        for rows in groups.values():
            rows.sort(key=lambda values: values["row_id"])
    return found


def _changed(row: Base) -> Iterator[str]:
    state = inspect(row)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.added and (not history.deleted or history.added[0] != history.deleted[0]):
            yield column.key


def _deletes(unit: Unit) -> dict[str, list[Any]]:
    """Rows marked for deletion, and children taken out of a list that they cannot live without."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in [*unit.session.deleted, *removed_children(unit)]:
        found[row.__tablename__].append(row.id)
    return found


def removed_children(unit: Unit) -> list[Any]:
    """Stored rows that were removed from the list of their parent."""
    found = []
    for row in unit.session.dirty:
        for relation in inspect(row).mapper.relationships:
            if relation.cascade.delete_orphan:
                history = inspect(row).attrs[relation.key].history
                found += [child for child in history.deleted if inspect(child).persistent]
    return found
