"""One transaction: SQLAlchemy's session for rows in memory, and the driver's own connection for what is sent often.

A statement costs SQLAlchemy five to twenty times what it costs the driver, most of it before anything is sent. So what
every mutation sends is made once (db/statements.py) and given to the driver as it is; anything else goes through the
session, on the same connection and in the same transaction.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

if TYPE_CHECKING:
    from asyncpg import Connection, Record

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


def to_json(value: object) -> str:
    """The text of a value, which is how the driver takes jsonb."""
    return orjson.dumps(value).decode()


class Transaction(AsyncSession):
    """A session that nothing is flushed from; what was not committed by its end is rolled back."""

    def __init__(self, connection: AsyncConnection, driver: Any) -> None:  # noqa: ANN401 (SQLAlchemy does not say)
        """``connection`` is SQLAlchemy's for ``driver``; it begins and ends no transaction by itself."""
        super().__init__(connection, autoflush=False, expire_on_commit=False)
        self._connection = connection
        self._driver: Connection[Any] = driver

    async def fetch(self, text: str, *values: object) -> "list[Record]":
        """The rows of one statement."""
        try:
            return await self._driver.fetch(text, *values)
        except FAILURES as error:
            raise self._failure(text, error) from error

    async def send(self, text: str, rows: Sequence[Sequence[object]] = ((),)) -> None:
        """One statement for each row of values, in one go."""
        try:
            if len(rows) == 1:
                await self._driver.execute(text, *rows[0])
            else:
                await self._driver.executemany(text, rows)
        except FAILURES as error:
            raise self._failure(text, error) from error

    async def commit(self) -> None:
        """Make everything that was sent last."""
        await self.send("COMMIT")

    async def rollback(self) -> None:
        """Undo everything that was sent."""
        await self.send("ROLLBACK")

    async def end(self) -> None:
        """Leave a clean connection to the next one, or none."""
        try:
            if self._driver.is_in_transaction():
                await self._driver.execute("ROLLBACK")
        except FAILURES:
            self._driver.terminate()
        await self.close()
        await self._connection.close()

    def _failure(self, text: str, error: Exception) -> DBAPIError:
        """What SQLAlchemy makes of an error of the driver, without the values."""
        return DBAPIError(
            text, None, error, hide_parameters=True, connection_invalidated=self._driver.is_closed(), ismulti=False
        )
