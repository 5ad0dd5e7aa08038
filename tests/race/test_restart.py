"""The database stops at once, as in `pg_ctl -m immediate`, while requests are in flight (P1, P2, R7)."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

from gql_sales.db.embedded import EmbeddedPostgres, Urls
from gql_sales.db.engine import Database
from gql_sales.db.migrate import migrate
from gql_sales.domain.verify import verify
from gql_sales.settings import Settings
from tests.client import Client
from tests.race.servers import running
from tests.race.test_kill import Load, check_orders
from tests.shop import open_shop

RESTARTS = 5
CLIENTS = 24
SEED = 20261126
RECOVERY_SECONDS = 30.0
"""Generous: the machine of the tests has other things to do; what it took is printed."""


async def test_every_acknowledged_order_survives_the_database(settings: Settings) -> None:
    """The server stays up, comes back by itself, and nobody does anything by hand."""
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"gql-sales-test-restart-{os.getpid()}"
    postgres = EmbeddedPostgres(folder)
    urls = await asyncio.to_thread(postgres.start)
    try:
        await migrate(urls.owner)
        async with asyncio.timeout(240), running(urls.server, settings) as served:
            await stop_again_and_again(served.client, postgres, urls)
    finally:
        await asyncio.to_thread(postgres.remove)


async def stop_again_and_again(remote: Client, postgres: EmbeddedPostgres, urls: Urls) -> None:
    """Orders are placed all the while; at the end exactly the acknowledged ones exist."""
    shop = await open_shop(remote)
    await shop.add_product("grape", "1.00", stock=100_000)
    load = Load(remote, shop, tolerated=frozenset({"SERVICE_UNAVAILABLE"}))
    chance = random.Random(SEED)
    in_flight = 0
    async with asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(load.order_on_and_on())
        for _ in range(RESTARTS):
            before = len(load.acknowledged)
            while len(load.acknowledged) < before + CLIENTS:  # noqa: ASYNC110 (only tasks change it)
                await asyncio.sleep(0.01)
            await asyncio.sleep(chance.random() * 0.3)
            in_flight += load.waiting
            await restart(postgres, urls)
            print(f"placed again after {await until_placed(load):.1f} s")
        await load.finish()
    print(f"seed {SEED}: {len(load.acknowledged)} orders, {in_flight} requests in flight at {RESTARTS} stops")
    print(f"{load.errors} told, {load.replays} of the calls done all the same; refused meanwhile: {load.refusals}")
    assert in_flight >= 100
    assert load.refusals.keys() <= {"IDEMPOTENCY_KEY_IN_USE", "LOCK_TIMEOUT"}
    database = Database(urls.server)
    await check_orders(load, database)
    assert await verify(database) == []
    await database.close()


async def restart(postgres: EmbeddedPostgres, urls: Urls) -> None:
    """Stop without writing anything to disk, and start on what is there."""
    assert postgres.process_id is not None
    os.kill(postgres.process_id, signal.SIGQUIT)
    await asyncio.to_thread(postgres.stop)
    assert await asyncio.to_thread(postgres.start) == urls


async def until_placed(load: Load) -> float:
    """Seconds until the next order is acknowledged."""
    began, before = time.monotonic(), len(load.acknowledged)
    while len(load.acknowledged) == before:
        assert time.monotonic() - began < RECOVERY_SECONDS
        await asyncio.sleep(0.02)
    return time.monotonic() - began
