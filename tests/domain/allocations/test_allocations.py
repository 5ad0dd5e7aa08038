"""allocationCreate and allocationRelease: which warehouse serves, and giving it back."""

from tests.shop import Shop
from tests.stockroom import line, set_aside, told


async def test_warehouses_serve_by_priority_and_a_line_may_be_split(shop: Shop) -> None:
    """KS-13, C-16: the check equals the plan."""
    await shop.did("warehouseUpdate", warehouseId=shop.warehouse_ids[1], priority=1)
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 30))
    await shop.did("allocationCreate", orderId=order["id"])
    rows = (await shop.order(order["id"]))["allocations"]
    assert {(row["warehouseId"], row["quantity"]) for row in rows} == {
        (shop.warehouse_ids[1], "10"),
        (shop.warehouse_ids[0], "20"),
    }


async def test_one_warehouse_can_be_named(shop: Shop) -> None:
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 15))
    payload = await shop.did(
        "allocationCreate", "order { summary }", orderId=order["id"], warehouseId=shop.warehouse_ids[1]
    )
    assert payload["order"]["summary"] == "committed, partly allocated, unbilled, unpaid"
    assert [warning["code"] for warning in payload["warnings"]] == ["STOCK_SHORT"]
    assert await shop.refused("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[1]) == [
        "INSUFFICIENT_STOCK"
    ]
    await shop.did("allocationCreate", orderId=order["id"])


async def test_nothing_to_allocate_is_refused(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await shop.did("allocationCreate", orderId=order["id"])
    assert await shop.refused("allocationCreate", orderId=order["id"]) == ["NOTHING_OPEN"]


async def test_allocations_are_released_all_or_by_name(shop: Shop) -> None:
    order = await shop.placed(("apple", 5), ("pear", 5))
    await shop.did("allocationCreate", orderId=order["id"])
    first, second = (await shop.order(order["id"]))["allocations"]
    await shop.did("allocationRelease", orderId=order["id"], allocationIds=[first["id"]])
    assert await shop.refused("allocationRelease", orderId=order["id"], allocationIds=[first["id"]]) == ["NOT_FOUND"]
    after = await shop.order(order["id"])
    assert (after["allocationStatus"], after["commitmentStatus"]) == ("PARTIAL", "FULL")
    await shop.did("allocationRelease", orderId=order["id"])
    assert await shop.refused("allocationRelease", orderId=order["id"]) == ["NOTHING_OPEN"]
    assert second["id"] not in {
        a["id"] for a in (await shop.order(order["id"]))["allocations"] if a["state"] != "RELEASED"
    }


async def test_a_booked_allocation_is_not_released(shop: Shop) -> None:
    order = await shop.placed(("apple", 5), ("pear", 5))
    await shop.did("allocationCreate", orderId=order["id"])
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "5"}]
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines, then=["BOOK"])
    rows = {row["state"]: row["id"] for row in (await shop.order(order["id"]))["allocations"]}
    assert await shop.refused("allocationRelease", orderId=order["id"], allocationIds=[rows["BOOKED"]]) == [
        "ALREADY_BOOKED"
    ]
    await shop.did("allocationRelease", orderId=order["id"], allocationIds=[rows["ALLOCATED"]])


async def test_a_quantity_of_an_item_is_released_newest_first(shop: Shop) -> None:
    """What an allocation holds beyond stays set aside."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    for warehouse in (first, second):
        await shop.did("allocationCreate", orderId=order["id"], lines=[line(apple, 5, warehouse)])
    lines = [{"orderItemId": apple["id"], "quantity": "7"}]
    payload = await shop.did("allocationRelease", "order { allocationStatus }", orderId=order["id"], lines=lines)
    assert payload["order"]["allocationStatus"] == "PARTIAL"
    assert await set_aside(shop, order["id"]) == [(first, "3")]
    held = {"orderItemId": apple["id"], "quantity": "1", "warehouseId": second}
    found = await told(shop, "allocationRelease", orderId=order["id"], lines=[held, {**held, "quantity": "-1"}])
    assert [error["code"] for error in found] == ["QUANTITY_NOT_OPEN", "INVALID_QUANTITY"]
    assert found[0]["availableQuantity"] == "0"
    twice = [{**held, "warehouseId": first, "quantity": "2"}] * 2
    found = await told(shop, "allocationRelease", orderId=order["id"], lines=twice)
    assert [(error["path"][2], error["availableQuantity"]) for error in found] == [("1", "1")]
    await shop.did("allocationRelease", orderId=order["id"], lines=[{**held, "warehouseId": first, "quantity": "3"}])
    assert await set_aside(shop, order["id"]) == []
    assert (await shop.order(order["id"]))["items"][0]["committedQuantity"] == "10"


async def test_allocations_and_quantities_are_not_named_together(shop: Shop) -> None:
    order = await shop.placed(("apple", 5))
    await shop.did("allocationCreate", orderId=order["id"])
    (row,) = (await shop.order(order["id"]))["allocations"]
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "1"}]
    both = {"orderId": order["id"], "allocationIds": [row["id"]], "lines": lines}
    assert await shop.refused("allocationRelease", **both) == ["INVALID_INPUT"]
    await shop.did("allocationRelease", **{**both, "allocationIds": []})
