"""Killing the server while requests are in flight: what was acknowledged exists, exactly once (P1, P2, R6)."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time

import httpx2
from sqlalchemy import text

from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.settings import Settings
from tests.client import Client, key
from tests.shop import Shop

KILLS = 20
CLIENTS = 8
SEED = 20261123


def start_server(urls: Urls, settings: Settings, port: int) -> subprocess.Popen[bytes]:
    """A server process of its own over the worker's database."""
    environment = {
        **os.environ,
        "GQL_SALES_DATABASE_URL": urls.server,
        "GQL_SALES_JWT_SECRET": settings.jwt_secret.get_secret_value(),
        "GQL_SALES_PORT": str(port),
    }
    command = [sys.executable, "-m", "gql_sales", "serve"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until_ready(http: httpx2.AsyncClient) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        try:
            if (await http.get("/ready")).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.1)
    raise TimeoutError("the server did not come up")


async def test_every_acknowledged_order_exists_once(
    shop: Shop, database_urls: Urls, database: Database, settings: Settings
) -> None:
    await shop.add_product("grape", "1.00", stock=100_000)
    port = free_port()
    acknowledged: dict[str, str] = {}
    pending: dict[str, str | None] = {}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
        remote = Client(http, settings)
        stop = asyncio.Event()
        workers = [
            asyncio.create_task(order_on_and_on(remote, shop, acknowledged, pending, stop)) for _ in range(CLIENTS)
        ]
        chance = random.Random(SEED)
        in_flight = 0
        for _ in range(KILLS):
            server = start_server(database_urls, settings, port)
            await until_ready(http)
            await asyncio.sleep(0.2 + chance.random() * 0.5)
            in_flight += sum(1 for number in pending.values() if number is None)
            server.send_signal(signal.SIGKILL)
            server.wait()
        server = start_server(database_urls, settings, port)
        started = time.monotonic()
        await until_ready(http)
        print(f"back after {time.monotonic() - started:.1f} s")
        await asyncio.sleep(1)
        stop.set()
        await asyncio.gather(*workers)
        server.terminate()
        server.wait()
    print(f"seed {SEED}: {len(acknowledged)} orders acknowledged, {in_flight} requests in flight at {KILLS} kills")
    assert in_flight >= KILLS
    rows = await database.read(
        text("SELECT external_ref, number FROM orders WHERE company_id = :company AND external_ref IS NOT NULL"),
        {"company": shop.company},
    )
    assert {row.external_ref: row.number for row in rows} == acknowledged
    assert len(rows) == len(acknowledged)
    assert await verify(database, shop.company) == []


async def order_on_and_on(
    remote: Client, shop: Shop, acknowledged: dict[str, str], pending: dict[str, str | None], stop: asyncio.Event
) -> None:
    """Place order after order; a call that broke is repeated with its key until it is answered."""
    while not stop.is_set():
        reference = key()
        values = {**shop.order_values(("grape", 1), then=["PLACE"]), "externalRef": reference, "idempotencyKey": key()}
        pending[reference] = None
        while reference in pending:
            try:
                payload = await remote.did("orderCreate", "order { number }", values, shop.staff)
            except (httpx2.TransportError, AssertionError, KeyError, ValueError):
                await asyncio.sleep(0.05)
                continue
            acknowledged[reference] = payload["order"]["number"]
            del pending[reference]
