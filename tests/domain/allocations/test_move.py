"""allocationMove: given back and set aside elsewhere in one step, the place checked as well (C-14, C-15)."""

from dataclasses import replace

from gql_sales.kernel.ids import decode_id
from tests.client import Json
from tests.shop import Shop
from tests.stockroom import add_bin, add_method, allocations, line, put, set_aside, told


async def moved(shop: Shop, order: Json, *moves: Json) -> Json:
    """Moves that must succeed."""
    return await shop.did("allocationMove", "order { allocationStatus }", orderId=order["id"], moves=list(moves))


async def allocated(shop: Shop, *items: tuple[str, int]) -> tuple[Json, list[Json]]:
    """An order with everything set aside in the first warehouse, and its allocations."""
    order = await shop.placed(*items)
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    return order, await allocations(shop, order["id"])


async def test_all_or_a_part_moves(shop: Shop) -> None:
    first, second = shop.warehouse_ids
    await shop.receive("apple", 10, warehouse=1)
    order, (row,) = await allocated(shop, ("apple", 10))
    payload = await moved(shop, order, {"allocationId": row["id"], "quantity": "4", "warehouseId": second})
    assert payload["order"]["allocationStatus"] == "FULL"
    assert [e["message"] for e in payload["effects"] if e["__typename"] == "EventEffect"] == ["AllocationMoved."]
    assert sorted(e["message"] for e in payload["effects"] if e["__typename"] == "StockMovementEffect") == [
        "Stock level allocated +4.",
        "Stock level allocated -4.",
    ]
    assert await set_aside(shop, order["id"]) == sorted([(first, "6"), (second, "4")])
    kept = next(one for one in await allocations(shop, order["id"]) if one["id"] == row["id"])
    await moved(shop, order, {"allocationId": kept["id"], "warehouseId": second})
    assert await set_aside(shop, order["id"]) == sorted([(second, "6"), (second, "4")])


async def test_the_destination_is_checked(shop: Shop) -> None:
    """C-15: moving never sets aside what does not lie there; the allocation stays where it was."""
    first, second = shop.warehouse_ids
    await shop.receive("apple", 3, warehouse=1)
    order, (row,) = await allocated(shop, ("apple", 10))
    move = {"allocationId": row["id"], "warehouseId": second}
    found = await told(shop, "allocationMove", orderId=order["id"], moves=[move])
    (apple,) = order["items"]
    path = ["input", "moves", "0", "quantity"]
    assert found == [{"code": "INSUFFICIENT_STOCK", "path": path, "orderItemId": apple["id"], "availableQuantity": "3"}]
    assert await shop.refused("allocationMove", orderId=order["id"], moves=[move]) == ["INSUFFICIENT_STOCK"]
    assert await set_aside(shop, order["id"]) == [(first, "10")]
    await moved(shop, order, {**move, "quantity": "3"})


async def test_two_allocations_change_places(shop: Shop) -> None:
    """All are given back first, so a full place is no obstacle."""
    first, second = shop.warehouse_ids
    await shop.add_product("plum", stock=4)
    await shop.receive("plum", 6, warehouse=1)
    order = await shop.placed(("plum", 4), ("plum", 6))
    one, other = order["items"]
    lines = [line(one, 4, first), line(other, 6, second)]
    await shop.did("allocationCreate", orderId=order["id"], lines=lines)
    rows = {row["orderItemId"]: row["id"] for row in await allocations(shop, order["id"])}
    swap = [
        {"allocationId": rows[other["id"]], "quantity": "4", "warehouseId": first},
        {"allocationId": rows[one["id"]], "warehouseId": second},
    ]
    await moved(shop, order, *swap)
    found = {(row["orderItemId"], row["warehouseId"], row["quantity"]) for row in await allocations(shop, order["id"])}
    assert found == {(one["id"], second, "4"), (other["id"], first, "4"), (other["id"], second, "2")}


