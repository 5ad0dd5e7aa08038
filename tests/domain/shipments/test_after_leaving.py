"""shipmentSetTracking and shipmentDeliver: what becomes known of goods that have left (IF-11)."""

from datetime import UTC, datetime, timedelta

from gql_sales.kernel.ids import encode_id, new_id
from tests.client import Json
from tests.shipping import SHIPMENT, drafted, moved, packed, read
from tests.shop import Shop


async def test_carriers_give_their_numbers_later(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    shipment = await drafted(shop, order, "BOOK", carrier="DHL")
    boxes = [await packed(shop, shipment, (apple, 5)) for _ in range(2)]
    call: Json = {"shipmentId": shipment["id"], "trackingNumber": "00340"}
    assert await shop.refused("shipmentSetTracking", **call) == ["INVALID_TRANSITION"]
    await moved(shop, "Finalize", shipment)
    payload = await shop.did("shipmentSetTracking", SHIPMENT, **call)
    assert [effect["message"] for effect in payload["effects"]] == ["ShipmentTrackingSet."]
    assert (payload["shipment"]["carrier"], payload["shipment"]["trackingNumber"]) == ("DHL", "00340")
    numbers = [{"packageId": box["id"], "trackingNumber": f"P{i}"} for i, box in enumerate(boxes)]
    after = await moved(shop, "SetTracking", shipment, packages=numbers, carrier=None)
    assert [package["trackingNumber"] for package in after["packages"]] == ["P0", "P1"]
    assert (after["carrier"], after["trackingNumber"]) == (None, "00340")


async def test_what_is_said_is_checked(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "BOOK")
    box = await packed(shop, shipment, (order["items"][0], 10))
    await moved(shop, "Finalize", shipment)
    call: Json = {"shipmentId": shipment["id"]}
    assert await shop.refused("shipmentSetTracking", **call) == ["INVALID_INPUT"]
    assert await shop.refused("shipmentSetTracking", **call, carrier="x" * 81) == ["INVALID_INPUT"]
    long = [{"packageId": box["id"], "trackingNumber": "x" * 121}]
    assert await shop.refused("shipmentSetTracking", **call, packages=long) == ["INVALID_INPUT"]
    absent = [{"packageId": encode_id("Package", new_id()), "trackingNumber": "1"}]
    assert await shop.refused("shipmentSetTracking", **call, packages=absent) == ["NOT_FOUND"]
    await moved(shop, "SetTracking", shipment, packages=[{"packageId": box["id"], "trackingNumber": "1"}])


async def test_delivery_ends_it(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "BOOK")
    assert await shop.refused("shipmentDeliver", shipmentId=shipment["id"]) == ["INVALID_TRANSITION"]
    await moved(shop, "Finalize", shipment)
    payload = await shop.did("shipmentDeliver", SHIPMENT, shipmentId=shipment["id"])
    assert payload["shipment"]["state"] == "DELIVERED"
    assert payload["shipment"]["deliveredAt"] is not None
    assert [effect["message"] for effect in payload["effects"]] == [
        "Shipment: FINALIZED → DELIVERED.", "ShipmentDelivered.",
    ]  # fmt: skip
    assert await shop.refused("shipmentSetTracking", shipmentId=shipment["id"], carrier="DHL") == ["INVALID_TRANSITION"]
    assert (await shop.order(order["id"]))["dispatchStatus"] == "FULL"


async def test_it_lies_between_the_departure_and_now(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "FINALIZE")
    left = datetime.fromisoformat(shipment["finalizedAt"])
    call: Json = {"shipmentId": shipment["id"]}
    for wrong in (left - timedelta(seconds=1), datetime.now(UTC) + timedelta(hours=1)):
        assert await shop.refused("shipmentDeliver", **call, deliveredAt=wrong.isoformat()) == ["INVALID_DATE"]
    await moved(shop, "Deliver", shipment, deliveredAt=left.isoformat())
    assert datetime.fromisoformat((await read(shop, shipment["id"]))["deliveredAt"]) == left
