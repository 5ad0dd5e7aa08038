"""Known failures of comparable systems around stock, each under its id (C-13 to C-16, C-40, C-42)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, paid
from tests.client import Json
from tests.scenarios.books import available, level
from tests.shipping import drafted, lines, moved, packed
from tests.shop import Shop
from tests.stockroom import allocations, line, set_aside

MANY = 500


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database in the block by what writes."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    engine = database.write_engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_what_is_reserved_for_an_order_ships_with_it(shop: Shop) -> None:
    """C-13: available is zero since all of it is this order's, by hand and over several places, and it ships."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 60))
    (apple,) = order["items"]
    await shop.did("allocationCreate", orderId=order["id"], lines=[line(apple, 50, first), line(apple, 10, second)])
    assert await available(shop, "apple") == "0"
    for warehouse in (0, 1):
        note = await drafted(shop, order, warehouse=warehouse, items=lines((apple, (50, 10)[warehouse])))
        await moved(shop, "Book", note)
        await moved(shop, "Unbook", note)
        await moved(shop, "Book", note)
        await moved(shop, "Finalize", note)
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"


async def test_goods_leave_from_where_they_are_reserved(shop: Shop, database: Database) -> None:
    """C-14: another place is another step; neither place is touched by a shipment from the wrong one."""
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 10))
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    wrong = await drafted(shop, order, warehouse=1)
    assert await shop.refused("shipmentBook", shipmentId=wrong["id"]) == ["NOTHING_TO_BOOK"]
    assert await level(shop, "apple", 0) == ("50", "10", "0")
    assert await level(shop, "apple", 1) == ("10", "0", "0")
    (row,) = await allocations(shop, order["id"])
    moves = [{"allocationId": row["id"], "warehouseId": shop.warehouse_ids[1]}]
    await shop.did("allocationMove", orderId=order["id"], moves=moves)
    assert (await moved(shop, "Book", wrong))["state"] == "BOOKED"
    await moved(shop, "Finalize", wrong)
    assert (await level(shop, "apple", 0), await level(shop, "apple", 1)) == (("50", "0", "0"), ("0", "0", "0"))
    assert await verify(database, company_id=shop.company) == []


async def test_moving_a_reservation_looks_where_it_goes(shop: Shop) -> None:
    """C-15: the destination has five, of which three are another order's."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 5, warehouse=1)
    other = await shop.placed(("apple", 3))
    await shop.did("allocationCreate", orderId=other["id"], warehouseId=second)
    order = await shop.placed(("apple", 4))
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=first)
    (row,) = await allocations(shop, order["id"])
    move = {"allocationId": row["id"], "warehouseId": second}
    assert await shop.refused("allocationMove", orderId=order["id"], moves=[move]) == ["INSUFFICIENT_STOCK"]
    await shop.did("allocationMove", orderId=order["id"], moves=[{**move, "quantity": "2"}])
    assert await level(shop, "apple", 1) == ("5", "5", "0")


async def test_what_the_check_counts_the_plan_can_take(shop: Shop) -> None:
    """C-16: no place has enough for the line, all together have; what placing promised is set aside in full."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 30, warehouse=1)
    order = await shop.placed(("apple", 80))
    payload = await shop.did("allocationCreate", "order { allocationStatus }", orderId=order["id"])
    assert (payload["order"]["allocationStatus"], payload["warnings"]) == ("FULL", [])
    assert await set_aside(shop, order["id"]) == sorted([(first, "50"), (second, "30")])


async def test_500_items_are_set_aside_packed_shipped_and_delivered(shop: Shop, database: Database) -> None:
    """C-40: nothing works on the first page only, and nothing blocks what the order reserved for itself."""
    skus = [f"g{number}" for number in range(10)]
    for sku in skus:
        await shop.add_product(sku, "1.00", stock=20)
        await shop.receive(sku, MANY, warehouse=1)
    order = await shop.placed(*[(skus[number % 10], 1) for number in range(MANY)])
    await shop.did("allocationCreate", orderId=order["id"])
    assert (await shop.order(order["id"]))["allocationStatus"] == "FULL"
    await sent(shop, order)
    after = await shop.order(order["id"])
    assert [item["shippedQuantity"] for item in after["items"]] == ["1"] * MANY
    assert after["state"] == "COMPLETED"
    assert await verify(database, company_id=shop.company) == []


