"""The two ways into PostgreSQL: sessions that write in one transaction, and statements that read without any."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from sqlalchemy import Executable, Row, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from gql_sales.db.transaction import Transaction, to_json

SERVER_SETTINGS = {
    "application_name": "gql_sales",
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "10000",
    "timezone": "UTC",
}

STATEMENTS = 500
"""How many prepared statements a connection keeps; more than there are."""


def _refuse_closed(_: object, record: ConnectionPoolEntry, *__: object) -> None:
    """Have the pool make a new connection when the old one was lost while nobody used it."""
    driver: Any = record.driver_connection
    if driver.is_closed():
        raise DisconnectionError


def asyncpg_url(url: str) -> URL:
    """The URL with the driver named, as SQLAlchemy wants it; ValueError or ArgumentError when it is none."""
    parsed = make_url(url)
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise ValueError("The database URL must start with postgresql://.")
    return parsed.set(drivername="postgresql+asyncpg")


class Database:
    """One PostgreSQL database; writing and reading use pools of their own, so neither can starve the other."""

    def __init__(self, url: str, *, write_pool_size: int = 16, read_pool_size: int = 8) -> None:
        """No connection is made before the first use."""
        self.url = asyncpg_url(url)
        self.write_engine = self._engine(write_pool_size)
        self._autocommit = self.write_engine.execution_options(isolation_level="AUTOCOMMIT")
        self.listeners: list[Callable[[], None]] = []
        self.read_engine = self._engine(read_pool_size, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)

    def _engine(self, size: int, **options: Any) -> AsyncEngine:  # noqa: ANN401 (passed on as they are)
        engine = create_async_engine(
            self.url,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,
            json_serializer=to_json,
            json_deserializer=orjson.loads,
            pool_timeout=30,
            connect_args={"server_settings": SERVER_SETTINGS, "timeout": 10, "statement_cache_size": STATEMENTS},
            **options,
        )
        event.listen(engine.sync_engine, "checkout", _refuse_closed)
        return engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction of a unit, which commits it; what it did not commit is rolled back."""
        connection = await self._autocommit.connect()
        transaction = Transaction(connection, (await connection.get_raw_connection()).driver_connection)
        try:
            await transaction.send("BEGIN")
            yield transaction
        finally:
            # Also when the request was cancelled: the connection must be clean before another one gets it.
            await asyncio.shield(transaction.end())

    def session(self) -> AsyncSession:
        """SQLAlchemy's own kind of session, for what is no unit."""
        return AsyncSession(self.write_engine, autoflush=False, expire_on_commit=False)

    async def read(self, statement: Executable, params: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Rows of one statement, run by itself on an autocommit connection."""
        async with self.read_engine.connect() as connection:
            result = await connection.execute(statement, params or {})
            return result.all()

    def wake(self) -> None:
        """Tell the sequencer that something was committed; it looks by itself otherwise."""
        for listener in self.listeners:
            listener()

    async def close(self) -> None:
        """Close every connection."""
        await self.write_engine.dispose()
        await self.read_engine.dispose()
