"""Asks a database, before anything heavy is loaded, whether the program can work with it, so that a wrong URL costs one
line instead of a traceback."""

import asyncpg
from sqlalchemy.exc import ArgumentError

from gql_sales.db.engine import asyncpg_url

OLDEST = 15
SECONDS = 10.0


class UnusableDatabaseError(RuntimeError):
    """The database cannot be used; the message is one line for an operator and hides the password."""


async def probe(url: str) -> str:
    """Revision that the database was migrated to, empty when never; UnusableDatabaseError with the reason otherwise."""
    try:
        parsed = asyncpg_url(url).set(drivername="postgresql")
    except (ArgumentError, ValueError):
        raise UnusableDatabaseError("The database URL must look like postgresql://user:password@host/name.") from None
    shown = parsed.render_as_string(hide_password=True)
    try:
        connection = await asyncpg.connect(parsed.render_as_string(hide_password=False), timeout=SECONDS)
    except TimeoutError:
        raise UnusableDatabaseError(f"The database {shown} does not answer within {SECONDS:.0f} s.") from None
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise UnusableDatabaseError(f"The database {shown} cannot be reached: {reason[0]}") from None
    try:
        if connection.get_server_version().major < OLDEST:
            raise UnusableDatabaseError(f"The database {shown} is older than PostgreSQL {OLDEST}.")
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return ""
        return await connection.fetchval("SELECT max(version_num) FROM alembic_version") or ""
    except asyncpg.PostgresError as error:
        raise UnusableDatabaseError(f"The database {shown} cannot be read: {error}") from None
    finally:
        await connection.close()
