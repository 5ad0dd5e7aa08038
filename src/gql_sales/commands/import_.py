"""Imports sales from a file: through the API of a running server, or of the application in this process."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from gql_sales.commands.process import fail, read_settings, run

if TYPE_CHECKING:
    from rich.console import Console

    from gql_sales.importing.client import Client
    from gql_sales.importing.plan import Plan
    from gql_sales.importing.report import Report
    from gql_sales.settings import Settings

Format = Literal["online-retail", "orders-csv"]


@dataclass(frozen=True)
class Target:
    """Where an import goes: a server with a token, or a company of the database of the settings."""

    url: str
    token: str
    company: str
    format: Format
    is_dry: bool


def import_(
    path: Path,
    /,
    *,
    format: Format,
    url: str = "",
    token: Annotated[str, Parameter(env_var="GQL_SALES_TOKEN")] = "",
    company: str = "",
    channel: str = "web",
    warehouse: str = "MAIN",
    source: str = "",
    opening_stock: bool = False,
    workers: int = 4,
    dry_run: bool = False,
    report: Path | None = None,
) -> None:
    """Import sales; run it again after whatever stopped it, and it goes on. Exit code 1 when rows were left out.

    Parameters
    ----------
    path
        The file, CSV or gzipped CSV.
    format
        What the file looks like; docs/import.md describes both.
    url
        A running server, such as http://127.0.0.1:8000; without it the application runs in this process, over the
        database of the settings.
    token
        What the server is shown: a token of the company's staff.
    company
        Code of the company. A server's is only compared with it; else it is looked up, and made for online-retail.
    channel
        Code of the channel; it is made when there is none.
    warehouse
        Code of the warehouse that goods leave from; it is made when there is none.
    source
        Name of what is imported, which stock movements tell; the file's name without its endings when empty.
    opening_stock
        First receive what the file takes out of stock; online-retail always does.
    workers
        Calls at a time.
    dry_run
        Tell which rows would fail, and write nothing.
    report
        Where the left-out rows are written to, as CSV.
    """
    from rich.console import Console

    from gql_sales.commands.progress import tell
    from gql_sales.importing.formats import source_name

    console = Console(highlight=False)
    plan = _plan(path, format, channel, warehouse, opening_stock=opening_stock)
    target = Target(url, token, company, format, dry_run)
    done = _carry_out(target, plan, source or source_name(path), console, workers)
    tell(done, console, is_dry=dry_run)
    if report is not None:
        done.write(report)
    if done.bad_rows:
        raise SystemExit(1)


def _plan(path: Path, format: Format, channel: str, warehouse: str, *, opening_stock: bool) -> "Plan":
    from gql_sales.importing.csv_rows import UnreadableFileError
    from gql_sales.importing.formats import read_plan
    from gql_sales.importing.plan import Place

    place = Place(channel_code=channel, warehouse_code=warehouse)
    try:
        return read_plan(path, format, place, receives_stock=opening_stock)
    except UnreadableFileError as error:
        fail(str(error))


def _carry_out(target: Target, plan: "Plan", source: str, console: "Console", workers: int) -> "Report":
    from gql_sales.commands.progress import Bars
    from gql_sales.importing.client import CallError
    from gql_sales.importing.run import Run
    from gql_sales.importing.whole import import_all

    done: list[Report] = []

    async def work() -> None:
        async with _client(target) as client:
            with Bars(console) as bars:
                run_ = Run(client, plan, source, workers, target.is_dry, bars)
                done.append(await import_all(run_, target.company if target.url else ""))

    try:
        run(work())
    except CallError as error:
        fail(str(error))
    finally:
        if not done:
            console.print("Not finished: the same command goes on where this one stopped.")
    return done[0]


@asynccontextmanager
async def _client(target: Target) -> AsyncIterator["Client"]:
    """A client of the company, for as long as the block lasts."""
    from gql_sales.importing.client import Client, remote

    if not target.url:
        async with _client_inside(target, read_settings()) as client:
            yield client
        return
    if not target.token:
        fail("A server wants a token: --token or GQL_SALES_TOKEN.")
    client = Client(remote(target.url, target.token))
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def _client_inside(target: Target, settings: "Settings") -> AsyncIterator["Client"]:
    """The application in this process, over the database of the settings, migrated if it is the embedded one."""
    import logging

    from pydantic import SecretStr

    from gql_sales.app import create_app
    from gql_sales.commands.database import open_database, require_current, upgrade
    from gql_sales.db.engine import Database
    from gql_sales.importing.inside import RETAILER, staff_of
    from gql_sales.web.logs import configure_logs

    configure_logs(logging.WARNING)
    # Tokens are made and shown in this process only.
    settings = settings.model_copy(update={"jwt_secret": SecretStr(secrets.token_hex(32))})
    code = target.company or target.format
    async with open_database(settings) as urls:
        if not settings.database_url:
            await upgrade(urls.owner)
        await require_current(urls.server)
        database = Database(urls.server)
        try:
            app = create_app(settings, database)
            values = RETAILER if target.format == "online-retail" and not target.is_dry else None
            client = await staff_of(app, settings, code, values)
            if client is None:
                fail(f"There is no company {code}; --company names another one.")
            yield client
            await client.close()
        finally:
            await database.close()
