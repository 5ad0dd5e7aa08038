"""Checks the books of a running system, so that a broken invariant is found by us and not by a customer."""

from typing import TYPE_CHECKING
from uuid import UUID

from gql_sales.commands.process import fail, read_settings, run

if TYPE_CHECKING:
    from gql_sales.settings import Settings


def verify(company: str = "") -> None:
    """Recompute every invariant and print what is broken, a finding a line; exit code 1 when there is any.

    Parameters
    ----------
    company
        Id of the only company to look at; all without it.
    """
    run(_verify(read_settings(), company_id(company)))


def company_id(text: str) -> UUID | None:
    """The id that clients see, decoded; None for all companies."""
    from gql_sales.kernel.ids import MalformedId, decode_id

    try:
        return decode_id("Company", text) if text else None
    except MalformedId as error:
        fail(str(error))


async def _verify(settings: "Settings", company: UUID | None) -> None:
    from gql_sales.commands.database import open_database, require_current
    from gql_sales.db.engine import Database
    from gql_sales.domain.verify import verify as find

    async with open_database(settings) as urls:
        await require_current(urls.server)
        database = Database(urls.server, write_pool_size=1, read_pool_size=2)
        try:
            findings = await find(database, company_id=company)
        finally:
            await database.close()
    for finding in findings:
        print(f"{finding.rule} {finding.subject}: {finding.message}")
    if findings:
        raise SystemExit(1)
    print("Every invariant holds.")
