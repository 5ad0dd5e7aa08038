"""Fixtures of the whole suite: real PostgreSQL, one server a run, one database a worker, one company a test."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import httpx2
import pytest
import structlog
from pydantic import SecretStr
from structlog.typing import EventDict

from gql_sales.app import create_app
from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.settings import Settings
from tests.client import Client
from tests.database import TestCluster, TestServer, build_template, cloned
from tests.shop import Shop, open_shop


def only_trouble(_: object, method: str, event: EventDict) -> EventDict:
    """What is logged as information belongs to operators; a failing test shows warnings and errors."""
    if method in ("debug", "info"):
        raise structlog.DropEvent
    return event


# Plain tracebacks, as in production: drawing the values of every frame takes a second for each defect.
RENDERER = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[only_trouble, RENDERER])

CLUSTER = pytest.StashKey[TestCluster]()
SERVER = pytest.StashKey[TestServer]()


def started(config: pytest.Config) -> TestServer:
    """The server of this run, started by the first who asks in this process."""
    if SERVER not in config.stash:
        config.stash[CLUSTER] = cluster = TestCluster()
        config.stash[SERVER] = cluster.start()
    return config.stash[SERVER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """The controller of a parallel run starts the server and tells every worker where it is."""
    node.workerinput["server"] = asdict(started(node.config))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server in the process that started it, also after Ctrl-C."""
    if CLUSTER in config.stash:
        config.stash[CLUSTER].stop()


@pytest.fixture(scope="session")
def test_server(request: pytest.FixtureRequest) -> TestServer:
    """The server of this run."""
    given = getattr(request.config, "workerinput", {}).get("server")
    return TestServer(**given) if given else started(request.config)


@pytest.fixture(scope="session")
async def database_urls(test_server: TestServer, worker_id: str) -> AsyncIterator[Urls]:
    """Owner's and server's URLs of this worker's migrated database; tests share it and keep apart by company."""
    await build_template(test_server)
    async with cloned(test_server, worker_id, test_server.template) as urls:
        yield urls


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of the application under test."""
    return Settings(jwt_secret=SecretStr("a-secret-of-at-least-32-bytes-for-tests"), is_development=True)


@pytest.fixture(scope="session")
async def database(database_urls: Urls) -> AsyncIterator[Database]:
    """This worker's database, as the plain server role sees it."""
    opened = Database(database_urls.server)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def client(settings: Settings, database: Database) -> AsyncIterator[Client]:
    """A client of the application over this worker's database."""
    transport = httpx2.ASGITransport(create_app(settings, database))
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as http:
        yield Client(http, settings)


@pytest.fixture
async def shop(client: Client) -> Shop:
    """A company of the test's own."""
    return await open_shop(client)
