"""Serves the API, for production: everything comes from the environment, and nothing is created by the way."""

import gc
from collections.abc import Awaitable, Callable
from socket import socket
from typing import TYPE_CHECKING

from gql_sales.commands.process import check_secret, open_port, read_settings, run

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from gql_sales.settings import Settings


def serve() -> None:
    """Serve the API on GQL_SALES_HOST and GQL_SALES_PORT until SIGTERM or Ctrl-C."""
    from gql_sales.web.logs import configure_logs

    # Hundreds of thousands of objects are made while modules are loaded, and none of them is garbage.
    gc.disable()
    settings = read_settings()
    check_secret(settings)
    with open_port(settings) as listening:
        configure_logs()
        run(_serve(settings, listening))


async def _serve(settings: "Settings", listening: socket) -> None:
    from gql_sales.commands.database import open_database, require_current, upgrade

    async with open_database(settings) as urls:
        if not settings.database_url:
            # Nobody else can migrate the embedded database while this process has it.
            await upgrade(urls.owner)
        await require_current(urls.server)
        await serve_application(settings, urls.server, listening, greet=announce)


def announce(address: str) -> None:
    """Tell that requests are answered now."""
    print(f"gql-sales serves {address}/graphql", flush=True)


async def serve_application(
    settings: "Settings",
    url: str,
    listening: socket,
    *,
    greet: Callable[[str], None],
    prepare: Callable[["Starlette"], Awaitable[None]] | None = None,
) -> None:
    """Make the application, ``prepare`` it, serve it, and ``greet`` with its address once it answers."""
    from gql_sales.app import create_app
    from gql_sales.commands import http
    from gql_sales.db.engine import Database

    database = Database(url, write_pool_size=settings.write_pool_size, read_pool_size=settings.read_pool_size)
    try:
        app = create_app(settings, database)
        # What is loaded now stays: collections need not look at it, neither at start-up nor ever after.
        gc.freeze()
        gc.enable()
        if prepare:
            await prepare(app)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{settings.port}"
        await http.serve(app, listening, lambda: greet(address), app.state.watch.close, settings.trusted_proxies)
    finally:
        await database.close()
