"""Giving events their places: one at a time, after the commit, on a connection of its own (architecture.md 7)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from gql_sales.db.engine import SERVER_SETTINGS, Database

CHANNEL = "gql_sales_events"
BATCH = 1000
CONNECT_SECONDS = 10
COMMAND_SECONDS = 15
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
"""What a lost connection raises; whoever catches it connects anew."""

_LOCK = 7_367_001
_IS_WAITING = "SELECT EXISTS (SELECT FROM unplaced_events)"
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock($1)"
# Sorted by insertion among everything that this snapshot sees, not held back by transaction id. A change of a document
# is inserted while its row is locked, hence after the commit of the change before it: whoever sees the later event sees
# the earlier one too, and the earlier one has the smaller insertion number. So versions of one document are placed in
# order, and causes before effects. Waiting for xid < pg_snapshot_xmin() would break that, because a transaction takes
# its id before its locks and the later version may have the smaller id (tests/race/test_event_order.py shows it); it
# would also let any long transaction of the cluster hold back every event. Nothing is missed without it: a place is
# given only after the commit, and the next place only after the commit of this one.
_PLACE = f"""
WITH due AS (
    SELECT event_id, insertion
    FROM unplaced_events JOIN events ON events.id = event_id
    ORDER BY insertion LIMIT {BATCH}
), gone AS (
    DELETE FROM unplaced_events USING due WHERE unplaced_events.event_id = due.event_id
), placed AS (
    INSERT INTO event_order (place, event_id)
    SELECT (SELECT coalesce(max(place), 0) FROM event_order) + row_number() OVER (ORDER BY insertion), event_id
    FROM due
    RETURNING place
)
SELECT count(*) AS count, max(place) AS last FROM placed
"""  # noqa: S608 (a constant)


@dataclass(frozen=True)
class Placed:
    """One batch: how many events got a place, and the last place; None when there were none."""

    count: int
    last: int | None


@asynccontextmanager
async def dedicated(database: Database, purpose: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """An autocommit connection outside of the pools, for as long as the block lasts."""
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    settings = {**SERVER_SETTINGS, "application_name": f"gql_sales {purpose}"}
    connection = await asyncpg.connect(
        url, timeout=CONNECT_SECONDS, command_timeout=COMMAND_SECONDS, server_settings=settings
    )
    try:
        yield connection
    finally:
        # Not close(): it would wait for a server that may be gone, and for a query that was cancelled.
        connection.terminate()


async def place_batch(connection: "asyncpg.Connection[Any]") -> Placed | None:
    """Append waiting events to ``event_order``, at most 1000; None while another process is at it.

    The lock ends with the transaction, so a killed process leaves it to the next one at once.
    """
    if not await connection.fetchval(_IS_WAITING):
        return Placed(0, None)
    async with connection.transaction():
        if not await connection.fetchval(_TRY_LOCK, _LOCK):
            return None
        row = await connection.fetchrow(_PLACE)
    assert row is not None  # noqa: S101 (an aggregate has a row)
    return Placed(row["count"], row["last"])


async def announce(connection: "asyncpg.Connection[Any]", place: int) -> None:
    """Tell every process that places up to ``place`` exist; never in a business transaction, which would serialize."""
    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, str(place))


async def listen(connection: "asyncpg.Connection[Any]", heard: Callable[[], None]) -> None:
    """Have ``heard`` called whenever a process announces a place."""

    def called(*_: object) -> None:
        heard()

    await connection.add_listener(CHANNEL, called)


async def is_alive(connection: "asyncpg.Connection[Any]") -> None:
    """Ask for nothing; raises one of LOST when nobody answers."""
    await connection.execute("SELECT 1")
