"""Killing the server while requests are in flight: what was acknowledged exists, exactly once (P1, P2, R6)."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

import httpx2
from sqlalchemy import text

from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.settings import Settings
from tests.client import Client, Json, key
from tests.race.servers import Forge, free_port, start_server, until_ready
from tests.shop import Shop

KILLS = 20
CLIENTS = 8
REPLAYED = 20
SEED = 20261123
PLACE = """mutation ($input: OrderCreateInput!) {
  orderCreate(input: $input) { order { number } userErrors { code } }
}"""


@dataclass
class Load:
    """Clients that place order after order, and what they know of them."""

    remote: Client
    shop: Shop
    sent: dict[str, Json] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    waiting: int = 0
    lost: int = 0
    replays: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    tolerated: frozenset[str] = frozenset()
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def order_on_and_on(self) -> None:
        """A call that broke is repeated with its key until it is answered."""
        while not self.stop.is_set():
            reference = key()
            values = self.shop.order_values(("grape", 1), then=["PLACE"], externalRef=reference)
            self.sent[reference] = {**values, "idempotencyKey": key()}
            while reference not in self.acknowledged:
                if not await self.order(reference):
                    await asyncio.sleep(0.05)

    async def order(self, reference: str) -> bool:
        """Try once."""
        self.waiting += 1
        try:
            answer = await self.remote.execute(PLACE, {"input": self.sent[reference]}, self.shop.staff)
        except httpx2.ConnectError:
            return False
        except httpx2.TransportError:
            self.lost += 1
            return False
        finally:
            self.waiting -= 1
        if "errors" in answer:
            codes = {error["extensions"]["code"] for error in answer["errors"]}
            assert codes <= self.tolerated, answer
            self.errors.update(codes)
            return False
        payload = answer["data"]["orderCreate"]
        self.refusals.update(error["code"] for error in payload["userErrors"])
        if payload["userErrors"]:
            return False
        self.replays += bool(answer["extensions"].get("idempotency", {}).get("replayed"))
        self.acknowledged[reference] = payload["order"]["number"]
        return True

    async def finish(self) -> None:
        """Wait until every call is answered; some are sent again, and answered as before (P2)."""
        self.stop.set()
        while self.waiting or len(self.acknowledged) < len(self.sent):  # noqa: ASYNC110 (only tasks change it)
            await asyncio.sleep(0.05)
        references = list(self.acknowledged)[:: max(1, len(self.acknowledged) // REPLAYED)]
        assert await self.repeat(references) == {one: self.acknowledged[one] for one in references}

    async def repeat(self, references: list[str]) -> dict[str, str]:
        """Numbers that acknowledged calls are answered with when they are sent again."""
        found = {}
        for reference in references:
            answer = await self.remote.execute(PLACE, {"input": self.sent[reference]}, self.shop.staff)
            assert answer["extensions"]["idempotency"] == {"replayed": True}
            found[reference] = answer["data"]["orderCreate"]["order"]["number"]
        return found


async def test_every_acknowledged_order_exists_once(
    shop: Shop, database_urls: Urls, database: Database, settings: Settings
) -> None:
    await shop.add_product("grape", "1.00", stock=100_000)
    port = free_port()
    async with (
        asyncio.timeout(300),
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http,
        asyncio.TaskGroup() as clients,
    ):
        load = Load(Client(http, settings), shop)
        for _ in range(CLIENTS):
            clients.create_task(load.order_on_and_on())
        in_flight = await kill_again_and_again(load, database_urls, port)
        # The last one as an operator starts it.
        server = start_server(database_urls.server, settings, port)
        try:
            print(f"back after {await until_ready(http):.1f} s")
            await asyncio.sleep(1)
            await load.finish()
        finally:
            server.terminate()
            await asyncio.to_thread(server.wait)
    print(f"seed {SEED}: {len(load.acknowledged)} orders acknowledged, {in_flight} requests in flight at {KILLS} kills")
    print(f"{load.lost} answers lost, {load.replays} of them done all the same; refused meanwhile: {load.refusals}")
    assert load.lost >= in_flight >= 100
    assert load.refusals.keys() <= {"IDEMPOTENCY_KEY_IN_USE", "LOCK_TIMEOUT"}
    await check_orders(load, database)
    assert await verify(database, shop.company) == []


async def kill_again_and_again(load: Load, urls: Urls, port: int) -> int:
    """Number of requests that waited for an answer when their server was killed."""
    chance = random.Random(SEED)
    forge = Forge()
    in_flight = 0
    for _ in range(KILLS):
        server = await forge.start(urls.server, load.remote.settings, port)
        await until_ready(load.remote.http)
        before = len(load.acknowledged)
        while len(load.acknowledged) == before:  # noqa: ASYNC110 (only tasks change it)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1 + chance.random() * 0.5)
        in_flight += load.waiting
        server.kill()
        await asyncio.to_thread(server.join)
    return in_flight


async def check_orders(load: Load, database: Database) -> None:
    """Exactly the acknowledged orders exist, each once and under the number it was acknowledged with."""
    rows = await database.read(
        text("SELECT external_ref, number FROM orders WHERE company_id = :company AND external_ref IS NOT NULL"),
        {"company": load.shop.company},
    )
    assert {row.external_ref: row.number for row in rows} == load.acknowledged
    assert len(rows) == len(load.acknowledged)
