"""Whether a page is read along the order that is wanted or out of the rows that match.

The planner walks along the order as if matches lay there evenly. They do not: what waits is among the newest orders, a
week lies in one place. So where few rows match, as the planner itself estimates, they are all fetched by the index of
the filter and sorted; where many do, the walk meets enough of them soon.
"""

import time
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Executable, Float, Integer, String, column, func, literal_column, select
from sqlalchemy import table as sql_table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from gql_sales.db.engine import Database
from gql_sales.db.pages import Statement

ALWAYS_FEW = 1000
FEW = 15_000
"""Rows that are fetched and sorted, where they are less than one in ``SHARE``."""
SHARE = 8
KNOWN_SECONDS = 60.0

_RELATIONS = sql_table("pg_class", column("relname", String), column("reltuples", Float))
_SIZES: WeakKeyDictionary[Database, dict[str, tuple[float, float]]] = WeakKeyDictionary()


class Explained(Executable, ClauseElement):
    """A statement that is not run: the planner tells what it thinks of it."""

    inherit_cache = False

    def __init__(self, statement: Statement) -> None:
        self.statement = statement


@compiles(Explained)
def _explained(element: Explained, compiler: Any, **options: Any) -> str:  # noqa: ANN401 (SQLAlchemy's own)
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


async def fenced(database: Database, statement: Statement, table: str) -> Statement:
    """The statement, closed against the order and the limit around it when few rows of the table are expected of it."""
    rows = await expected(database, statement)
    if rows > ALWAYS_FEW and (rows > FEW or rows * SHARE > await size_of(database, table)):
        return statement
    fence: Statement = select(statement.offset(literal_column("0", Integer)).subquery("matching"))
    return fence


async def size_of(database: Database, table: str) -> float:
    """How many rows the table has, as it was last counted; known for a minute."""
    sizes = _SIZES.setdefault(database, {})
    rows, until = sizes.get(table, (0.0, 0.0))
    if until < time.monotonic():
        found = await database.read(select(func.sum(_RELATIONS.c.reltuples)).where(_RELATIONS.c.relname == table))
        rows = float(found[0][0] or 0)
        sizes[table] = rows, time.monotonic() + KNOWN_SECONDS
    return rows


async def expected(database: Database, statement: Statement) -> float:
    """How many rows the planner thinks that the statement has."""
    told = (await database.read(Explained(statement)))[0][0]
    plan = (orjson.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    rows: float = plan["Plan Rows"]
    return rows
