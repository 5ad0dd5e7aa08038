"""Fixtures of the race tests: a database of their own, so that the sequencer sees only what they write."""

from collections.abc import AsyncIterator

import pytest

from tests.database import TestServer
from tests.event_world import database_of_its_own


@pytest.fixture(scope="module")
async def event_url(test_server: TestServer, worker_id: str) -> AsyncIterator[str]:
    """The server's URL of an empty database."""
    async with database_of_its_own(test_server, f"{worker_id}_race") as urls:
        yield urls.server
