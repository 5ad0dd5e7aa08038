"""Shows the program in two commands: its own database, a shop with data, tokens and operations to try."""

import logging
import secrets
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from gql_sales.commands.process import check_secret, fail, open_port, read_settings, run

if TYPE_CHECKING:
    from rich.console import Console
    from starlette.applications import Starlette

    from gql_sales.settings import Settings


def demo(*, with_year: Path | None = None) -> None:
    """Start a database, fill it with a demo shop, and serve the API with GraphiQL until Ctrl-C; data is kept.

    Parameters
    ----------
    with_year
        A file of the data set "Online Retail", which is imported into a company of its own, beside the demo's.
    """
    settings = read_settings().model_copy(update={"is_development": True})
    with open_port(settings) as listening:
        settings = with_secret(settings)
        check_secret(settings)
        run(_demo(settings, listening, with_year))


def with_secret(settings: "Settings") -> "Settings":
    """The settings with a key of tokens: the given one, else one made once and kept in the data folder."""
    from pydantic import SecretStr

    from gql_sales.db.embedded_host import write_secret

    if settings.jwt_secret.get_secret_value():
        return settings
    file = settings.data_folder / "jwt_secret"
    if not file.exists():
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        write_secret(file, secrets.token_hex(32))
    return settings.model_copy(update={"jwt_secret": SecretStr(file.read_text().strip())})


async def _demo(settings: "Settings", listening: socket, with_year: Path | None) -> None:
    from rich.console import Console

    from gql_sales.commands.database import open_database, upgrade
    from gql_sales.commands.serve import serve_application
    from gql_sales.demo.greeting import load, welcome
    from gql_sales.web.logs import configure_logs

    # Somebody looks at this terminal: no line for every request.
    configure_logs(logging.WARNING)
    console = Console(highlight=False)
    console.print("[dim]Starting the database[/]")
    async with open_database(settings) as urls:
        console.print("[dim]Creating the tables[/]")
        await upgrade(urls.owner)

        async def prepare(app: "Starlette") -> None:
            console.print("[dim]Loading the demo shop[/]")
            await load(app, settings)
            if with_year is not None:
                await _load_year(app, settings, with_year, console)

        def greet(address: str) -> None:
            console.print(welcome(address, settings), markup=False, soft_wrap=True)

        await serve_application(settings, urls.server, listening, prepare=prepare, greet=greet)
    console.print(f"Stopped. The shop is kept in {settings.data_folder}; the next start finds it there.", markup=False)


async def _load_year(app: "Starlette", settings: "Settings", path: Path, console: "Console") -> None:
    """Import the year, with bars; a start that is interrupted goes on the next time."""
    from gql_sales.commands.progress import Bars, tell
    from gql_sales.demo.year import load_year
    from gql_sales.importing.csv_rows import UnreadableFileError

    console.print("[dim]Loading the year of a real shop[/]")
    try:
        with Bars(console) as bars:
            report = await load_year(app, settings, path, bars)
    except UnreadableFileError as error:
        fail(str(error))
    if report is not None:
        tell(report, console, is_dry=False)
