"""Subscribers over sockets, SSE and multipart that are cut at random points miss nothing (reliability.md E2, E3).

By default 60 cuts; GQL_SALES_TEST_DISCONNECTS=1000 makes the long show.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gql_sales.access.tokens import issue_token
from gql_sales.db.engine import Database
from gql_sales.db.event_log import decode_cursor, last_place
from gql_sales.kernel.ids import decode_id
from gql_sales.settings import Settings
from tests.client import Json
from tests.database import TestServer
from tests.event_world import database_of_its_own
from tests.race.servers import Served, running
from tests.shop import Shop, open_shop
from tests.socket_client import logged_in
from tests.stream_client import EVENTS, PARTS, streamed

DISCONNECTS = int(os.environ.get("GQL_SALES_TEST_DISCONNECTS", "60"))
WRITERS = 3
EACH = 2
"""Subscribers of each transport."""
LONGEST = 0.5
"""Seconds until a connection is cut."""
QUERY = "subscription ($after: String) { orderEvents(after: $after) { cursor orderId orderVersion } }"
LOGGED = """
SELECT named.id, named.version FROM events JOIN event_order ON event_id = events.id,
  unnest(document_ids, document_versions) WITH ORDINALITY AS named (id, version, ordinal)
WHERE company_id = :company AND place > :place AND EXISTS (SELECT FROM orders WHERE orders.id = named.id)
ORDER BY place, ordinal
"""

Next = Callable[[], Awaitable[Json]]


@asynccontextmanager
async def socket(served: Served, token: str, after: str | None) -> AsyncIterator[Next]:
    """Over a WebSocket, which is cut without a goodbye."""
    async with logged_in(served.socket_url, token) as client:
        message = {"query": QUERY, "variables": {"after": after}}
        await client.send({"id": "1", "type": "subscribe", "payload": message})

        async def following() -> Json:
            found: Json = (await client.data(60))["orderEvents"]
            return found

        try:
            yield following
        finally:
            client.connection.transport.abort()


@asynccontextmanager
async def events(served: Served, token: str, after: str | None) -> AsyncIterator[Next]:
    """Over SSE, resumed by Last-Event-ID."""
    headers = {"Last-Event-ID": after} if after else {}
    async with streamed(url_of(served), QUERY, token=token, accept=EVENTS, headers=headers) as client:

        async def following() -> Json:
            piece = await client.next(60)
            found: Json = piece.content["data"]["orderEvents"]
            assert piece.id == found["cursor"]
            return found

        yield following


@asynccontextmanager
async def parts(served: Served, token: str, after: str | None) -> AsyncIterator[Next]:
    """Over multipart HTTP."""
    async with streamed(url_of(served), QUERY, {"after": after}, token=token, accept=PARTS) as client:

        async def following() -> Json:
            found: Json = (await client.next(60)).content["payload"]["data"]["orderEvents"]
            return found

        yield following


def url_of(served: Served) -> str:
    """Where HTTP is answered."""
    return served.socket_url.replace("ws://", "http://")


TRANSPORTS: dict[str, Callable[[Served, str, str | None], Any]] = {"socket": socket, "SSE": events, "multipart": parts}


@dataclass
class Subscriber:
    """One client with what it has seen; every connection goes to one of the servers by chance."""

    transport: str
    servers: list[Served]
    token: str
    start: str
    cuts: int = 0
    seen: list[Json] = field(default_factory=list)
    in_the_midst: int = 0
    """Cuts of connections that had brought something."""

    async def live(self, cuts: int, chance: random.Random) -> None:
        """Be cut that many times."""
        while self.cuts < cuts:
            before = len(self.seen)
            try:
                # Every fifth may be cut before it is connected.
                limit = chance.uniform(0, LONGEST)
                async with asyncio.timeout(limit if self.cuts % 5 == 0 else None) as timer:
                    async with self._connected(chance) as following:
                        timer.reschedule(asyncio.get_running_loop().time() + limit)
                        while True:
                            self.seen.append(await following())
            except TimeoutError:
                self.cuts += 1
                self.in_the_midst += len(self.seen) > before

    async def catch_up(self, place: int, chance: random.Random) -> None:
        """Read to the end of the log."""
        async with self._connected(chance) as following:
            while decode_cursor(self._cursor).place < place:
                self.seen.append(await following())

    @property
    def _cursor(self) -> str:
        cursor: str = self.seen[-1]["cursor"] if self.seen else self.start
        return cursor

    def _connected(self, chance: random.Random) -> Any:
        return TRANSPORTS[self.transport](chance.choice(self.servers), self.token, self._cursor)

    @property
    def told(self) -> list[tuple[UUID, int]]:
        """Which version of which order each event was about."""
        return [(decode_id("Order", event["orderId"]), event["orderVersion"]) for event in self.seen]


@dataclass(frozen=True)
class Site:
    """Two servers on one database."""

    servers: list[Served]
    database: Database


@pytest.fixture
async def site(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Site]:
    """Started by the command."""
    async with database_of_its_own(test_server, f"{worker_id}_cut") as urls:
        database = Database(urls.server)
        async with running(urls.server, settings) as first, running(urls.server, settings) as second:
            yield Site([first, second], database)
        await database.close()


async def test_subscribers_that_are_cut_again_and_again_have_the_log(site: Site, settings: Settings) -> None:
    began = time.monotonic()
    shop = await open_shop(site.servers[0].client, stock=100_000)
    token = issue_token(shop.staff, settings, ttl=timedelta(hours=2))
    start = await first_cursor(site, shop, token)
    subscribers = [Subscriber(name, site.servers, token, start) for name in TRANSPORTS for _ in range(EACH)]
    share = -(-DISCONNECTS // len(subscribers))
    stop = asyncio.Event()
    writing = asyncio.gather(*[write(shop, site.servers[number % 2], stop) for number in range(WRITERS)])
    lives = [one.live(share, random.Random(number)) for number, one in enumerate(subscribers)]
    await asyncio.gather(*lives)
    stop.set()
    placed = sum(await writing)
    place = await settled(site)
    await asyncio.gather(*[one.catch_up(place, random.Random(share)) for one in subscribers])
    statement = {"company": shop.company, "place": decode_cursor(start).place}
    logged = [(row.id, row.version) for row in await site.database.read(text(LOGGED), statement)]
    assert len(logged) >= placed > 0
    for one in subscribers:
        assert one.told == logged, one.transport
    assert_in_order(logged)
    cuts = {name: sum(one.cuts for one in subscribers if one.transport == name) for name in TRANSPORTS}
    midst = sum(one.in_the_midst for one in subscribers)
    print(f"{cuts} cuts, {midst} of them after events, {placed} orders placed, {len(logged)} events for each of")
    print(f"{len(subscribers)} subscribers, {time.monotonic() - began:.0f} s")
    assert midst > sum(cuts.values()) / 4, "the cuts were not in the midst of anything"


async def first_cursor(site: Site, shop: Shop, token: str) -> str:
    """Where all subscribers begin."""
    async with socket(site.servers[0], token, None) as following:
        await asyncio.sleep(0.5)
        await shop.order_id(("apple", 1))
        cursor: str = (await following())["cursor"]
        return cursor


async def write(shop: Shop, served: Served, stop: asyncio.Event) -> int:
    """Place orders until told to stop, and hold each fourth; how many were placed."""
    count = 0
    while not stop.is_set():
        values = shop.order_values(("apple", 1), then=["PLACE"])
        made = await served.client.did("orderCreate", "order { id }", values, shop.staff)
        count += 1
        if count % 4 == 0:
            values = {"orderId": made["order"]["id"], "reason": "a look at it"}
            await served.client.did("orderHold", "order { id }", values, shop.staff)
    return count


async def settled(site: Site) -> int:
    """The end of the log, once everything that was committed has its place."""
    waiting = text("SELECT count(*) FROM unplaced_events")
    while (await site.database.read(waiting))[0][0]:  # noqa: ASYNC110 (PostgreSQL tells by being asked)
        await asyncio.sleep(0.02)
    return await last_place(site.database)


def assert_in_order(found: list[tuple[UUID, int]]) -> None:
    """No version of any order is missing, double or late."""
    for order_id in {order_id for order_id, _ in found}:
        versions = [version for one, version in found if one == order_id]
        assert versions == list(range(versions[0], versions[0] + len(versions))), order_id
