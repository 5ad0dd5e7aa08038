"""One running server for the streams of events of a test file."""

from collections.abc import AsyncIterator

import pytest

from gql_sales.db.engine import Database
from gql_sales.settings import Settings
from tests.database import TestServer
from tests.event_site import Site
from tests.event_world import database_of_its_own
from tests.socket_client import served


@pytest.fixture(scope="module")
async def site(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Site]:
    """One server for all tests of a file; they keep apart by company."""
    async with database_of_its_own(test_server, f"{worker_id}_site") as urls:
        database, owner = Database(urls.server), Database(urls.owner)
        async with served(settings, database) as url:
            yield Site(url, settings, database, owner)
        await database.close()
        await owner.close()
