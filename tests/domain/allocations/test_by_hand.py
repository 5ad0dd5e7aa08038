"""allocationCreate line by line: the source is the caller's choice, and checked as the plan is (KS-13, C-16, C-19)."""

from dataclasses import replace

import pytest

from gql_sales.kernel.ids import decode_id, encode_id, new_id
from tests.client import Json
from tests.shop import Shop, open_shop
from tests.stockroom import add_bin, allocations, line, put, set_aside, told


async def test_an_item_comes_from_several_warehouses(shop: Shop) -> None:
    """C-16: a line may be split over sources."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 20), ("pear", 3))
    apple, pear = order["items"]
    lines = [line(apple, 8, second), line(apple, 11, first), line(pear, 3, first)]
    payload = await shop.did("allocationCreate", "order { allocationStatus }", orderId=order["id"], lines=lines)
    assert payload["order"]["allocationStatus"] == "PARTIAL"
    assert payload["warnings"] == []
    assert await set_aside(shop, order["id"]) == sorted([(first, "11"), (first, "3"), (second, "8")])
    await shop.did("allocationCreate", orderId=order["id"], lines=[line(apple, 1, second)])
    assert (await shop.order(order["id"]))["allocationStatus"] == "FULL"


async def test_a_bin_and_a_lot_can_be_named(shop: Shop) -> None:
    first = shop.warehouse_ids[0]
    shelf = await add_bin(shop, "SHELF")
    await put(shop, "apple", 5, binId=shelf, lot="A")
    await put(shop, "apple", 5, binId=shelf, lot="B")
    await put(shop, "apple", 5, lot="B")
    order = await shop.placed(("apple", 20))
    (apple,) = order["items"]
    lines = [
        line(apple, 4, first, binId=shelf, lot="A"),
        line(apple, 6, first, binId=shelf),
        line(apple, 4, first, lot="B"),
    ]
    await shop.did("allocationCreate", orderId=order["id"], lines=lines)
    rows = await allocations(shop, order["id"])
    found = sorted((row["level"]["bin"]["code"], row["level"]["lot"], row["quantity"]) for row in rows)
    assert found == [("MAIN", "B", "4"), ("SHELF", "A", "1"), ("SHELF", "A", "4"), ("SHELF", "B", "5")]


async def test_who_names_a_bin_is_served_before_who_takes_any(shop: Shop) -> None:
    """Lines of one call do not take each other's stock away, whatever their order."""
    second = shop.warehouse_ids[1]
    shelf = await add_bin(shop, "SHELF", warehouse=1)
    await put(shop, "apple", 4, warehouse=1, binId=shelf)
    await put(shop, "apple", 4, warehouse=1)
    order = await shop.placed(("apple", 8))
    (apple,) = order["items"]
    for bin_id in (shelf, (await main_bin(shop, second))):
        lines = [line(apple, 4, second), line(apple, 4, second, binId=bin_id)]
        assert await told(shop, "allocationCreate", orderId=order["id"], lines=lines) == []


async def main_bin(shop: Shop, warehouse_id: str) -> str:
    """Id of the bin that a warehouse begins with."""
    data = await shop.query("query ($id: ID!) { warehouse(by: {id: $id}) { bins { id code } } }", id=warehouse_id)
    return next(str(bin_["id"]) for bin_ in data["warehouse"]["bins"] if bin_["code"] == "MAIN")


async def test_each_short_line_tells_what_lies_there(shop: Shop) -> None:
    """Lines of one product and place share what lies there (C-9); nothing is set aside when one is short."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 40), ("pear", 2), ("apple", 15))
    apple, pear, more = order["items"]
    lines = [
        line(apple, 12, second), line(pear, 1, second), line(pear, 1, first), line(apple, 28, first),
        line(more, 15, second),
    ]  # fmt: skip
    found = await told(shop, "allocationCreate", orderId=order["id"], lines=lines)
    assert found == [
        short(apple, 0, "10"),
        short(pear, 1, "0"),
        short(more, 4, "0"),
    ]
    assert await shop.refused("allocationCreate", orderId=order["id"], lines=lines) == ["INSUFFICIENT_STOCK"] * 3
    assert await set_aside(shop, order["id"]) == []
    lines[0]["quantity"], lines[1]["warehouseId"], lines[4]["quantity"] = "6", first, "4"
    await shop.did("allocationCreate", orderId=order["id"], lines=lines)


def short(item: Json, index: int, available: str) -> Json:
    """What is told of a line that asks for more than lies there."""
    path = ["input", "lines", str(index), "quantity"]
    return {"code": "INSUFFICIENT_STOCK", "path": path, "orderItemId": item["id"], "availableQuantity": available}


async def test_not_more_than_is_promised_is_set_aside(shop: Shop) -> None:
    """Lines of one item are summed before they are checked (S3)."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 5))
    (apple,) = order["items"]
    lines = [line(apple, 3, first), line(apple, 3, second)]
    found = await told(shop, "allocationCreate", orderId=order["id"], lines=lines)
    path = ["input", "lines", "1", "quantity"]
    assert found == [{"code": "QUANTITY_NOT_OPEN", "path": path, "availableQuantity": "2"}]
    await shop.did("allocationCreate", orderId=order["id"], lines=[*lines[:1], {**lines[1], "quantity": "2"}])


