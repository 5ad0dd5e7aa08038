"""The whole application on a real server with a database of its own, for answers that stay open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from gql_sales.access.api_keys import new_key
from gql_sales.access.tokens import issue_token
from gql_sales.db.engine import Database
from gql_sales.db.models.api_keys import ApiKey
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings
from tests.database import TestServer
from tests.event_world import World, database_of_its_own
from tests.socket_client import served


@dataclass(frozen=True)
class Live:
    """A running server and its database."""

    socket_url: str
    settings: Settings
    database: Database

    @property
    def url(self) -> str:
        """Where HTTP is answered."""
        return self.socket_url.replace("ws://", "http://")

    def token(self, principal: Principal) -> str:
        """A login of the principal."""
        return issue_token(principal, self.settings, ttl=timedelta(hours=1))

    async def api_key(self, world: World) -> tuple[str, ApiKey]:
        """A partner's key for the orders of the world: its text, and its row."""
        text, prefix, hashed = new_key()
        row = ApiKey(
            company_id=world.company_id,
            name="Market",
            prefix=prefix,
            key_hash=hashed,
            scopes=["orders:read"],
            created_by="test",
        )
        async with self.database.session() as session:
            session.add(row)
            await session.commit()
        return text, row


@asynccontextmanager
async def live(server: TestServer, name: str, settings: Settings) -> AsyncIterator[Live]:
    """A server for as long as the block lasts; tests on it keep apart by company."""
    async with database_of_its_own(server, name) as urls:
        database = Database(urls.server)
        async with served(settings, database) as url:
            yield Live(url, settings, database)
        await database.close()
