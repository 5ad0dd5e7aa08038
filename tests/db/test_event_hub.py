"""The hub: a thousand idle subscribers cost one reader, a slow one costs nothing, replays let others through (E5)."""

import asyncio
import gc
import time
import tracemalloc
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from sqlalchemy import event

from gql_sales.db import event_hub
from gql_sales.db.engine import Database
from gql_sales.db.event_hub import EventHub, hub_of
from gql_sales.db.event_log import last_place
from gql_sales.db.logged_events import LoggedEvent, Position, Wanted
from gql_sales.kernel.principals import ANONYMOUS
from gql_sales.kernel.request_errors import Code, RequestError
from tests.database import TestServer
from tests.event_world import World, database_of_its_own, staff
from tests.sales_story import place_all

Stream = AsyncGenerator[LoggedEvent, None]


@pytest.fixture(scope="module")
async def database(test_server: TestServer, worker_id: str) -> AsyncIterator[Database]:
    """A database without a sequencer: each test gives places when it wants to."""
    async with database_of_its_own(test_server, f"{worker_id}_hub") as urls:
        opened = Database(urls.server)
        yield opened
        await opened.close()


@pytest.fixture
async def world(database: Database) -> World:
    """A company of the test's own."""
    return await World.make(database)


async def follow(world: World, after: Position | None = None) -> Stream:
    """A subscriber to all orders of the company, standing at the end of the log or at a position."""
    position = after or Position(await last_place(world.database))
    return hub_of(world.database).follow(world.database, staff(world.company_id), Wanted("Order"), position)


async def take(stream: Stream, count: int) -> list[int]:
    """The versions of the next events."""
    async with asyncio.timeout(60):
        return [(await anext(stream)).document_version for _ in range(count)]


async def test_a_thousand_idle_subscribers_cost_the_statements_of_one(world: World) -> None:
    (order,) = await world.orders(1)
    streams = [await follow(world) for _ in range(1000)]
    waiting = [asyncio.create_task(take(stream, 3)) for stream in streams]
    await asyncio.sleep(0.5)
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(world.database.read_engine.sync_engine, "before_cursor_execute", count)
    started = time.monotonic()
    for _ in range(3):
        await world.change(order)
    await place_all(world.database)
    hub_of(world.database).announce()
    assert await asyncio.gather(*waiting) == [[1, 2, 3]] * 1000
    event.remove(world.database.read_engine.sync_engine, "before_cursor_execute", count)
    assert statements < 20
    assert time.monotonic() - started < 5
    await asyncio.gather(*[stream.aclose() for stream in streams])


async def test_nobody_reads_when_nobody_listens(world: World) -> None:
    hub = EventHub()
    stream = hub.follow(world.database, staff(world.company_id), Wanted("Order"), Position(0))
    (order,) = await world.orders(1)
    await world.change(order)
    await place_all(world.database)
    assert await take(stream, 1) == [1]
    assert hub._reader is not None
    await stream.aclose()
    async with asyncio.timeout(2):
        await hub._reader
    assert hub._tails == {}


async def test_a_lost_announcement_costs_a_second(world: World) -> None:
    (order,) = await world.orders(1)
    stream = await follow(world)
    waiting = asyncio.create_task(take(stream, 1))
    await asyncio.sleep(0.2)
    await world.change(order)
    await place_all(world.database)
    started = time.monotonic()
    assert await waiting == [1]
    assert time.monotonic() - started < 1.5
    await stream.aclose()


async def test_a_reader_that_stops_reading_holds_next_to_nothing(world: World) -> None:
    (order,) = await world.orders(1)
    streams = [await follow(world) for _ in range(50)]
    waiting = [asyncio.create_task(take(stream, 1)) for stream in streams]
    await asyncio.sleep(0.2)
    await world.flood(order, 1)
    await place_all(world.database)
    hub_of(world.database).announce()
    await asyncio.gather(*waiting)
    tracemalloc.start()
    await world.flood(order, 10_000)
    await place_all(world.database)
    hub_of(world.database).announce()
    await asyncio.sleep(3)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    tail = hub_of(world.database)._tails[world.company_id]
    assert len(tail.events) < 2 * event_hub.KEPT
    assert grown < 20_000_000
    await asyncio.gather(*[stream.aclose() for stream in streams])


async def test_who_falls_far_behind_for_long_is_told_so_and_resumes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_hub, "SLOW_SECONDS", 0.5)
    (order,) = await world.orders(1)
    slow = await follow(world)
    waiting = asyncio.create_task(take(slow, 1))
    await asyncio.sleep(0.2)
    await world.flood(order, 1)
    await place_all(world.database)
    assert await waiting == [1]
    await world.flood(order, 3000)
    await place_all(world.database)
    hub_of(world.database).announce()
    await asyncio.sleep(2)
    with pytest.raises(RequestError) as caught:
        await take(slow, 3000)
    assert caught.value.code is Code.SLOW_CONSUMER
    resumed = await follow(world, Position(await last_place(world.database) - 3000))
    assert await take(resumed, 3000) == list(range(2, 3002))
    await resumed.aclose()


async def test_a_burst_does_not_end_a_reader_that_reads(world: World) -> None:
    (order,) = await world.orders(1)
    stream = await follow(world)
    waiting = asyncio.create_task(take(stream, 4000))
    await asyncio.sleep(0.2)
    await world.flood(order, 4000)
    await place_all(world.database)
    hub_of(world.database).announce()
    assert await waiting == list(range(1, 4001))
    await stream.aclose()


async def test_twenty_replays_leave_the_loop_to_others(world: World) -> None:
    (order,) = await world.orders(1)
    start = Position(await last_place(world.database))
    await world.flood(order, 2000)
    await place_all(world.database)
    streams = [await follow(world, start) for _ in range(20)]
    replays = asyncio.gather(*[take(stream, 2000) for stream in streams])
    longest = 0.0
    # Collecting the garbage of this whole test process is not the replays' doing.
    gc.collect()
    gc.freeze()
    while not replays.done():
        # The processor's time of this thread, so that a busy machine does not count as a busy loop.
        before = time.thread_time()
        await asyncio.sleep(0.001)
        longest = max(longest, time.thread_time() - before)
    gc.unfreeze()
    assert all(versions == list(range(1, 2001)) for versions in await replays)
    assert longest < 0.25
    await asyncio.gather(*[stream.aclose() for stream in streams])


async def test_the_database_may_go_away_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (order,) = await world.orders(1)
    stream = await follow(world)
    waiting = asyncio.create_task(take(stream, 1))
    await asyncio.sleep(0.2)

    async def away(*_: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(event_hub, "last_place", away)
        await world.change(order)
        await place_all(world.database)
        hub_of(world.database).announce()
        await asyncio.sleep(0.2)
        assert not waiting.done()
    assert await waiting == [1]
    await stream.aclose()


async def test_the_anonymous_hear_nothing(world: World) -> None:
    stream = hub_of(world.database).follow(world.database, ANONYMOUS, Wanted("Order"), Position(0))
    assert [found async for found in stream] == []
