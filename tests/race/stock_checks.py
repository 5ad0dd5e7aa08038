"""What must hold after races for stock that is set aside, booked, moved and shipped (reliability.md S1 to S4)."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bulk.calls import done
from tests.client import Json
from tests.race.checks import at_once, backends, codes, deadlocks
from tests.shipping import drafted
from tests.shop import Shop


async def call(shop: Shop, name: str, **values: Any) -> Json:
    """A mutation that may be refused."""
    return await shop.client.mutate(name, "", values, shop.staff)


async def clean(shop: Shop, database: Database) -> None:
    """Every invariant holds, in one snapshot."""
    assert await verify(database, company_id=shop.company) == []


async def last_unit(shop: Shop, database: Database, buyers: int = 500, rounds: int = 5) -> None:
    """S1, R1: many buyers place for one unit; one wins, everybody else is told why, and nothing else goes wrong."""
    for number in range(rounds):
        sku = f"last{number}"
        await shop.add_product(sku, stock=1)
        entries = [shop.order_values((sku, 1))] * 250
        made = [await done(shop, "orderCreate", entries, "order { id }") for _ in range(buyers // len(entries))]
        placed = await at_once(
            (call(shop, "orderPlace", orderId=one["order"]["id"]) for drafts in made for one in drafts), clients=64
        )
        assert codes(placed) == {"OK": 1, "INSUFFICIENT_STOCK": buyers - 1}
    print(f"{rounds} rounds of {buyers} buyers for one unit over {await backends(database)} backends")
    await clean(shop, database)


async def waiting(shop: Shop, sku: str, orders: int) -> list[Json]:
    """Placed orders of one unit each, of which one unit lies in the first warehouse and the rest in the second."""
    await shop.add_product(sku, stock=1)
    if orders > 1:
        await shop.receive(sku, orders - 1, warehouse=1)
    ids = await at_once((shop.order_id((sku, 1), then=["PLACE"]) for _ in range(orders)), clients=32)
    return [{"id": id_} for id_ in ids]


async def last_unit_booked(shop: Shop, database: Database, notes: int = 20, rounds: int = 3) -> None:
    """S1: many notes of one warehouse want the last unit in it; one books it, and the others find nothing."""
    for number in range(rounds):
        orders = await waiting(shop, f"book{number}", notes)
        ids = [(await drafted(shop, order))["id"] for order in orders]
        booked = await at_once(call(shop, "shipmentBook", shipmentId=id_) for id_ in ids)
        assert codes(booked) == {"OK": 1, "NOTHING_TO_BOOK": notes - 1}
    await clean(shop, database)


async def last_unit_allocated(shop: Shop, database: Database, orders: int = 20, rounds: int = 3) -> None:
    """S1, C-15: many orders want the last unit of one place by hand or move theirs there; one gets it."""
    first, second = shop.warehouse_ids
    for number in range(rounds):
        placed = await waiting(shop, f"take{number}", orders)
        half, calls = orders // 2, []
        for order in placed[:half]:
            await shop.did("allocationCreate", orderId=order["id"], warehouseId=second)
            (row,) = (await shop.order(order["id"]))["allocations"]
            moves = [{"allocationId": row["id"], "warehouseId": first}]
            calls.append(call(shop, "allocationMove", orderId=order["id"], moves=moves))
        for order in placed[half:]:
            (item,) = (await shop.order(order["id"]))["items"]
            lines = [{"orderItemId": item["id"], "quantity": "1", "warehouseId": first}]
            calls.append(call(shop, "allocationCreate", orderId=order["id"], lines=lines))
        assert codes(await at_once(calls)) == {"OK": 1, "INSUFFICIENT_STOCK": orders - 1}
    await clean(shop, database)


async def move_against_book(shop: Shop, database: Database, rounds: int = 15) -> None:
    """The last unit of a bin is booked or taken elsewhere, never both; whoever comes second is told why."""
    seen: Counter[str] = Counter()
    for number in range(rounds):
        sku = f"move{number}"
        (order,) = await waiting(shop, sku, 1)
        note = await drafted(shop, order)
        lines = [{"productId": shop.products[sku], "quantity": "1"}]
        first, second = shop.warehouse_ids
        calls = [
            call(shop, "shipmentBook", shipmentId=note["id"]),
            call(shop, "stockMove", fromWarehouseId=first, toWarehouseId=second, lines=lines),
        ]
        # Whoever begins first mostly wins, and both are to win at times.
        booked, moved = await at_once(calls) if number % 2 else reversed(await at_once(reversed(calls)))
        found = dict(codes([booked])), dict(codes([moved]))
        assert found in (({"OK": 1}, {"STOCK_ALLOCATED": 1}), ({"NOTHING_TO_BOOK": 1}, {"OK": 1}))
        seen["booked" if booked["userErrors"] == [] else "moved"] += 1
    print(f"move against book, {rounds} rounds over {await backends(database)} backends: {dict(seen)}")
    await clean(shop, database)


async def unbook_against_finalize(shop: Shop, database: Database, rounds: int = 15) -> None:
    """T2: goods leave or go back to the draft; exactly one of the two commands wins."""
    await shop.add_product("plum", stock=rounds)
    seen: Counter[str] = Counter()
    for number in range(rounds):
        order = {"id": await shop.order_id(("plum", 1), then=["PLACE"])}
        note = await drafted(shop, order, "BOOK")
        names = ["shipmentUnbook", "shipmentFinalize"]
        pair = names if number % 2 else names[::-1]
        done = dict(zip(pair, await at_once(call(shop, name, shipmentId=note["id"]) for name in pair), strict=True))
        assert codes(done.values()) == {"OK": 1, "INVALID_TRANSITION": 1}
        won = next(name for name, payload in done.items() if not payload["userErrors"])
        seen[won] += 1
        state = await scalar(database, "SELECT state FROM shipments WHERE order_id = :id", order["id"])
        assert state == {"shipmentUnbook": "OPEN", "shipmentFinalize": "FINALIZED"}[won]
    print(f"unbook against finalize, {rounds} rounds over {await backends(database)} backends: {dict(seen)}")
    await clean(shop, database)


async def consumed_once(shop: Shop, database: Database, copies: int = 8, rounds: int = 5) -> None:
    """S4: of many who ship one reservation, or give it back, one does; on hand falls by it once or not at all."""
    for number in range(rounds):
        sku = f"once{number}"
        (order,) = await waiting(shop, sku, 1)
        await shop.did("allocationCreate", orderId=order["id"])
        note = await drafted(shop, order)
        calls = [
            *(call(shop, "allocationRelease", orderId=order["id"]) for _ in range(copies)),
            *(ship_at_once(shop, note["id"]) for _ in range(copies)),
        ]
        random.Random(number).shuffle(calls)
        told = codes(await at_once(calls))
        gone = int(await scalar(database, SHIPPED, order["id"]))
        left = int(await scalar(database, ON_HAND, order["id"]))
        assert (gone, left) == (1, 0), told
    await clean(shop, database)


SHIPPED = "SELECT shipped_quantity FROM order_items WHERE order_id = :id"
ON_HAND = """SELECT sum(l.on_hand) FROM stock_levels l JOIN order_items i ON i.product_id = l.product_id
             WHERE i.order_id = :id"""


async def ship_at_once(shop: Shop, shipment_id: str) -> Json:
    """Book and finalize; what stopped it first."""
    booked = await call(shop, "shipmentBook", shipmentId=shipment_id)
    return booked if booked["userErrors"] else await call(shop, "shipmentFinalize", shipmentId=shipment_id)


async def scalar(database: Database, statement: str, order_id: str) -> Any:
    """One value about an order."""
    rows = await database.read(text(statement), {"id": order_id.removeprefix("ord_")})
    return rows[0][0]


async def numbers_of_notes(shop: Shop, database: Database, notes: int = 30) -> None:
    """N1, N2 on disjoint resources: notes and packages of as many products, booked and packed at once, have no gap."""
    skus = [f"n{number}" for number in range(notes)]
    await at_once((shop.add_product(sku, stock=1) for sku in skus), clients=16)
    ids = await at_once((shop.order_id((sku, 1), then=["PLACE"]) for sku in skus), clients=16)
    drafts = [(await drafted(shop, {"id": id_}))["id"] for id_ in ids]
    booked = await at_once(call(shop, "shipmentBook", shipmentId=id_) for id_ in drafts)
    packed = await at_once(call(shop, "shipmentPackageAdd", shipmentId=id_) for id_ in drafts)
    assert codes([*booked, *packed]) == {"OK": 2 * notes}
    statement = """SELECT number FROM shipments WHERE company_id = :company
                   UNION ALL SELECT number FROM packages WHERE company_id = :company ORDER BY 1"""
    rows = await database.read(text(statement), {"company": shop.company})
    wanted = [f"{prefix}-{value:06d}" for prefix in ("DN", "PKG") for value in range(1, notes + 1)]
    assert [row.number for row in rows] == wanted
    await clean(shop, database)


async def carts(shop: Shop, database: Database, orders: int = 1000, products: int = 20, seed: int = 7) -> None:
    """S1 to S3, R2: carts of one to five lines in any order, some naming a product twice, on their way to the customer.

    While they run, and afterwards, every invariant holds in one snapshot, and nobody dead-locks; on a busy machine
    somebody may wait for too long, who is told so.
    """
    dice = random.Random(seed)
    skus = [f"c{number}" for number in range(products)]
    for sku in skus:
        await shop.add_product(sku, stock=25)
        await shop.receive(sku, 25, warehouse=1)
    before = await deadlocks(database)
    wanted = [[(dice.choice(skus), dice.randint(1, 2)) for _ in range(dice.randint(1, 5))] for _ in range(orders)]
    over, runs = asyncio.Event(), [journey(shop, cart, dice.randrange(4), dice.randrange(2)) for cart in wanted]
    looks = asyncio.create_task(watched(shop, database, over))
    answers = [payload for steps in await at_once(runs, clients=8) for payload in steps]
    over.set()
    told = codes(answers)
    print(f"seed {seed}: {orders} carts over {await backends(database)} backends, {await looks} looks: {dict(told)}")
    assert await deadlocks(database) == before
    assert set(told) <= EXPECTED, told
    await clean(shop, database)


EXPECTED = {"OK", "INSUFFICIENT_STOCK", "NOTHING_TO_BOOK", "QUANTITY_NOT_OPEN", "NOTHING_OPEN", "LOCK_TIMEOUT"}
"""What may become of a step: done, too late for the goods, or too long in the line."""


async def watched(shop: Shop, database: Database, done: asyncio.Event) -> int:
    """Look whether the invariants hold until the load is done; how often."""
    looks = 0
    while not done.is_set():
        await clean(shop, database)
        looks += 1
        await asyncio.sleep(1)
    return looks


async def journey(shop: Shop, cart: Iterable[tuple[str, int]], way: int, warehouse: int) -> list[Json]:
    """An order's way: placed, and then set aside, sent off, unbooked, moved or cancelled."""
    values = shop.order_values(*cart, then=["PLACE"])
    made = await shop.client.mutate("orderCreate", "order { id items { product { id } } }", values, shop.staff)
    if made["userErrors"]:
        return [made]
    order, steps = made["order"], [made]
    if way != 1:
        steps.append(await call(shop, "allocationCreate", orderId=order["id"]))
    if way == 0:
        steps.append(await call(shop, "allocationRelease", orderId=order["id"]))
        steps.append(await call(shop, "orderCancel", orderId=order["id"], reason="race"))
        return steps
    source = shop.warehouse_ids[warehouse]
    query = "shipment { id }"
    wanted = {"orderId": order["id"], "warehouseId": source, "then": ["BOOK"]}
    noted = await shop.client.mutate("shipmentCreate", query, wanted, shop.staff)
    steps.append(noted)
    if noted["userErrors"]:
        return steps
    note = {"shipmentId": noted["shipment"]["id"]}
    if way == 3:
        steps.append(await call(shop, "shipmentUnbook", **note))
        lines = [{"productId": order["items"][0]["product"]["id"], "quantity": "1"}]
        goal = shop.warehouse_ids[1 - warehouse]
        # The goods may be set aside or gone; then they stay, which is no error of the race.
        await call(shop, "stockMove", fromWarehouseId=source, toWarehouseId=goal, lines=lines)
        steps.append(await call(shop, "shipmentBook", **note))
        if steps[-1]["userErrors"]:
            return steps
    steps.append(await call(shop, "shipmentFinalize", **note))
    return steps
