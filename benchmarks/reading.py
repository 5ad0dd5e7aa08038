"""W1 to W3: pages of orders and one order over HTTP, against one SQL statement that makes the same JSON."""

import asyncpg
import httpx2
import orjson
from tests.client import Client
from tests.shop import Shop

from benchmarks.lifecycle import Counted
from benchmarks.meter import Measured, Meter, median
from benchmarks.stage import SETTINGS, Server, Size, token_of
from benchmarks.transport import Json, connected
from gql_sales.app import create_app
from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.kernel.ids import decode_id

SMALL = "{ orders(first: 20) { nodes { number state paymentStatus } } }"
ORDER = """
  number state version documentDate currencyCode summary customerPo
  net { amount } tax { amount } total { amount } outstanding { amount } paid { amount }
  commitmentStatus allocationStatus dispatchStatus billingStatus paymentStatus
  customer { name kind email }
  shippingAddress { name line1 city postalCode countryCode }
  billingAddress { name line1 city postalCode countryCode }
  items { position sku name unitPrice taxRate orderedQuantity shippedQuantity net { amount } gross { amount } }
  shipments { number state carrier }
"""
LIST = f"{{ orders(first: 50) {{ nodes {{ {ORDER} }} }} }}"
DOCUMENTS = """
  allocations { state quantity }
  invoices { number state paymentStatus total { amount } openBalance { amount }
    items { sku quantity gross { amount } } paymentAllocations { amount { amount } } }
  history { nodes { type actor documentType orderVersion } }
"""
TRANSITIONS = "availableTransitions { name isAllowed blockers { code } }"
# Copies are older than their originals, so that the newest page is made of what the API wrote.
OLD_ID = "(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || right({}::text, 12))::uuid"
TABLES = {
    "orders": {"id": OLD_ID.format("id"), "number": "'OLD' || n || right(id::text, 12)", "external_ref": "NULL"},
    "order_items": {"id": OLD_ID.format("id"), "order_id": OLD_ID.format("order_id")},
}


def detail(order_id: str, more: str = "") -> str:
    """One order with everything; ``more`` is what no simple statement can tell."""
    return f'{{ order(by: {{id: "{order_id}"}}) {{ {ORDER} {DOCUMENTS} {more} }} }}'


async def fill(urls: Urls, shop: Shop, size: Size) -> str:
    """Fifty orders of five items by the API, every other one shipped, and older copies of their rows by SQL.

    Gives back the id of the newest one, which is billed and paid in part.
    """
    products = list(shop.products)
    for number in range(50):
        order = await shop.placed(*[(products[(number + item) % len(products)], item + 1) for item in range(5)])
        if number % 2:
            values = {"orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "carrier": "DHL"}
            await shop.did("shipmentCreate", then=["FINALIZE"], **values)
    await _bill(shop, order["id"])
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
    newest: str = order["id"]
    return newest


async def _bill(shop: Shop, order_id: str) -> None:
    billed = await shop.did("invoiceIssue", "invoice { id }", orderId=order_id)
    tenders = [{"method": "CASH", "amount": "1"}]
    paid = [{"invoiceId": billed["invoice"]["id"], "amount": "1"}]
    await shop.did("paymentRecord", customerId=shop.customer_id, kind="REGULAR", tenders=tenders, allocations=paid)


async def count_statements(urls: Urls, shop: Shop, order_id: str) -> None:
    """Print what a request sends to the database, in this process, the second time it is asked."""
    counted = Counted(dict.fromkeys(("W1", "W2", "W2 with transitions", "W3"), 0))
    queries = (LIST, detail(order_id), detail(order_id, TRANSITIONS), SMALL)
    database = Database(urls.server)
    transport = httpx2.ASGITransport(create_app(SETTINGS, database))
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as http:
            client = Client(http, SETTINGS)
            counted.listen(database)
            for name, query in zip(counted.statements, queries, strict=True):
                await client.query(query, principal=shop.staff)
                counted.step = name
                await client.query(query, principal=shop.staff)
                counted.step = ""
    finally:
        await database.close()
    print(f"statements a request, authentication included: {counted.statements}")


async def compare(
    name: str, urls: Urls, shop: Shop, order_id: str, servers: dict[str, Server], size: Size, more: str = ""
) -> None:
    """Print one workload's figures at 1 and 8 clients; ``more`` is asked for and not compared."""
    order = decode_id("Order", order_id)
    query, path, id_, count = {
        "W1": (LIST, "/list", shop.company, max(size.requests // 4, 8)),
        "W2": (detail(order_id, more), "/detail", order, size.requests),
        "W3": (SMALL, "/small", shop.company, size.requests),
    }[name]
    requests = {
        "ours": ("/graphql", orjson.dumps({"query": query}), token_of(shop)),
        "bare": (path, str(id_).encode(), ""),
    }
    answers: dict[str, Json] = {}
    for side, (route, body, token) in requests.items():
        async with connected(servers[side].port, token) as connection:
            answers[side] = orjson.loads(await connection.post(route, body))
    if more:
        del answers["ours"]["data"]["order"]["availableTransitions"]
        name = f"{name} with transitions"
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
