"""Working alone: an advisory lock lets one process at a time do what one is enough for."""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from gql_sales.db.engine import Database

SPACE = 0x67716C73  # "gqls": apart from the locks of other programs


@asynccontextmanager
async def alone(database: Database, name: str) -> AsyncIterator[AsyncSession | None]:
    """A session that holds the lock of that name until it ends; None when another process holds it.

    The lock belongs to the session's transaction, so it goes when the process does.
    """
    async with database.session() as session:
        key = zlib.crc32(name.encode()) & 0x7FFFFFFF
        got = await session.scalar(select(func.pg_try_advisory_xact_lock(SPACE, key)))
        yield session if got else None
        await session.rollback()
