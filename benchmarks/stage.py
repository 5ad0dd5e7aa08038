"""A database of its own, a shop in it, and the two servers that are compared."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
from pydantic import SecretStr
from tests.client import Client
from tests.database import TestCluster, build_template, cloned
from tests.race.servers import free_port, start_server, until_ready
from tests.shop import Shop

from gql_sales.access.tokens import issue_token
from gql_sales.db.embedded import EmbeddedPostgres, Urls
from gql_sales.db.migrate import migrate
from gql_sales.settings import Settings

SETTINGS = Settings(jwt_secret=SecretStr("a-secret-of-at-least-32-bytes-for-benchmarks"))


@dataclass(frozen=True)
class Size:
    """How much is done: enough for figures, or just enough to see that it runs."""

    orders: int = 20_000
    requests: int = 400
    rounds: int = 3
    lifecycles: int = 80
    templates: int = 8
    buyers: int = 200
    sales: int = 2000
    units: int = 50
    growth: tuple[int, int] = (20_000, 200_000)
    subscribers: int = 1000
    watch_seconds: float = 20


TINY = Size(
    orders=60,
    requests=8,
    rounds=1,
    lifecycles=8,
    templates=1,
    buyers=8,
    sales=3,
    units=2,
    growth=(40, 80),
    subscribers=10,
    watch_seconds=1,
)


@dataclass(frozen=True)
class Server:
    """A server process."""

    port: int
    process_id: int


@asynccontextmanager
async def database(*, is_tiny: bool) -> AsyncIterator[Urls]:
    """A migrated database on the server of GQL_SALES_TEST_DATABASE_URL, else on an embedded one that keeps its word.

    Unlike the tests' own one it waits for the disk at each commit, except when only trying.
    """
    if os.environ.get("GQL_SALES_TEST_DATABASE_URL"):
        cluster = TestCluster()
        try:
            server = await asyncio.to_thread(cluster.start)
            await build_template(server)
            async with cloned(server, "bench", server.template) as urls:
                yield urls
        finally:
            await asyncio.to_thread(cluster.stop)
        return
    postgres = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="gql-sales-bench-")), fast=is_tiny)
    try:
        urls = await asyncio.to_thread(postgres.start)
        await migrate(urls.owner)
        yield urls
    finally:
        await asyncio.to_thread(postgres.remove)


@asynccontextmanager
async def ours(urls: Urls) -> AsyncIterator[Server]:
    """The server of this repository."""
    port = free_port()
    async with _until_end(start_server(urls.server, SETTINGS, port), port) as server:
        yield server


@asynccontextmanager
async def bare(urls: Urls) -> AsyncIterator[Server]:
    """The routes of bare.py."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare", urls.server, str(port)]
    async with _until_end(subprocess.Popen(command), port) as server:  # noqa: ASYNC220 (it returns at once)
        yield server


@asynccontextmanager
async def _until_end(process: subprocess.Popen[bytes], port: int) -> AsyncIterator[Server]:
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            await until_ready(http)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


@asynccontextmanager
async def client_of(server: Server) -> AsyncIterator[Client]:
    """The tests' client, for what is not measured."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as http:
        yield Client(http, SETTINGS)


def token_of(shop: Shop) -> str:
    """What the shop's staff show."""
    return issue_token(shop.staff, SETTINGS, ttl=timedelta(hours=1))
