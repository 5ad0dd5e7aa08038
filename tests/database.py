"""One PostgreSQL for a whole test run and one database a worker, cloned from a template that is migrated once."""

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from gql_sales.db.embedded import OWNER, SERVER, EmbeddedPostgres, Urls
from gql_sales.db.embedded_host import AlreadyRunning
from gql_sales.db.migrate import migrate

PREFIX = "gql-sales-test-"
PASSWORD = "gql_sales_test"
LOCK = 7_367_891  # advisory lock of whoever builds the template or makes the roles


@dataclass(frozen=True)
class TestServer:
    """A server to make databases on: URLs of its ``postgres`` database for both roles, and a name for this run."""

    __test__ = False
    owner: str
    server: str
    run: str

    @property
    def template(self) -> str:
        """The migrated database that the workers' ones are copies of."""
        return f"gql_sales_{self.run}"

    def urls(self, database: str) -> Urls:
        """Both roles' URLs of a database on this server."""
        return Urls(owner=with_database(self.owner, database), server=with_database(self.server, database))


def with_database(url: str, name: str) -> str:
    """The URL with another database name."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


class TestCluster:
    """The server of one run: the one of GQL_SALES_TEST_DATABASE_URL (a superuser's URL), else an embedded one."""

    __test__ = False

    def __init__(self) -> None:
        self._embedded: EmbeddedPostgres | None = None
        self._folder: Path | None = None
        self._external = os.environ.get("GQL_SALES_TEST_DATABASE_URL", "")
        self._server: TestServer | None = None

    def start(self) -> TestServer:
        """Start the server, or make the roles on the given one."""
        run = secrets.token_hex(4)
        if self._external:
            asyncio.run(make_roles(self._external))
            owner, server = (with_login(self._external, role) for role in (OWNER, SERVER))
        else:
            remove_leftovers()
            # Not below pytest's own folder: that one is closed to the system user that runs the server for root.
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._embedded = EmbeddedPostgres(self._folder, fast=True)
            urls = self._embedded.start()
            owner, server = (with_database(url, "postgres") for url in (urls.owner, urls.server))
        self._server = TestServer(owner, server, run)
        return self._server

    def stop(self) -> None:
        """Drop what this run made."""
        if self._embedded is not None:
            self._embedded.remove()
        elif self._server is not None:
            asyncio.run(drop(self._server, self._server.template))


def remove_leftovers() -> None:
    """Stop the servers of killed runs and delete their files; those of running ones are locked and stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # A run that has just made its folder has not locked it yet.
        with suppress(AlreadyRunning, OSError):
            if time.time() - folder.stat().st_mtime > 60:
                EmbeddedPostgres(folder).remove()


def with_login(url: str, role: str) -> str:
    """The URL with a test role's login instead of the superuser's."""
    parsed = make_url(url).set(username=role, password=PASSWORD, database="postgres")
    return parsed.render_as_string(hide_password=False)


async def make_roles(url: str) -> None:
    """Create both roles on a server of one's own; roles that exist are left alone."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        for role, rights in ((OWNER, "CREATEDB"), (SERVER, "NOCREATEDB")):
            if not await connection.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f"CREATE ROLE {role} LOGIN {rights} PASSWORD '{PASSWORD}'")
    finally:
        await connection.close()


async def build_template(server: TestServer) -> None:
    """Migrate the template, once for all workers: the first one builds, the others wait for it."""
    connection = await asyncpg.connect(server.owner)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        if await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", server.template):
            return
        building = f"{server.template}_building"
        await connection.execute(f"DROP DATABASE IF EXISTS {building}")
        await connection.execute(f"CREATE DATABASE {building} TEMPLATE template0 ENCODING 'UTF8'")
        await migrate(server.urls(building).owner)
        await connection.execute(f"ALTER DATABASE {building} RENAME TO {server.template}")
    finally:
        await connection.close()


async def drop(server: TestServer, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    connection = await asyncpg.connect(server.owner)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()


@asynccontextmanager
async def cloned(server: TestServer, name: str, template: str = "template0") -> AsyncIterator[Urls]:
    """A database of this run for as long as the block lasts; a copy of the template."""
    database = f"{server.template}_{name}"
    connection = await asyncpg.connect(server.owner)
    try:
        # Without fsync copying files is the fastest; it takes milliseconds.
        await connection.execute(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY file_copy")
    finally:
        await connection.close()
    try:
        yield server.urls(database)
    finally:
        await drop(server, database)
