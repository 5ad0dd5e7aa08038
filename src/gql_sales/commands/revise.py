"""Writes the next migration, for developers, from the difference between the revisions and the models."""

import asyncio
import tempfile
from pathlib import Path

from gql_sales.commands.process import run


def revise(message: str) -> None:
    """Write a file below db/migrations/versions; data moves and triggers have to be added by hand.

    Parameters
    ----------
    message
        What changes, in a few words; they become the file's name.
    """
    run(_revise(message))


async def _revise(message: str) -> None:
    from gql_sales.db.embedded import EmbeddedPostgres
    from gql_sales.db.migrate import migrate, write_revision

    # An empty database of its own, so that the developer's one may be in any state.
    postgres = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="gql-sales-")), fast=True)
    try:
        urls = await asyncio.to_thread(postgres.start)
        await migrate(urls.owner)
        print(await write_revision(urls.owner, message))
    finally:
        await asyncio.to_thread(postgres.remove)
