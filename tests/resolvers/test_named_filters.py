"""Lists that are filtered by human keys: who imports asks what is there, a hundred at a time, and from an index."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest
from sqlalchemy import event

from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.settings import Settings
from tests.client import Client
from tests.database import TestServer
from tests.event_world import database_of_its_own
from tests.shop import Shop, open_shop

ROWS = 10_000
COPIED = {"orders": "external_ref", "customers": "external_ref", "products": "sku", "stock_movements": "reason"}
QUERIES = {
    "uq_orders_external_ref": 'orders(filter: {externalRef: {in: ["ref-7", "ref-8"]}}, first: 100) { nodes { id } }',
    "uq_customers_external_ref": 'customers(filter: {externalRef: {in: ["ref-7", "ref-8"]}}) { nodes { id } }',
    "uq_products_sku": 'products(filter: {sku: {in: ["REF-7", "ref-8"]}}, first: 100) { nodes { id } }',
    "ix_stock_movements_reason": 'stockMovements(filter: {reason: {in: ["ref-7"]}}, first: 100) { nodes { id } }',
}


async def test_orders_are_found_by_the_references_of_the_caller(shop: Shop) -> None:
    for ref in ("A-1", "A-2", "A-3"):
        await shop.draft(("apple", 1), externalRef=ref)
    await shop.draft(("apple", 1))
    query = "query ($refs: [String!]!) { orders(filter: {externalRef: {in: $refs}}) { nodes { externalRef } } }"
    for refs, found in [(["A-1", " A-3", "a-2", "B", "a\u0000"], ["A-3", "A-1"]), ([], [])]:
        data = await shop.query(query, refs=refs)
        assert [row["externalRef"] for row in data["orders"]["nodes"]] == found
    other = await open_shop(shop.client)
    assert (await other.query(query, refs=["A-1"]))["orders"]["nodes"] == []


async def test_customers_are_found_by_the_references_of_other_systems(shop: Shop) -> None:
    for ref in ("C-1", "C-2"):
        await shop.did("customerCreate", name=ref, kind="STAFF_CREATED", externalRef=ref)
    query = "query ($refs: [String!]!) { customers(filter: {externalRef: {in: $refs}}) { nodes { name } } }"
    data = await shop.query(query, refs=["C-2", "C-3", "a\u0000"])
    assert [row["name"] for row in data["customers"]["nodes"]] == ["C-2"]


async def test_products_are_found_by_sku_without_regard_to_case(shop: Shop) -> None:
    query = "query ($skus: [String!]!) { products(filter: {sku: {in: $skus}}) { nodes { sku } } }"
    data = await shop.query(query, skus=["APPLE", " pear ", "plum"])
    assert [row["sku"] for row in data["products"]["nodes"]] == ["pear", "apple"]


async def test_movements_are_found_by_their_reason(shop: Shop) -> None:
    lines = [{"productId": shop.products["apple"], "quantity": "7"}]
    await shop.did("stockReceive", warehouseId=shop.warehouse_ids[0], lines=lines, reason="opening stock")
    query = "query ($reason: String!) { stockMovements(filter: {reason: {in: [$reason]}}) { nodes { quantity } } }"
    for reason, found in [("opening stock", ["7"]), ("opening", []), ("a\u0000", [])]:
        data = await shop.query(query, reason=reason)
        assert [row["quantity"] for row in data["stockMovements"]["nodes"]] == found


@pytest.mark.parametrize(
    "filtered",
    [
        "orders(filter: {externalRef: {in: $names}})",
        "customers(filter: {externalRef: {in: $names}})",
        "products(filter: {sku: {in: $names}})",
    ],
)
async def test_a_filter_names_at_most_a_hundred(shop: Shop, filtered: str) -> None:
    query = f"query ($names: [String!]!) {{ {filtered} {{ nodes {{ id }} }} }}"
    names = [f"name-{number}" for number in range(101)]
    assert await shop.query(query, names=names[:100])
    answer = await shop.client.execute(query, {"names": names}, shop.staff)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.fixture(scope="module")
async def large(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[tuple[Shop, Database]]:
    """A shop with tens of thousands of orders, customers, products and movements, made by copying one of each."""
    async with database_of_its_own(test_server, f"{worker_id}_large") as urls:
        database = Database(urls.server)
        transport = httpx2.ASGITransport(create_app(settings, database))
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http:
            shop = await open_shop(Client(http, settings))
            await shop.draft(("apple", 1))
            await copy(urls.owner)
            yield shop, database
        await database.close()


async def copy(url: str) -> None:
    """Rows without their children, which no list looks at."""
    connection = await asyncpg.connect(url)
    for table, key in COPIED.items():
        names = await connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'public'",
            table,
        )
        own = {"id": "gen_random_uuid()", key: "'ref-' || n"}
        columns = [row["column_name"] for row in names]
        await connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(own.get(name, name) for name in columns)} "
            f"FROM (SELECT * FROM {table} LIMIT 1) AS one, generate_series(1, {ROWS}) AS n"
        )
        await connection.execute(f"ANALYZE {table}")
    await connection.close()


@pytest.mark.parametrize("index", QUERIES)
async def test_they_are_read_from_an_index(large: tuple[Shop, Database], index: str) -> None:
    """Also through ``order(by:)``: no list walks all rows of the company."""
    shop, database = large
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.read_engine.sync_engine, "before_cursor_execute", note)
    await shop.query(f"{{ {QUERIES[index]} }}")
    event.remove(database.read_engine.sync_engine, "before_cursor_execute", note)
    statement, parameters = sent[-1]
    connection = await asyncpg.connect(database.url.set(drivername="postgresql").render_as_string(hide_password=False))
    plan = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *parameters)
    await connection.close()
    used = list(indexes(json.loads(plan)[0]["Plan"]))
    assert index in [name for name, _ in used], plan
    assert max(rows for _, rows in used) < 100, plan


def indexes(node: Any) -> Any:
    """Indexes that a plan uses, with the rows that each gave."""
    if "Index Name" in node:
        yield node["Index Name"], node["Actual Rows"] * node["Actual Loops"]
    for child in node.get("Plans", []):
        yield from indexes(child)
