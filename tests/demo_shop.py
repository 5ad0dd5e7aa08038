"""The demo company in a database of its own, for tests that want data as rich as a newcomer sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.demo.shop import DemoShop, admin, build, shopper
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings
from tests.client import Client
from tests.database import TestServer
from tests.event_world import database_of_its_own


@dataclass(frozen=True)
class Demo:
    """What was made, and who looks at it."""

    client: Client
    database: Database
    made: DemoShop

    @property
    def staff(self) -> Principal:
        """Who may do everything."""
        return admin(self.made.company_id)

    @property
    def ada(self) -> Principal:
        """A customer with a login."""
        return shopper(self.made.company_id, self.made.channels["web"])


@asynccontextmanager
async def demo_shop(server: TestServer, name: str, settings: Settings) -> AsyncIterator[Demo]:
    """A database that holds nothing but the demo company."""
    async with database_of_its_own(server, name) as urls:
        database = Database(urls.server)
        app = create_app(settings, database)
        made = await build(app, settings)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://testserver") as http:
            yield Demo(Client(http, settings), database, made)
        await database.close()
