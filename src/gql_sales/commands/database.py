"""Opens the database that a command works on: the one that the settings name, or the embedded one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gql_sales.commands.process import fail
from gql_sales.db.embedded import EmbeddedPostgres, Urls
from gql_sales.db.embedded_host import EmbeddedPostgresError
from gql_sales.settings import Settings


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Urls]:
    """URLs of a database that answers; ends the process with one line when there is none.

    A named database has one URL for both roles: what may migrate is decided by whoever sets it. The embedded one is
    stopped on leaving.
    """
    if settings.database_url:
        await revision_of(settings.database_url)
        yield Urls(owner=settings.database_url, server=settings.database_url)
        return
    embedded = EmbeddedPostgres(settings.data_folder / "postgres")
    try:
        try:
            urls = await asyncio.to_thread(embedded.start)
        except EmbeddedPostgresError as error:
            fail(str(error))
        yield urls
    finally:
        # Waits for a start that a signal interrupted: a thread cannot be cancelled.
        await asyncio.to_thread(embedded.stop)


async def revision_of(url: str) -> str:
    """Revision of the database; ends the process when it cannot be used."""
    from gql_sales.db.probe import UnusableDatabaseError, probe

    try:
        return await probe(url)
    except UnusableDatabaseError as error:
        fail(str(error))


async def upgrade(url: str, revision: str = "head") -> None:
    """Migrate; ends the process when that fails."""
    from gql_sales.db.migrate import MigrationError, migrate

    try:
        await migrate(url, revision)
    except MigrationError as error:
        fail(str(error))


async def require_current(url: str) -> None:
    """End the process when the tables are older than the program; newer ones are fine, so that servers can roll."""
    from gql_sales.db.migrate import head

    revision = await revision_of(url)
    if revision < head():
        fail(f"The database is at revision {revision or 'none'}, the program needs {head()}: run `gql-sales migrate`.")
