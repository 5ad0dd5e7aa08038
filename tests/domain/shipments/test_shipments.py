"""shipmentCreate, shipmentBook, shipmentFinalize: from open goods to goods that have left."""

from tests.client import Json
from tests.shop import Shop

SHIPMENT = "shipment { id number state trackingNumber items { orderItemId quantity } }"


async def ship(shop: Shop, order: Json, *then: str, warehouse: int = 0, **values: object) -> Json:
    """A shipment of the order."""
    return await shop.did(
        "shipmentCreate",
        SHIPMENT,
        orderId=order["id"],
        warehouseId=shop.warehouse_ids[warehouse],
        then=list(then),
        **values,
    )


async def test_open_booked_finalized(shop: Shop) -> None:
    """BA-29, BA-32, BA-35: nothing drawn, reserved, gone; the number comes with the booking."""
    order = await shop.placed(("apple", 10))
    shipment = (await ship(shop, order))["shipment"]
    assert (shipment["state"], shipment["number"]) == ("OPEN", None)
    booked = await shop.did("shipmentBook", SHIPMENT, shipmentId=shipment["id"])
    assert (booked["shipment"]["state"], booked["shipment"]["number"]) == ("BOOKED", "DN-000001")
    assert (await shop.order(order["id"]))["items"][0]["bookedQuantity"] == "10"
    done = await shop.did(
        "shipmentFinalize", SHIPMENT, shipmentId=shipment["id"], carrier="DHL", trackingNumber="00340"
    )
    assert (done["shipment"]["state"], done["shipment"]["trackingNumber"]) == ("FINALIZED", "00340")
    after = await shop.order(order["id"])
    assert (after["state"], after["summary"]) == ("COMPLETED", "shipped, unbilled, unpaid")
    assert after["items"][0]["shippedQuantity"] == "10"


async def test_all_in_one_call_is_the_same(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    payload = await ship(shop, order, "BOOK", "FINALIZE")
    assert (payload["shipment"]["state"], payload["shipment"]["number"]) == ("FINALIZED", "DN-000001")
    assert [e["message"] for e in payload["effects"] if e["__typename"] == "EventEffect"] == [
        "ShipmentCreated.",
        "ShipmentBooked.",
        "ShipmentFinalized.",
        "OrderCompleted.",
    ]


async def test_an_order_leaves_in_parts_and_completes_with_the_last(shop: Shop) -> None:
    """IF-12, BA-55, KS-12."""
    order = await shop.placed(("apple", 10), ("delivery", 1))
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    await ship(shop, order, "BOOK", "FINALIZE", items=lines)
    assert (await shop.order(order["id"]))["summary"] == "committed, partly shipped, unbilled, unpaid"
    await ship(shop, order, "BOOK", "FINALIZE")
    assert (await shop.order(order["id"]))["state"] == "PLACED"
    await shop.did("invoiceIssue", orderId=order["id"])
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"


async def test_booking_draws_from_the_order_s_own_allocation(shop: Shop) -> None:
    """C-13: all stock is allocated to this order, so nothing is free, and it ships all the same."""
    order = await shop.placed(("apple", 50))
    await shop.did("allocationCreate", orderId=order["id"])
    assert (await ship(shop, order, "BOOK"))["shipment"]["state"] == "BOOKED"


async def test_stock_allocated_elsewhere_is_not_taken_silently(shop: Shop) -> None:
    """C-14: the source must match the allocation."""
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 10))
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    shipment = (await ship(shop, order, warehouse=1))["shipment"]
    assert await shop.refused("shipmentBook", shipmentId=shipment["id"]) == ["NOTHING_TO_BOOK"]
    await shop.did("allocationRelease", orderId=order["id"])
    await shop.did("shipmentBook", shipmentId=shipment["id"])


async def test_what_is_not_there_leaves_the_note(shop: Shop) -> None:
    """BA-33: the rest stays promised and open."""
    await shop.receive("apple", 3, warehouse=1)
    order = await shop.placed(("apple", 10), ("pear", 1))
    payload = await ship(shop, order, "BOOK", warehouse=1)
    assert [line["quantity"] for line in payload["shipment"]["items"]] == ["3"]
    assert [warning["code"] for warning in payload["warnings"]] == ["STOCK_SHORT", "STOCK_SHORT"]
    assert (await shop.order(order["id"]))["items"][0]["committedQuantity"] == "10"


async def test_a_warehouse_outside_the_pool_is_refused(shop: Shop) -> None:
    made = await shop.did("warehouseCreate", "warehouse { id }", code="X", name="X", countryCode="DE", poolCode="other")
    order = await shop.placed(("apple", 1))
    assert await shop.refused("shipmentCreate", orderId=order["id"], warehouseId=made["warehouse"]["id"]) == [
        "WAREHOUSE_NOT_IN_POOL"
    ]
    await ship(shop, order)


async def test_lines_are_measured_against_what_is_open(shop: Shop) -> None:
    order = await shop.placed(("apple", 10), ("delivery", 1))
    apple, delivery = (item["id"] for item in order["items"])
    lines = [
        {"orderItemId": apple, "quantity": "11"},
        {"orderItemId": delivery, "quantity": "1"},
    ]
    assert await shop.refused(
        "shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines
    ) == ["QUANTITY_NOT_OPEN", "NOT_ALLOCATABLE"]
    await ship(shop, order, items=[{"orderItemId": apple, "quantity": "10"}])
    assert await shop.refused("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0]) == [
        "QUANTITY_NOT_OPEN"
    ]


async def test_partial_shipment_allow_warn_block(shop: Shop) -> None:
    """X-14, BA-40: outcomes differ only by the setting."""

    async def partly(**values: object) -> Json:
        order = await shop.placed(("apple", 10))
        lines = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
        call = {"orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "items": lines, **values}
        return await shop.client.mutate("shipmentCreate", "", call, shop.staff)

    assert (await partly())["userErrors"] == []
    await shop.set_policy("partialShipment", "WARN")
    assert [error["code"] for error in (await partly())["userErrors"]] == ["WARNING_NOT_ACKNOWLEDGED"]
    acknowledged = await partly(acknowledgeWarnings=["PARTIAL_SHIPMENT"])
    assert acknowledged["userErrors"] == []
    assert [warning["code"] for warning in acknowledged["warnings"]] == ["PARTIAL_SHIPMENT"]
    await shop.set_policy("partialShipment", "BLOCK")
    assert [error["code"] for error in (await partly())["userErrors"]] == ["PARTIAL_SHIPMENT_BLOCKED"]