async def test_every_bad_source_is_told_at_once(shop: Shop) -> None:
    first, second = shop.warehouse_ids
    scrap, shelf = await add_bin(shop, "SCRAP", "SCRAP"), await add_bin(shop, "SHELF", warehouse=1)
    made = await shop.did("warehouseCreate", "warehouse { id }", code="X", name="X", countryCode="DE", poolCode="other")
    stranger = await open_shop(shop.client)
    order = await shop.placed(("apple", 20), ("delivery", 1))
    apple, delivery = order["items"]
    lines = [
        line(apple, 1, made["warehouse"]["id"]),
        line(apple, 1, stranger.warehouse_ids[0]),
        line(apple, 1, first, binId=scrap),
        line(apple, 1, first, binId=shelf),
        line(apple, 1, first, lot="none"),
        line(apple, "0.5", first),
        line(apple, 1, first, lot="x" * 81),
        line(delivery, 1, first),
    ]
    found = await told(shop, "allocationCreate", orderId=order["id"], lines=lines)
    assert sorted((error["path"][2], error["path"][3], error["code"]) for error in found) == [
        ("0", "warehouseId", "WAREHOUSE_NOT_IN_POOL"),
        ("1", "warehouseId", "NOT_FOUND"),
        ("2", "binId", "BIN_KIND_NOT_ALLOWED"),
        ("3", "binId", "NOT_FOUND"),
        ("4", "lot", "LOT_UNKNOWN"),
        ("5", "quantity", "INVALID_QUANTITY"),
        ("6", "lot", "INVALID_INPUT"),
        ("6", "lot", "LOT_UNKNOWN"),
        ("7", "warehouseId", "NOT_ALLOCATABLE"),
    ]
    assert shelf
    await shop.receive("apple", 1, warehouse=1)
    await shop.did("allocationCreate", orderId=order["id"], lines=[line(apple, 1, first), line(apple, 1, second)])


async def test_an_unknown_item_and_two_ways_at_once(shop: Shop) -> None:
    order = await shop.placed(("apple", 5))
    first = shop.warehouse_ids[0]
    stranger = {"id": encode_id("OrderItem", new_id())}
    assert await shop.refused("allocationCreate", orderId=order["id"], lines=[line(stranger, 1, first)]) == [
        "NOT_FOUND"
    ]
    lines = [line(order["items"][0], 1, first)]
    assert await shop.refused("allocationCreate", orderId=order["id"], warehouseId=first, lines=lines) == [
        "INVALID_INPUT"
    ]
    await shop.did("allocationCreate", orderId=order["id"], lines=lines)


async def test_who_is_bound_to_a_warehouse_names_no_other(shop: Shop) -> None:
    """C-53."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 5, warehouse=1)
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    bound = replace(shop.staff, warehouse_ids=frozenset({decode_id("Warehouse", second)}))
    away: Json = {"orderId": order["id"], "lines": [line(apple, 1, first)]}
    assert await shop.client.refused("allocationCreate", away, bound) == ["NOT_FOUND"]
    await shop.client.did("allocationCreate", "", {**away, "lines": [line(apple, 1, second)]}, bound)


@pytest.mark.parametrize(("value", "expected"), [("MANUAL", []), ("BOOK", ["POLICY_FORBIDS"])])
async def test_allocate_on_book_leaves_it_to_the_booking(value: str, expected: list[str], shop: Shop) -> None:
    """X-3: outcomes differ only by the setting."""
    await shop.set_policy("allocateOn", value)
    order = await shop.placed(("apple", 5))
    payload = await shop.client.mutate("allocationCreate", "", {"orderId": order["id"]}, shop.staff)
    assert [error["code"] for error in payload["userErrors"]] == expected
    data = await shop.did(
        "shipmentCreate", "order { allocationStatus }", orderId=order["id"], warehouseId=shop.warehouse_ids[0],
        then=["BOOK"],
    )  # fmt: skip
    assert data["order"]["allocationStatus"] == "FULL"
