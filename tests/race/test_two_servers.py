"""Two server processes on one database: a subscriber of one sees what writers do at both (reliability.md E2, E3)."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice, pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gql_sales.access.tokens import issue_token
from gql_sales.db.embedded import OWNER, Urls
from gql_sales.db.engine import Database
from gql_sales.db.event_log import decode_cursor, last_place
from gql_sales.db.logged_events import Position
from gql_sales.kernel.ids import decode_id
from gql_sales.settings import Settings
from tests.client import Client, Json, key
from tests.database import TestServer
from tests.event_world import database_of_its_own
from tests.race.servers import Served, running
from tests.shop import Shop, open_shop
from tests.socket_client import SocketClient, logged_in

CHANGES = 48
EVENTS = 600
WRITERS = 16
ORDERS = 12
SUBSCRIPTION = """subscription ($orderIds: [ID!], $after: String) {
  orderEvents(orderIds: $orderIds, after: $after) { cursor type orderId orderVersion order { version } }
}"""
HOLDER = """
SELECT usename FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND application_name = 'gql_sales sequencer'
"""
LOGGED = """
SELECT document_id, document_version, place FROM events JOIN event_order ON event_id = events.id
WHERE company_id = :company AND document_type = 'Order' AND place > :place ORDER BY place
"""


@dataclass(frozen=True)
class Pair:
    """Both servers, told apart in PostgreSQL by their role: the first works as the owner of the tables."""

    first: Served
    second: Served
    database: Database
    owner: Database

    @property
    def clients(self) -> list[Client]:
        """One of each server."""
        return [self.first.client, self.second.client]


@pytest.fixture(scope="module")
async def urls(test_server: TestServer, worker_id: str) -> AsyncIterator[Urls]:
    """A database that only these servers work on."""
    async with database_of_its_own(test_server, f"{worker_id}_two") as found:
        yield found


@pytest.fixture(scope="module")
async def pair(urls: Urls, settings: Settings) -> AsyncIterator[Pair]:
    """Two servers for all tests of this file; the last one kills one of them."""
    database, owner = Database(urls.server), Database(urls.owner)
    async with asyncio.timeout(300), running(urls.owner, settings) as first, running(urls.server, settings) as second:
        yield Pair(first, second, database, owner)
    await database.close()
    await owner.close()


@dataclass
class Draft:
    """A draft of two items, changed by whoever comes."""

    shop: Shop
    id: str
    items: list[str]

    @classmethod
    async def make(cls, shop: Shop) -> "Draft":
        """A fresh one."""
        order = await shop.draft(("apple", 1), ("pear", 1))
        return cls(shop, order["id"], [item["id"] for item in order["items"]])

    async def change(self, client: Client, number: int) -> int:
        """Set a quantity or add an item, repeated with its key until it is done; the version seen after it."""
        if number % 8 == 7:
            name = "orderItemAdd"
            values: Json = {"items": [{"productId": self.shop.products["pear"], "quantity": "1"}]}
        else:
            name = "orderItemUpdate"
            values = {"orderItemId": self.items[number % 2], "quantity": str(number + 2)}
        values |= {"orderId": self.id, "idempotencyKey": key()}
        while True:
            payload = await client.mutate(name, "order { version }", values, self.shop.staff)
            if not payload["userErrors"]:
                version: int = payload["order"]["version"]
                return version
            assert payload["userErrors"][0]["code"] in {"LOCK_TIMEOUT", "IDEMPOTENCY_KEY_IN_USE"}, payload


def login(served: Served, shop: Shop, settings: Settings) -> Any:
    """A socket of the shop's staff."""
    return logged_in(served.socket_url, issue_token(shop.staff, settings, ttl=timedelta(hours=1)))


async def take(socket: SocketClient, count: int) -> list[Json]:
    """The next events."""
    return [(await socket.data(30))["orderEvents"] for _ in range(count)]


async def write(drafts: list[Draft], client: Client, count: int, seed: int) -> list[int]:
    """Changes of random drafts, one after the other; each writer sets quantities that no other sets."""
    chance = random.Random(seed)
    return [await chance.choice(drafts).change(client, seed * 1000 + number) for number in range(count)]


def places(events: Iterable[Json]) -> list[Position]:
    """Where they stand in the log."""
    return [decode_cursor(event["cursor"]) for event in events]


def told(events: Iterable[Json]) -> list[tuple[UUID, int]]:
    """Which version of which order each event is about."""
    return [(decode_id("Order", event["orderId"]), event["orderVersion"]) for event in events]


async def logged(database: Database, shop: Shop, after: Position) -> list[tuple[UUID, int]]:
    """The same, as the log has it."""
    rows = await database.read(text(LOGGED), {"company": shop.company, "place": after.place})
    return [(row.document_id, row.document_version) for row in rows]


async def settled(pair: Pair) -> Position:
    """The end of the log, once everything that was committed has its place."""
    waiting = text("SELECT count(*) FROM unplaced_events")
    while (await pair.database.read(waiting))[0][0]:  # noqa: ASYNC110 (PostgreSQL tells by being asked)
        await asyncio.sleep(0.02)
    return Position(await last_place(pair.database))