async def test_it_moves_between_bins_and_fulfillment_methods(shop: Shop) -> None:
    first = shop.warehouse_ids[0]
    shelf = await add_bin(shop, "SHELF")
    await put(shop, "apple", 10, binId=shelf)
    drop, other = await add_method(shop, "DROP", priority=1), await add_method(shop, "OTHER")
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("apple", 5), ("sofa", 1))
    await shop.did("allocationCreate", orderId=order["id"])
    rows = {row["warehouseId"]: row["id"] for row in await allocations(shop, order["id"])}
    await moved(
        shop,
        order,
        {"allocationId": rows[first], "warehouseId": first, "binId": shelf},
        {"allocationId": rows[drop], "warehouseId": other},
    )
    after = await allocations(shop, order["id"])
    assert {(row["warehouseId"], row["level"] and row["level"]["bin"]["code"]) for row in after} == {
        (first, "SHELF"), (other, None),
    }  # fmt: skip


async def test_what_is_booked_does_not_move(shop: Shop) -> None:
    """C-14: a booked shipment keeps its source."""
    second = shop.warehouse_ids[1]
    await shop.receive("apple", 10, warehouse=1)
    order, _ = await allocated(shop, ("apple", 6), ("pear", 1))
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines, then=["BOOK"])
    (booked,) = await allocations(shop, order["id"], "BOOKED")
    free = next(row for row in await allocations(shop, order["id"]) if row["quantity"] == "2")
    moves = [{"allocationId": booked["id"], "warehouseId": second}]
    assert await shop.refused("allocationMove", orderId=order["id"], moves=moves) == ["ALREADY_BOOKED"]
    await moved(shop, order, {"allocationId": free["id"], "warehouseId": second})


async def test_every_bad_move_is_told_at_once(shop: Shop) -> None:
    order, (row,) = await allocated(shop, ("apple", 6))
    other, (foreign,) = await allocated(shop, ("apple", 6))
    second = shop.warehouse_ids[1]
    moves = [
        {"allocationId": foreign["id"], "warehouseId": second},
        {"allocationId": row["id"], "warehouseId": second, "quantity": "7"},
        {"allocationId": row["id"], "warehouseId": second, "quantity": "0"},
    ]
    assert await shop.refused("allocationMove", orderId=order["id"], moves=moves) == [
        "NOT_FOUND", "QUANTITY_NOT_OPEN", "INVALID_INPUT", "INVALID_QUANTITY",
    ]  # fmt: skip
    assert await shop.refused("allocationMove", orderId=order["id"], moves=[]) == ["INVALID_INPUT"]
    made = await shop.did("warehouseCreate", "warehouse { id }", code="X", name="X", countryCode="DE", poolCode="other")
    away = [{"allocationId": row["id"], "warehouseId": made["warehouse"]["id"]}]
    assert await shop.refused("allocationMove", orderId=order["id"], moves=away) == ["WAREHOUSE_NOT_IN_POOL"]
    await shop.receive("apple", 6, warehouse=1)
    await moved(shop, other, {"allocationId": foreign["id"], "warehouseId": second})


async def test_who_is_bound_to_a_warehouse_moves_within_it(shop: Shop) -> None:
    """C-53."""
    first, second = shop.warehouse_ids
    shelf = await add_bin(shop, "SHELF")
    await put(shop, "apple", 10, binId=shelf)
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 10))
    await shop.did(
        "allocationCreate", orderId=order["id"], lines=[line(order["items"][0], 5, w) for w in (first, second)]
    )
    rows = {row["warehouseId"]: row["id"] for row in await allocations(shop, order["id"])}
    bound = replace(shop.staff, warehouse_ids=frozenset({decode_id("Warehouse", first)}))
    for move in (
        {"allocationId": rows[first], "warehouseId": second},
        {"allocationId": rows[second], "warehouseId": first},
    ):
        assert await shop.client.refused("allocationMove", {"orderId": order["id"], "moves": [move]}, bound) == [
            "NOT_FOUND"
        ]
    move = {"allocationId": rows[first], "warehouseId": first, "binId": shelf}
    await shop.client.did("allocationMove", "", {"orderId": order["id"], "moves": [move]}, bound)
