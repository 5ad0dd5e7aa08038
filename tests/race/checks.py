"""What must hold after a race; each check is also shown to catch the bug it is there for (reliability.md Q16)."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text

from gql_sales.db.engine import Database
from tests.client import Json, key
from tests.shop import Shop

T = TypeVar("T")


async def at_once(calls: Iterable[Awaitable[T]], clients: int = 1000) -> list[T]:
    """All of them at the same time, as far as there are clients to make them."""
    free = asyncio.Semaphore(clients)

    async def one(call: Awaitable[T]) -> T:
        async with free:
            return await call

    results = await asyncio.gather(*map(one, calls), return_exceptions=True)
    # All are over before anybody hears of the first that failed, so that nothing runs on into the next test.
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


async def backends(database: Database) -> int:
    """Number of distinct database connections that serve the application now."""
    statement = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gql_sales'"
    )
    return int((await database.read(text(statement)))[0][0])


async def deadlocks(database: Database) -> int:
    """Deadlocks the server has counted in this database."""
    await database.read(text("SELECT pg_stat_clear_snapshot()"))
    rows = await database.read(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
    return int(rows[0][0])


def codes(payloads: Iterable[Json]) -> Counter[str]:
    """How often each refusal came, with OK for success."""
    return Counter(p["userErrors"][0]["code"] if p["userErrors"] else "OK" for p in payloads)


async def sell_out(shop: Shop, database: Database, buyers: int = 200, units: int = 50) -> None:
    """C-1, R1: many buyers place for one unit each; exactly as many succeed as there are units."""
    await shop.add_product("cherry", "3.00", stock=units)
    drafts = await at_once(shop.order_id(("cherry", 1)) for _ in range(buyers))
    placed = await at_once(shop.client.mutate("orderPlace", "", {"orderId": id_}, shop.staff) for id_ in drafts)
    print(f"{buyers} placements for {units} units over {await backends(database)} backends: {dict(codes(placed))}")
    assert codes(placed) == {"OK": units, "INSUFFICIENT_STOCK": buyers - units}
    pool = await committed(shop, database, "cherry")
    assert pool == units


async def committed(shop: Shop, database: Database, sku: str) -> int:
    """What the pool has promised of a product."""
    statement = """SELECT committed FROM stock_pools JOIN products ON products.id = product_id
                   WHERE products.company_id = :company AND sku = :sku"""
    rows = await database.read(text(statement), {"company": shop.company, "sku": sku})
    return int(rows[0][0])


async def opposite_orders(shop: Shop, database: Database, clients: int = 32, rounds: int = 5) -> None:
    """C-3, R2: orders name the same products in opposite order; no error and no deadlock reaches anybody."""
    skus = [f"s{number}" for number in range(6)]
    for sku in skus:
        await shop.add_product(sku, stock=10_000)
    before = await deadlocks(database)

    async def client(number: int) -> list[Json]:
        items = [(sku, 1) for sku in (skus if number % 2 else reversed(skus))]
        done = []
        for _ in range(rounds):
            values = shop.order_values(*items, then=["PLACE"])
            done.append(await shop.client.mutate("orderCreate", "order { id }", values, shop.staff))
            values = {"orderId": done[-1]["order"]["id"], "reason": "race"} if done[-1]["order"] else {}
            done.append(await shop.client.mutate("orderCancel", "", values, shop.staff))
        return done

    answers = [payload for done in await at_once(client(n) for n in range(clients)) for payload in done]
    told = dict(codes(answers))
    print(f"{len(answers)} mutations of {clients} clients over {await backends(database)} backends: {told}")
    assert codes(answers) == {"OK": clients * rounds * 2}
    assert await deadlocks(database) == before


async def one_effect(shop: Shop, database: Database, copies: int = 50) -> None:
    """C-34, R3: racing copies of one key have one effect and equal answers."""
    values = {**shop.order_values(("apple", 1), then=["PLACE"]), "idempotencyKey": key()}
    answers = await at_once(
        shop.client.mutate("orderCreate", "order { id number }", values, shop.staff) for _ in range(copies)
    )
    print(f"{copies} copies of one key over {await backends(database)} backends: {dict(codes(answers))}")
    assert codes(answers) == {"OK": copies}
    assert all(answer == answers[0] for answer in answers)
    rows = await database.read(
        text("SELECT count(*) FROM orders WHERE company_id = :company"), {"company": shop.company}
    )
    assert rows[0][0] == 1


async def effects_of_keys(shop: Shop, database: Database, keys: int = 100, copies: int = 10) -> None:
    """R3, I1: copies of many keys arrive at once and mixed up; each key has one effect, and one answer."""
    await shop.add_product("cherry", stock=keys)
    inputs = [{**shop.order_values(("cherry", 1), then=["PLACE"]), "idempotencyKey": key()} for _ in range(keys)]
    mixed = [values for _ in range(copies) for values in inputs]
    random.Random(copies).shuffle(mixed)

    async def send(values: Json) -> tuple[str, Json]:
        return values["idempotencyKey"], await shop.client.mutate("orderCreate", "order { id }", values, shop.staff)

    told = await at_once((send(values) for values in mixed), clients=64)
    assert codes([payload for _, payload in told]) == {"OK": keys * copies}
    answers = {(one, payload["order"]["id"]) for one, payload in told}
    print(f"{len(told)} calls with {keys} keys over {await backends(database)} backends: {len(answers)} answers")
    assert len(answers) == keys
    assert await committed(shop, database, "cherry") == keys


async def invoices_without_gap(shop: Shop, database: Database, invoices: int = 1000, products: int = 50) -> None:
    """R4, N1 to N3: invoices on disjoint products, some rolled back; no gap, no duplicate, in time order."""
    for number in range(products):
        await shop.add_product(f"d{number}", stock=invoices)
    names = [f"d{number % products}" for number in range(invoices)]
    orders = await at_once((shop.order_id((name, 1), then=["PLACE"]) for name in names), clients=32)
    query = "mutation ($input: InvoiceIssueInput!) { invoiceIssue(input: $input) { userErrors { code } } }"

    async def issue(order_id: str) -> bool:
        values = {"orderId": order_id, "idempotencyKey": key()}
        refused: list[str] = []
        for _ in range(5):
            answer = await shop.client.execute(query, {"input": values}, shop.staff)
            if answer.get("errors"):
                assert [e["extensions"]["code"] for e in answer["errors"]] == ["INTERNAL_SERVER_ERROR"]
                return False
            refused = [error["code"] for error in answer["data"]["invoiceIssue"]["userErrors"]]
            if refused != ["LOCK_TIMEOUT"]:  # On a slow machine the queue for the counter is long; clients try again.
                break
        assert refused == [], refused
        return True

    issued = sum(await at_once((issue(order_id) for order_id in orders), clients=32))
    print(f"{invoices} invoices over {await backends(database)} backends, {invoices - issued} rolled back")
    await check_series(shop.company, database, issued)


async def check_series(company: UUID, database: Database, issued: int) -> None:
    """The invoice numbers are 1..n, each on one invoice, and their instants do not go back."""
    statement = """SELECT value, i.issued_at, i.number FROM number_assignments a
                   JOIN number_series s ON s.id = series_id JOIN invoices i ON i.id = a.document_id
                   WHERE s.company_id = :company AND s.kind = 'INVOICE' ORDER BY value"""
    rows = await database.read(text(statement), {"company": company})
    assert [row.value for row in rows] == list(range(1, issued + 1))
    assert [row.number for row in rows] == [f"INV-{value:06d}" for value in range(1, issued + 1)]
    instants = [row.issued_at for row in rows]
    assert instants == sorted(instants)