def assert_versions_in_order(found: list[tuple[UUID, int]]) -> None:
    """No version of any order is missing, double or late."""
    for order_id in {order_id for order_id, _ in found}:
        versions = [version for one, version in found if one == order_id]
        assert versions == list(range(versions[0], versions[0] + len(versions))), order_id


async def test_every_version_of_an_order_written_at_both_servers_arrives_once(pair: Pair, settings: Settings) -> None:
    shop = await open_shop(pair.first.client)
    draft, other = await Draft.make(shop), await Draft.make(shop)
    await settled(pair)
    async with login(pair.second, shop, settings) as socket:
        await socket.subscribe(SUBSCRIPTION, {"orderIds": [draft.id]})
        writers = [write([draft], client, CHANGES // 2, seed) for seed, client in enumerate(pair.clients)]
        noise = write([other], pair.first.client, 5, 2)
        events, done, _ = await asyncio.gather(take(socket, CHANGES), asyncio.gather(*writers), noise)
        assert await socket.is_silent()
    assert [version for _, version in told(events)] == list(range(2, CHANGES + 2))
    assert {event["orderId"] for event in events} == {draft.id}
    assert places(events) == sorted(set(places(events)))
    # What is shown beside an event is at least as new as the event.
    assert all(event["order"]["version"] >= event["orderVersion"] for event in events)
    order = [writer for _, writer in sorted((version, writer) for writer in (0, 1) for version in done[writer])]
    turns = sum(one != other for one, other in pairwise(order))
    print(f"{CHANGES} changes, {turns} times one server's followed by the other's")
    assert turns > 4, "the writers did not write at the same time"


async def test_a_stream_cut_and_resumed_under_16_writers_equals_the_log(pair: Pair, settings: Settings) -> None:
    shop = await open_shop(pair.first.client)
    drafts = [await Draft.make(shop) for _ in range(ORDERS)]
    await settled(pair)
    async with login(pair.second, shop, settings) as socket:
        await socket.subscribe(SUBSCRIPTION)
        await drafts[0].change(pair.second.client, 0)
        (start,) = await take(socket, 1)
    counts = [EVENTS // WRITERS + (number < EVENTS % WRITERS) for number in range(WRITERS)]
    writers = asyncio.gather(
        *[
            write(drafts, client, count, seed)
            for seed, (client, count) in enumerate(zip(islice(cycle(pair.clients), WRITERS), counts, strict=True))
        ]
    )
    events: list[Json] = []
    while len(events) < EVENTS:
        # Cut off in the midst of it: what was sent and not read is lost with the socket.
        async with login(pair.second, shop, settings) as socket:
            await socket.subscribe(SUBSCRIPTION, {"after": (events or [start])[-1]["cursor"]})
            events += await take(socket, min(170, EVENTS - len(events)))
            if len(events) == EVENTS:
                await writers
                assert await socket.is_silent()
    (begin,) = places([start])
    assert told(events) == await logged(pair.database, shop, begin)
    assert places(events) == sorted(set(places(events)))
    assert_versions_in_order(told(events))
    # Whoever comes later, at whichever server, is told the same.
    async with login(pair.first, shop, settings) as socket:
        await socket.subscribe(SUBSCRIPTION, {"after": start["cursor"]})
        assert told(await take(socket, EVENTS)) == told(events)


async def test_events_go_on_when_the_server_that_places_them_is_killed(pair: Pair, settings: Settings) -> None:
    shop = await open_shop(pair.second.client)
    drafts = [await Draft.make(shop) for _ in range(4)]
    begin = await settled(pair)
    async with login(pair.second, shop, settings) as socket:
        await socket.subscribe(SUBSCRIPTION)
        before = await take_after(socket, write(drafts, pair.first.client, 10, 1), 10)
        changed = await stop_while_placing(pair, drafts[0])
        await asyncio.gather(*[write(drafts, pair.second.client, 10, seed) for seed in (2, 3)])
        found = before + await take(socket, changed + 20)
        await asyncio.sleep(1)
        assert await socket.is_silent()
    assert told(found) == await logged(pair.database, shop, begin)
    assert_versions_in_order(told(found))


async def take_after(socket: SocketClient, writing: Any, count: int) -> list[Json]:
    """The events of what is written meanwhile."""
    _, events = await asyncio.gather(writing, take(socket, count))
    return list(events)


async def stop_while_placing(pair: Pair, draft: Draft) -> int:
    """Kill the first server in the middle of its placing; the number of changes that it took to catch it there.

    The table is locked, so that whoever places stands still with the sequencer's lock in hand.
    """
    for number in range(20):
        async with pair.owner.write_engine.begin() as connection:
            await connection.execute(text("LOCK TABLE event_order IN SHARE ROW EXCLUSIVE MODE"))
            await draft.change(pair.first.client, number + 10)
            while not (holders := (await connection.scalars(text(HOLDER))).all()):  # noqa: ASYNC110 (as above)
                await asyncio.sleep(0.01)
            if holders == [OWNER]:
                pair.first.process.kill()
                pair.first.process.wait()
                assert (await connection.scalars(text(HOLDER))).all() == [OWNER]
                print(f"killed the holder after {number + 1} changes")
                return number + 1
    raise AssertionError("the first server never held the lock")
