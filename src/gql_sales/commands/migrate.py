"""Brings the database up to the program, as the role that owns the tables."""

from typing import TYPE_CHECKING

from gql_sales.commands.process import read_settings, run

if TYPE_CHECKING:
    from gql_sales.settings import Settings


def migrate(revision: str = "head") -> None:
    """Upgrade the tables of GQL_SALES_DATABASE_URL; run it before a new version of the server starts.

    Parameters
    ----------
    revision
        Where to stop, such as 0003.
    """
    run(_migrate(read_settings(), revision))


async def _migrate(settings: "Settings", revision: str) -> None:
    from gql_sales.commands.database import open_database, revision_of, upgrade

    async with open_database(settings) as urls:
        before = await revision_of(urls.owner)
        await upgrade(urls.owner, revision)
        after = await revision_of(urls.owner)
        print(f"The database is at revision {after or 'none'}, it was at {before or 'none'}.")
