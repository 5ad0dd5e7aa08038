"""W1 and W3: pages of orders over HTTP, against one SQL statement that makes the same JSON."""

import asyncpg
import orjson
from tests.shop import Shop

from benchmarks.meter import Measured, Meter, median
from benchmarks.stage import Server, Size, token_of
from benchmarks.transport import Json, connected
from gql_sales.db.embedded import Urls

SMALL = "{ orders(first: 20) { nodes { number state paymentStatus } } }"
LIST = """{ orders(first: 50) { nodes {
  number state version documentDate currencyCode summary customerPo
  net { amount } tax { amount } total { amount } outstanding { amount } paid { amount }
  commitmentStatus allocationStatus dispatchStatus billingStatus paymentStatus
  customer { name kind email }
  shippingAddress { name line1 city postalCode countryCode }
  billingAddress { name line1 city postalCode countryCode }
  items { position sku name unitPrice taxRate orderedQuantity shippedQuantity net { amount } gross { amount } }
  shipments { number state carrier }
} } }"""
# Copies are older than their originals, so that the newest page is made of what the API wrote.
OLD_ID = "(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || right({}::text, 12))::uuid"
TABLES = {
    "orders": {"id": OLD_ID.format("id"), "number": "'OLD' || n || right(id::text, 12)", "external_ref": "NULL"},
    "order_items": {"id": OLD_ID.format("id"), "order_id": OLD_ID.format("order_id")},
}


async def fill(urls: Urls, shop: Shop, size: Size) -> None:
    """Fifty orders of five items by the API, every other one shipped, and older copies of their rows by SQL."""
    products = list(shop.products)
    for number in range(50):
        order = await shop.placed(*[(products[(number + item) % len(products)], item + 1) for item in range(5)])
        if number % 2:
            values = {"orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "carrier": "DHL"}
            await shop.did("shipmentCreate", then=["FINALIZE"], **values)
    connection = await asyncpg.connect(urls.owner)
    try:
        for table, changed in TABLES.items():
            names = await connection.fetch("SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass "
                                           "AND attnum > 0 AND NOT attisdropped", table)  # fmt: skip
            columns = [row["attname"] for row in names]
            selected = ", ".join(changed.get(column, column) for column in columns)
            copies = f"generate_series(1, {max(size.orders // 50 - 1, 0)}) n"
            await connection.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {selected} FROM {table}, {copies}"
            )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def compare(name: str, urls: Urls, shop: Shop, servers: dict[str, Server], size: Size) -> None:
    """Print one workload's figures at 1 and 8 clients."""
    query, path, count = {
        "W1": (LIST, "/list", max(size.requests // 4, 8)),
        "W3": (SMALL, "/small", size.requests),
    }[name]
    requests = {
        "ours": ("/graphql", orjson.dumps({"query": query}), token_of(shop)),
        "bare": (path, str(shop.company).encode(), ""),
    }
    answers: dict[str, Json] = {}
    for side, (route, body, token) in requests.items():
        async with connected(servers[side].port, token) as connection:
            answers[side] = orjson.loads(await connection.post(route, body))
    assert answers["ours"]["data"] == answers["bare"]["data"], f"{name}: the two do not answer the same"
    for clients in (1, 8):
        found: dict[str, list[Measured]] = {"ours": [], "bare": []}
        for turn in range(size.rounds + 1):
            for side, request in requests.items():
                measured = await _run(urls, servers[side], request, clients, count)
                if turn or size.rounds == 1:
                    found[side].append(measured)
        ours, bare = median(found["ours"]), median(found["bare"])
        print(f"{name} {clients} clients  ours {ours}")
        print(f"{name} {clients} clients  bare {bare}")
        print(f"{name} {clients} clients  ratio: throughput 1/{bare.rate / ours.rate:.2f}, CPU {_ratio(ours, bare)}")


async def _run(urls: Urls, server: Server, request: tuple[str, bytes, str], clients: int, count: int) -> Measured:
    path, body, token = request

    async def work(share: int) -> None:
        async with connected(server.port, token) as connection:
            for _ in range(share):
                await connection.post(path, body)

    return await Meter(urls.owner, server.process_id).run(work, clients, count)


def _ratio(ours: Measured, bare: Measured) -> str:
    return f"{ours.cpu / bare.cpu:.2f}x" if bare.cpu else "unknown"
