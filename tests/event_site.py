"""A running server whose streams of events are listened to over a real socket."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from gql_sales.access.tokens import issue_token
from gql_sales.db.engine import Database
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings
from tests.socket_client import logged_in


@dataclass(frozen=True)
class Site:
    """A running server and its database, as the server's role and as the owner."""

    url: str
    settings: Settings
    database: Database
    owner: Database

    def client(self, principal: Principal) -> Any:
        """A connection of the principal."""
        return logged_in(self.url, issue_token(principal, self.settings, ttl=timedelta(hours=1)))


async def settled(site: Site) -> None:
    """Wait until every event has its place: one that has none yet belongs to what a new subscriber is told."""
    while (await site.database.read(text("SELECT count(*) FROM unplaced_events")))[0][0]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