async def sent(shop: Shop, order: Json) -> None:
    """Everything that is set aside leaves from both warehouses, packed, and arrives."""
    items = {item["id"]: item for item in order["items"]}
    for warehouse, id_ in enumerate(shop.warehouse_ids):
        rows = [row for row in await allocations(shop, order["id"]) if row["warehouseId"] == id_]
        wanted = lines(*[(items[row["orderItemId"]], row["quantity"]) for row in rows])
        note = await drafted(shop, order, warehouse=warehouse, items=wanted)
        await packed(shop, note, *[(items[one["orderItemId"]], one["quantity"]) for one in wanted])
        for step in ("Book", "Unbook", "Book", "Finalize"):
            await moved(shop, step, note)
        after = await moved(shop, "Deliver", note)
        assert (after["state"], len(after["items"])) == ("DELIVERED", len(rows))
        assert len(after["packages"][0]["items"]) == len(rows)


async def test_statements_do_not_grow_with_the_lines(shop: Shop, database: Database) -> None:
    """C-40, C-45: three lines or thirty, as many statements."""
    counts = []
    for size in (3, 30):
        skus = [f"s{size}-{number}" for number in range(size)]
        for sku in skus:
            await shop.add_product(sku, stock=5)
            await shop.receive(sku, 5, warehouse=1)
        with statements(database) as found:
            await way(shop, await shop.placed(*[(sku, 2) for sku in skus]), skus)
        counts.append(len(found))
    assert counts[0] == counts[1]


async def way(shop: Shop, order: Json, skus: list[str]) -> None:
    """Every verb on stock, allocations and shipments once, each with all the lines."""
    first, second = shop.warehouse_ids
    await shop.did("allocationCreate", orderId=order["id"], lines=[line(item, 2, first) for item in order["items"]])
    moves = [{"allocationId": row["id"], "warehouseId": second} for row in await allocations(shop, order["id"])]
    await shop.did("allocationMove", orderId=order["id"], moves=moves)
    released = [{"orderItemId": item["id"], "quantity": "1"} for item in order["items"]]
    await shop.did("allocationRelease", orderId=order["id"], lines=released)
    moving = [{"productId": shop.products[sku], "quantity": "1"} for sku in skus]
    await shop.did("stockMove", fromWarehouseId=first, toWarehouseId=second, lines=moving)
    wanted = lines(*[(item, 2) for item in order["items"]])
    note = await drafted(shop, order, warehouse=1)
    await moved(shop, "Update", note, items=wanted)
    box = await packed(shop, note)
    await moved(shop, "PackageSetItems", note, packageId=box["id"], items=wanted)
    for step in ("Book", "Unbook", "Book", "Finalize", "Deliver"):
        await moved(shop, step, note)


@pytest.mark.parametrize("money", ["none", "prepaid", "paid", "partly paid"])
async def test_stock_never_asks_for_money(money: str, shop: Shop) -> None:
    """C-42: setting aside, booking, unbooking, cancelling and shipping move the same, whatever was paid."""
    order = await shop.placed(("apple", 4))
    if money == "prepaid":
        await advanced(shop, "48.00", orderId=order["id"])
    if money in ("paid", "partly paid"):
        invoice = (await shop.did("invoiceIssue", "invoice { id }", orderId=order["id"]))["invoice"]
        await paid(shop, invoice["id"], "24.00" if money == "partly paid" else "48.00")
    seen = []
    await shop.did("allocationCreate", orderId=order["id"])
    seen.append(await level(shop, "apple"))
    note = await drafted(shop, order, "BOOK")
    seen.append(await level(shop, "apple"))
    await moved(shop, "Unbook", note)
    seen.append(await level(shop, "apple"))
    await shop.did("allocationRelease", orderId=order["id"])
    seen.append(await level(shop, "apple"))
    await moved(shop, "Book", note)
    await moved(shop, "Finalize", note)
    seen.append(await level(shop, "apple"))
    assert seen == [("50", "4", "0"), ("50", "0", "4"), ("50", "4", "0"), ("50", "0", "0"), ("46", "0", "0")]
    assert await available(shop, "apple") == "46"
