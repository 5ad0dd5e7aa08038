"""W4: orders of three items from creation to completion, against a bare script that writes the same rows."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx2
from sqlalchemy import event
from tests.client import Client, key
from tests.shop import Shop, open_shop

from benchmarks import replay
from benchmarks.meter import Meter, median
from benchmarks.stage import SETTINGS, Server, Size, token_of
from benchmarks.transport import Json, connected
from gql_sales.app import create_app
from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database

PRODUCTS = 30
STEPS = {
    "orderCreate": "order { id }",
    "allocationCreate": "",
    "shipmentCreate": "shipment { id }",
    "invoiceIssue": "invoice { id total { amount } }",
    "paymentRecord": "order { state paymentStatus }",
}
Call = Callable[[str, Json], Awaitable[Json]]


def document(name: str, fields: str) -> str:
    """The text of a mutation."""
    kind = name[0].upper() + name[1:]
    asked = f"{fields} userErrors {{ code message }}"
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {asked} }} }}"


DOCUMENTS = {name: document(name, fields) for name, fields in STEPS.items()}


async def live(shop: Shop, chance: random.Random, call: Call) -> None:
    """One order's life in five requests."""
    skus = chance.sample(sorted(shop.products), 3)
    values = shop.order_values(*[(sku, chance.randint(1, 3)) for sku in skus], then=["PLACE"])
    order_id = (await call("orderCreate", values))["order"]["id"]
    await call("allocationCreate", {"orderId": order_id})
    warehouse_id = shop.warehouse_ids[0]
    await call("shipmentCreate", {"orderId": order_id, "warehouseId": warehouse_id, "then": ["BOOK", "FINALIZE"]})
    invoice = (await call("invoiceIssue", {"orderId": order_id}))["invoice"]
    amount = invoice["total"]["amount"]
    paid = await call(
        "paymentRecord",
        {
            "customerId": shop.customer_id,
            "kind": "REGULAR",
            "tenders": [{"method": "CARD", "amount": amount, "reference": key()}],
            "allocations": [{"invoiceId": invoice["id"], "amount": amount}],
        },
    )
    assert paid["order"] == {"state": "COMPLETED", "paymentStatus": "PAID"}, paid


@dataclass
class Counted:
    """Statements of one life, by step; BEGIN and COMMIT are not among them."""

    statements: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STEPS, 0))
    transactions: int = 0
    step: str = ""

    def listen(self, database: Database) -> None:
        """Count what both engines send, and what goes to the driver past them."""
        for engine in (database.write_engine, database.read_engine):
            event.listen(engine.sync_engine, "before_cursor_execute", self._sent)
            event.listen(engine.sync_engine, "connect", self._connected)

    def _connected(self, connection: Any, _: object) -> None:  # noqa: ANN401 (SQLAlchemy's wrapping of the driver)
        connection.driver_connection.add_query_logger(self._driven)

    def _sent(self, *_: object) -> None:
        if self.step:
            self.statements[self.step] += 1

    def _driven(self, record: Any) -> None:  # noqa: ANN401 (asyncpg's record of a query)
        if record.query == "COMMIT":
            self.transactions += bool(self.step)
        elif not record.query.startswith(("BEGIN", "ROLLBACK")):
            self._sent()


@dataclass(frozen=True)
class Recorded:
    """What lives wrote, to be written again by the bare script."""

    lives: list[list[replay.Step]]
    counted: Counted


async def open_large_shop(client: Client) -> Shop:
    """A shop with many stocked products, so that not everybody waits for the same row."""
    shop = await open_shop(client, stock=1_000_000)
    for number in range(PRODUCTS - 2):
        await shop.add_product(f"p{number}", f"{number + 1}.00", stock=1_000_000)
    # Delivery is not stocked.
    del shop.products["delivery"]
    return shop


async def record(urls: Urls, size: Size) -> Recorded:
    """Some lives in this process, statements counted and rows noted; no server may run meanwhile."""
    database = Database(urls.server)
    connection = await asyncpg.connect(urls.owner)
    transport = httpx2.ASGITransport(create_app(SETTINGS, database))
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as http:
            counted = Counted()
            counted.listen(database)
            shop = await open_large_shop(Client(http, SETTINGS))
            lives = [await _record_one(shop, connection, counted, number) for number in range(size.templates + 1)]
    finally:
        await connection.close()
        await database.close()
    return Recorded(lives[1:], counted)


async def _record_one(shop: Shop, connection: asyncpg.Connection, counted: Counted, number: int) -> list[replay.Step]:
    notes = replay.Notes(connection)
    await notes.look()
    steps: list[replay.Step] = []

    async def call(name: str, values: Json) -> Json:
        # The first life warms up, the second is counted, all the others are like it.
        counted.step = name if number == 1 else ""
        idempotency_key = key()
        data = await shop.client.query(
            DOCUMENTS[name], {"input": {**values, "idempotencyKey": idempotency_key}}, shop.staff
        )
        counted.step = ""
        assert not data[name]["userErrors"], data
        steps.append(await notes.step(idempotency_key))
        payload: Json = data[name]
        return payload

    await live(shop, random.Random(number), call)
    return steps


async def compare(urls: Urls, shop: Shop, server: Server, recorded: Recorded, size: Size) -> None:
    """Print lives a second at 1 and 8 clients, ours and bare; the bare script's own process counts as its server."""
    counted = recorded.counted
    print(f"W4 a life: {len(STEPS)} requests, {sum(counted.statements.values())} statements {counted.statements}")
    print(f"W4 a life: {counted.transactions} writing transactions")
    ours, bare = Meter(urls.owner, server.process_id), Meter(urls.owner, os.getpid())
    async with asyncpg.create_pool(urls.server, min_size=8, max_size=8) as pool:
        for clients in (1, 8):
            lives = size.lifecycles if clients > 1 else size.lifecycles // 2
            found = [
                (
                    await ours.run(lambda share: _live_over_http(shop, server, share), clients, lives),
                    await bare.run(lambda share: _live_bare(pool, recorded, share), clients, lives),
                )
                for _ in range(size.rounds + 1)
            ][1 if size.rounds > 1 else 0 :]
            mine, theirs = median([pair[0] for pair in found]), median([pair[1] for pair in found])
            print(f"W4 {clients} clients  ours {mine}")
            print(f"W4 {clients} clients  bare {theirs}")
            cpu = mine.database / theirs.database if theirs.database else float("nan")
            print(
                f"W4 {clients} clients  ratio: throughput 1/{theirs.rate / mine.rate:.2f}, PostgreSQL's CPU {cpu:.2f}x"
            )


async def _live_over_http(shop: Shop, server: Server, share: int) -> None:
    chance = random.Random(key())
    async with connected(server.port, token_of(shop)) as connection:

        async def call(name: str, values: Json) -> Json:
            data = await connection.operation(DOCUMENTS[name], {"input": {**values, "idempotencyKey": key()}})
            payload: Json = data[name]
            assert not payload["userErrors"], payload
            return payload

        for _ in range(share):
            await live(shop, chance, call)


async def _live_bare(pool: asyncpg.Pool, recorded: Recorded, share: int) -> None:
    chance = random.Random(key())
    for _ in range(share):
        for step in replay.renamed(chance.choice(recorded.lives)):
            async with pool.acquire() as connection, connection.transaction():
                await replay.write(connection, step)
            await asyncio.sleep(0)
