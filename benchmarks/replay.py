"""What a transaction wrote, read off its rows, and written again under other ids by plain asyncpg.

So the bare script does what the program does to the tables, and none of its reading, checking and deriving.
"""

import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg

import gql_sales.db.models.all  # noqa: F401 (fills the metadata with every table)
from gql_sales.db.models.base import Base

Row = dict[str, Any]

COUNTERS = {"stock_pools", "stock_levels", "number_series"}
"""Rows that many lives share: locked first, and changed by a difference."""
GENERATED = {"events": {"insertion", "xid"}}
LOST = {"unplaced_events", "event_order"}
"""What a trigger or the sequencer writes."""


@dataclass(frozen=True)
class Update:
    """Changed columns of one row."""

    table: str
    id: Any
    values: Row


@dataclass(frozen=True)
class Step:
    """One transaction."""

    inserts: dict[str, list[Row]] = field(default_factory=dict)
    updates: list[Update] = field(default_factory=list)


@dataclass
class Notes:
    """Remembers every row that may change, to see what does."""

    connection: "asyncpg.Connection[Any]"
    rows: dict[str, dict[Any, Row]] = field(default_factory=dict)

    async def look(self) -> None:
        """Read everything as it stands."""
        for table in Base.metadata.sorted_tables:
            found = [dict(row) for row in await self.connection.fetch(f"SELECT * FROM {table.name}")]
            self.rows[table.name] = {_key(row): row for row in found}

    async def step(self, idempotency_key: str) -> Step:
        """What the transaction that took the key wrote."""
        xid = await self.connection.fetchval("SELECT xmin::text FROM idempotency_keys WHERE key = $1", idempotency_key)
        step = Step()
        for table in Base.metadata.sorted_tables:
            for record in await self.connection.fetch(f"SELECT * FROM {table.name} WHERE xmin::text = $1", xid):
                self._note(step, table.name, dict(record))
        return step

    def _note(self, step: Step, table: str, row: Row) -> None:
        before = self.rows[table].get(_key(row))
        self.rows[table][_key(row)] = row
        if before is None:
            hidden = GENERATED.get(table, set())
            step.inserts.setdefault(table, []).append({name: row[name] for name in row if name not in hidden})
            return
        changed = {name: value for name, value in row.items() if value != before[name]}
        if table in COUNTERS:
            changed = {name: value - before[name] for name, value in changed.items() if name in NUMBERS}
        if changed:
            step.updates.append(Update(table, row["id"], changed))


VERSIONS = itertools.count(1_000_000)
"""Versions of documents that many lives share, in the bare script's events."""
NUMBERS = {"on_hand_sellable", "committed", "on_hand", "allocated", "booked", "last_value", "version"}
"""Columns of COUNTERS that grow and shrink."""


def _key(row: Row) -> Any:  # noqa: ANN401 (whatever the table has)
    return row["id"] if "id" in row else tuple(str(value) for value in row.values())


def renamed(life: list[Step]) -> Iterable[Step]:
    """The same steps of another order: every row that they insert under a new id."""
    names: dict[Any, Any] = {}
    for step in life:
        for rows in step.inserts.values():
            names.update({row["id"]: uuid.uuid4() for row in rows if "id" in row})
    made = set(names.values())

    def other(value: Any) -> Any:  # noqa: ANN401 (any column's)
        if isinstance(value, list):
            return [other(one) for one in value]
        return names.get(value, value) if isinstance(value, uuid.UUID) else value

    for step in life:
        inserts = {
            table: [{name: other(value) for name, value in row.items()} for row in rows]
            for table, rows in step.inserts.items()
        }
        for event in inserts.get("events", []):
            if event["document_id"] not in made:
                event["document_version"] = next(VERSIONS)
        updates = [
            replace(update, id=other(update.id), values={name: other(v) for name, v in update.values.items()})
            for update in step.updates
        ]
        yield Step(inserts, updates)


async def write(connection: Any, step: Step) -> None:  # noqa: ANN401 (a connection of a pool)
    """One transaction as a careful hand would write it: key, locks in order, counters, rows, one statement a table."""
    await _insert(connection, "idempotency_keys", _fresh(step.inserts["idempotency_keys"], "key"))
    numbers: dict[Any, int] = {}
    for table in ("orders", "invoices", "shipments", "stock_pools", "stock_levels"):
        if ids := sorted(update.id for update in step.updates if update.table == table):
            await connection.fetch(f"SELECT * FROM {table} WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", ids)
    series = [update for update in step.updates if update.table == "number_series"]
    for update in sorted(series, key=lambda one: one.id):
        numbers[update.id] = await connection.fetchval(
            "UPDATE number_series SET last_value = last_value + 1, last_issued_at = clock_timestamp()"
            " WHERE id = $1 RETURNING last_value",
            update.id,
        )
    documents = {row["document_id"]: numbers[row["series_id"]] for row in step.inserts.get("number_assignments", [])}
    for name in [table.name for table in Base.metadata.sorted_tables]:
        if (rows := step.inserts.get(name)) and name != "idempotency_keys" and name not in LOST:
            await _insert(connection, name, [_numbered(row, documents, numbers) for row in rows])
    await _update(connection, [update for update in step.updates if update.table != "number_series"])


def _fresh(rows: list[Row], column: str) -> list[Row]:
    return [{**row, column: uuid.uuid4().hex} for row in rows]


def _numbered(row: Row, documents: dict[Any, int], numbers: dict[Any, int]) -> Row:
    """The row with the number that its series gave this time."""
    if "series_id" in row:
        return {**row, "value": numbers[row["series_id"]]}
    if "number" in row and row.get("id") in documents:
        return {**row, "number": f"{row['number'].partition('-')[0]}-{documents[row['id']]:06d}"}
    if "reference" in row:
        return {**row, "reference": uuid.uuid4().hex}
    return row


async def _insert(connection: Any, table: str, rows: list[Row]) -> None:  # noqa: ANN401
    columns = list(rows[0])
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    await connection.executemany(statement, [[row[column] for column in columns] for row in rows])


async def _update(connection: Any, updates: list[Update]) -> None:  # noqa: ANN401
    """One statement for all rows of a table that change in the same columns."""
    groups: dict[tuple[str, ...], list[Update]] = {}
    for update in updates:
        groups.setdefault((update.table, *update.values), []).append(update)
    for (table, *columns), rows in groups.items():
        sets = ", ".join(
            f"{name} = {f'{name} + ' if table in COUNTERS else ''}${number}" for number, name in enumerate(columns, 2)
        )
        arguments = [[row.id, *row.values.values()] for row in sorted(rows, key=lambda one: one.id)]
        await connection.executemany(f"UPDATE {table} SET {sets} WHERE id = $1", arguments)
