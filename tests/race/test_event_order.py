"""Events under many writers: none missed, none double, versions of a document in order (reliability.md E2, E3, E6)."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.event_hub import hub_of
from gql_sales.db.event_log import last_place
from gql_sales.db.event_places import dedicated, place_batch
from gql_sales.db.logged_events import LoggedEvent, Position, Wanted
from gql_sales.jobs.runtime import Jobs
from tests.event_world import World, staff

EVENTS = 600
WRITERS = 16
ORDERS = 12
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name LIKE 'gql_sales %' AND datname = current_database()"
)


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Database]:
    """What one server process has: pools, sequencer, LISTEN connection and hub."""
    database = Database(url)
    jobs = Jobs(database)
    await jobs.start()
    try:
        yield database
    finally:
        await jobs.stop()
        await database.close()


async def collect(database: Database, world: World, count: int, after: Position) -> list[LoggedEvent]:
    """What a subscriber gets, up to a number of events."""
    found: list[LoggedEvent] = []
    events = hub_of(database).follow(database, staff(world.company_id), Wanted("Order"), after)
    try:
        async with asyncio.timeout(60):
            async for event in events:
                found.append(event)
                if len(found) >= count:
                    return found
    finally:
        await events.aclose()
    return found


async def write(world: World, orders: list[UUID], count: int, seed: int) -> None:
    """Changes of random orders; some transactions take their id long before they lock, or commit late."""
    chance = random.Random(seed)
    for _ in range(count):
        late = chance.random()
        await world.change(
            chance.choice(orders), delay=0.02 if late < 0.1 else 0, hold=0.02 if 0.1 <= late < 0.2 else 0
        )


def assert_complete(found: list[LoggedEvent], orders: list[UUID], count: int) -> None:
    """Every version of every order once, in order, and places that only rise."""
    assert len(found) == count
    assert [event.place for event in found] == sorted({event.place for event in found})
    for order_id in orders:
        versions = [event.document_version for event in found if event.document_id == order_id]
        assert versions == list(range(1, len(versions) + 1)), order_id


async def test_none_missed_none_double_under_16_writers_on_two_processes(event_url: str) -> None:
    async with process(event_url) as one, process(event_url) as two:
        here = await World.make(one)
        there = World(two, here.company_id, here.channel_id)
        orders = await here.orders(ORDERS)
        start = Position(await last_place(one))
        readers = [asyncio.create_task(collect(database, here, EVENTS, start)) for database in (one, two)]
        worlds = [here, there] * (WRITERS // 2)
        writers = [
            write(world, orders, EVENTS // WRITERS + (1 if i < EVENTS % WRITERS else 0), i)
            for i, world in enumerate(worlds)
        ]
        await asyncio.gather(*writers)
        for found in await asyncio.gather(*readers):
            assert_complete(found, orders, EVENTS)
        # A reader that comes later gets the same from the log.
        assert_complete(await collect(two, here, EVENTS, start), orders, EVENTS)


async def test_a_cursor_over_the_insertion_number_loses_events(event_url: str) -> None:
    """The planted defect (Q16): this is what a bigserial cursor does, and that the writers above provoke it."""
    database = Database(event_url)
    world = await World.make(database)
    orders = await world.orders(ORDERS)
    statement = text(
        "SELECT insertion FROM events WHERE company_id = :company AND insertion > :last ORDER BY insertion"
    )
    writers = asyncio.gather(*[write(world, orders, 10, i) for i in range(WRITERS)])
    seen: list[int] = []
    is_over = False
    while not is_over:
        # One more look after the last commit, so that what is missing then is missing for ever.
        is_over = writers.done()
        last = seen[-1] if seen else 0
        seen += [row[0] for row in await database.read(statement, {"company": world.company_id, "last": last})]
    everything = await database.read(statement, {"company": world.company_id, "last": 0})
    await database.close()
    assert len(everything) == 10 * WRITERS
    assert len(seen) < len(everything), "the writers are too tame to prove anything"


async def test_versions_stay_in_order_where_transaction_ids_do_not(event_url: str) -> None:
    """A transaction takes its id with the key, before it waits for the order: version 2 may have the smaller one."""
    database = Database(event_url)
    world = await World.make(database)
    (order,) = await world.orders(1)
    async with database.session() as second, database.session() as bystander:
        await world.take_key(second)
        await world.take_key(bystander)
        await world.change(order)
        await world.touch(second, order)
        await second.commit()
        statement = text(
            "SELECT document_version FROM events JOIN unplaced_events ON id = event_id"
            " WHERE document_id = :order AND xid < pg_snapshot_xmin(pg_current_snapshot())"
        )
        async with asyncio.timeout(60):
            # Nothing is settled while an older transaction of the whole server runs, as another test's may.
            while not (settled := await database.read(statement, {"order": order})):  # noqa: ASYNC110 (nothing tells)
                await asyncio.sleep(0.05)
        assert [row.document_version for row in settled] == [2], "placing what is settled would put 2 before 1"
        async with dedicated(database, "test") as connection:
            while (await place_batch(connection)).count:  # type: ignore[union-attr]
                pass
        await bystander.rollback()
    placed = await database.read(
        text(
            "SELECT document_version FROM event_order JOIN events ON id = event_id"
            " WHERE document_id = :o ORDER BY place"
        ),
        {"o": order},
    )
    await database.close()
    assert [row.document_version for row in placed] == [1, 2]


async def test_events_arrive_after_the_listen_connection_is_cut(event_url: str) -> None:
    async with process(event_url) as writing, process(event_url) as reading:
        world = await World.make(writing)
        orders = await world.orders(1)
        reader = asyncio.create_task(collect(reading, world, 20, Position(await last_place(writing))))
        for turn in range(20):
            if turn % 5 == 2:
                assert await writing.read(text(CUT))
            await world.change(orders[0])
            await asyncio.sleep(0.02)
        assert_complete(await reader, orders, 20)


async def test_a_commit_reaches_subscribers_of_another_process_at_once(event_url: str) -> None:
    async with process(event_url) as writing, process(event_url) as reading:
        world = await World.make(writing)
        (order,) = await world.orders(1)
        await asyncio.sleep(0.3)
        lags: list[float] = []
        events = hub_of(reading).follow(
            reading, staff(world.company_id), Wanted("Order"), Position(await last_place(reading))
        )
        for _ in range(40):
            next_event = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0.02)
            await world.change(order)
            committed = time.monotonic()
            await next_event
            lags.append(time.monotonic() - committed)
        await events.aclose()
    assert sorted(lags)[int(len(lags) * 0.95)] < 0.25, lags


async def test_one_sequencer_works_at_a_time(event_url: str) -> None:
    database = Database(event_url)
    world = await World.make(database)
    orders = await world.orders(1)
    await world.change(orders[0])
    async with dedicated(database, "a") as first, dedicated(database, "b") as second:
        async with first.transaction():
            placed = await place_batch(first)
            assert placed is not None
            assert placed.count >= 1
            assert await place_batch(second) is None
        # A process that was killed lets go of the lock: the connection ends, and with it the transaction.
        await world.change(orders[0])
        transaction = first.transaction()
        await transaction.start()
        assert await place_batch(first) is not None
        first.terminate()
        async with asyncio.timeout(5):
            while await place_batch(second) is None:  # noqa: ASYNC110 (the server tells nobody)
                await asyncio.sleep(0.01)
    rows = await database.read(text("SELECT count(*) FROM unplaced_events"))
    await database.close()
    assert rows[0][0] == 0
