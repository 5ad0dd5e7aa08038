"""commitOn ON_ALLOCATE: stock is promised with what is set aside, in the same step, and given up with it (X-3)."""

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.client import Json
from tests.race.checks import at_once, codes
from tests.scenarios.books import available, level
from tests.shipping import drafted, lines, moved
from tests.shop import Shop
from tests.stockroom import add_method, allocations, line, told


async def standing(shop: Shop, order: Json) -> list[tuple[str, str, str]]:
    """Committed, allocated and booked of each item."""
    items = (await shop.order(order["id"]))["items"]
    return [(item["committedQuantity"], item["allocatedQuantity"], item["bookedQuantity"]) for item in items]


@pytest.mark.parametrize(("moment", "promised"), [("PLACE", "10"), ("ON_ALLOCATE", "0")])
async def test_the_moment_is_the_only_difference(moment: str, promised: str, shop: Shop) -> None:
    await shop.set_policy("commitOn", moment)
    order = await shop.placed(("apple", 10))
    assert await standing(shop, order) == [(promised, "0", "0")]
    payload = await shop.did("allocationCreate", "order { commitmentStatus allocationStatus }", orderId=order["id"])
    assert payload["order"] == {"commitmentStatus": "FULL", "allocationStatus": "FULL"}
    events = [effect["message"] for effect in payload["effects"] if effect["__typename"] == "EventEffect"]
    assert events == (["AllocationCreated."] if promised == "10" else ["StockCommitted.", "AllocationCreated."])
    released = await shop.did("allocationRelease", "order { commitmentStatus }", orderId=order["id"])
    assert released["order"]["commitmentStatus"] == ("FULL" if promised == "10" else "NONE")
    assert await standing(shop, order) == [(promised, "0", "0")]
    assert await available(shop, "apple") == str(50 - int(promised))


async def test_orders_that_are_not_set_aside_promise_nothing(shop: Shop, database: Database) -> None:
    """More is placed than there is; who comes first to set aside gets it, and the rest is told (X-4)."""
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    first, second = [await shop.placed(("apple", 40)) for _ in range(2)]
    await shop.did("allocationCreate", orderId=second["id"])
    payload = await shop.did("allocationCreate", "order { summary }", orderId=first["id"])
    assert payload["order"]["summary"] == "partly allocated, unbilled, unpaid"
    assert [warning["code"] for warning in payload["warnings"]] == ["STOCK_SHORT"]
    assert "30 of apple lie nowhere free." in payload["warnings"][0]["message"]
    assert await standing(shop, first) == [("10", "10", "0")]
    assert await shop.refused("allocationCreate", orderId=first["id"]) == ["INSUFFICIENT_STOCK"]
    assert await verify(database, company_id=shop.company) == []


async def test_lines_by_hand_promise_what_they_take(shop: Shop) -> None:
    """What waits is what is open; what is promised elsewhere is not there, though it lies in the bin (I-7)."""
    source = shop.warehouse_ids[0]
    other = await shop.placed(("apple", 45))
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    order = await shop.placed(("apple", 10), ("pear", 3))
    apple, pear = order["items"]
    wanted = [line(apple, 6, source), line(pear, 4, source)]
    found = await told(shop, "allocationCreate", orderId=order["id"], lines=wanted)
    assert [(error["code"], error["availableQuantity"]) for error in found] == [
        ("INSUFFICIENT_STOCK", "5"), ("QUANTITY_NOT_OPEN", "3"),
    ]  # fmt: skip
    await shop.did("allocationCreate", orderId=order["id"], lines=[line(apple, 5, source), line(pear, 2, source)])
    assert await standing(shop, order) == [("5", "5", "0"), ("2", "2", "0")]
    part = [{"orderItemId": apple["id"], "quantity": "2"}]
    await shop.did("allocationRelease", orderId=order["id"], lines=part)
    assert await standing(shop, order) == [("3", "3", "0"), ("2", "2", "0")]
    assert other


async def test_moving_keeps_the_promise(shop: Shop) -> None:
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 10))
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    (row,) = await allocations(shop, order["id"])
    moves = [{"allocationId": row["id"], "quantity": "4", "warehouseId": shop.warehouse_ids[1]}]
    payload = await shop.did("allocationMove", orderId=order["id"], moves=moves)
    assert "PoolChangeEffect" not in {effect["__typename"] for effect in payload["effects"]}
    assert await standing(shop, order) == [("10", "10", "0")]


async def test_booking_promises_what_it_books(shop: Shop, database: Database) -> None:
    """And no more: the rest of the order waits until it is set aside."""
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    order = await shop.placed(("apple", 10), ("pear", 5))
    note = await drafted(shop, order, "BOOK", items=lines((order["items"][0], 4)))
    assert await standing(shop, order) == [("4", "0", "4"), ("0", "0", "0")]
    await moved(shop, "Unbook", note)
    assert await standing(shop, order) == [("4", "4", "0"), ("0", "0", "0")]
    await moved(shop, "Book", note)
    await moved(shop, "Finalize", note)
    assert await standing(shop, order) == [("0", "0", "0"), ("0", "0", "0")]
    assert await level(shop, "apple") == ("46", "0", "0")
    await shop.did("orderItemCancel", orderId=order["id"], items=lines((order["items"][1], 5)), reason="no")
    assert await verify(database, company_id=shop.company) == []


async def test_drop_shipped_goods_are_promised_without_a_pool(shop: Shop) -> None:
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    await add_method(shop, "DROP")
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("sofa", 2))
    payload = await shop.did("allocationCreate", "order { allocationStatus }", orderId=order["id"])
    assert payload["order"]["allocationStatus"] == "FULL"
    assert await standing(shop, order) == [("2", "2", "0")]
    await shop.did("allocationRelease", orderId=order["id"])
    assert await standing(shop, order) == [("0", "0", "0")]


async def test_goods_that_leave_at_once_are_promised_on_the_way(shop: Shop) -> None:
    """With shipmentMode AUTO_FINALIZE."""
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    order = await shop.placed(("apple", 4))
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"
    assert await available(shop, "apple") == "46"


async def test_many_set_aside_the_last_units_at_once(shop: Shop, database: Database) -> None:
    """S1: the pool is promised under its lock."""
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    await shop.add_product("plum", stock=3)
    ids = [await shop.order_id(("plum", 1), then=["PLACE"]) for _ in range(12)]
    values = [{"orderId": id_} for id_ in ids]
    done = await at_once(shop.client.mutate("allocationCreate", "", one, shop.staff) for one in values)
    assert codes(done) == {"OK": 3, "INSUFFICIENT_STOCK": 9}
    assert await verify(database, company_id=shop.company) == []
