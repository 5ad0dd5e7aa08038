"""orderCancel: gives everything back, until something was booked, shipped or billed (X-19, IF-18)."""

from tests.client import Json
from tests.shop import Shop


async def blockers(shop: Shop, order_id: str) -> list[str]:
    """What stands in the way of cancelling, as the order tells it."""
    order = await shop.order(order_id)
    (found,) = [t for t in order["availableTransitions"] if t["name"] == "orderCancel"]
    return [blocker["code"] for blocker in found["blockers"]]


async def availability(shop: Shop, sku: str) -> str:
    """What may still be promised of a product."""
    query = """query ($id: ID!, $channel: ID!) { product(by: {id: $id}) {
        availability(channelId: $channel) { availableQuantity } } }"""
    data: Json = await shop.query(query, id=shop.products[sku], channel=shop.channel_id)
    return str(data["product"]["availability"]["availableQuantity"])


async def test_cancelling_gives_promise_and_allocation_back(shop: Shop) -> None:
    order = await shop.placed(("apple", 10), ("delivery", 1))
    await shop.did("allocationCreate", orderId=order["id"])
    assert await availability(shop, "apple") == "40"
    payload = await shop.did("orderCancel", "order { state summary }", orderId=order["id"], reason="changed my mind")
    assert payload["order"] == {"state": "CANCELLED", "summary": "cancelled, paid"}
    assert await availability(shop, "apple") == "50"
    after = await shop.order(order["id"])
    assert [item["cancelledQuantity"] for item in after["items"]] == ["10", "1"]
    assert {row["state"] for row in after["allocations"]} == {"RELEASED"}


async def test_a_reason_is_needed(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    assert await shop.refused("orderCancel", orderId=order["id"], reason=" ") == ["REASON_REQUIRED"]
    await shop.did("orderCancel", orderId=order["id"], reason="duplicate")


async def test_blockers_name_the_remaining_steps(shop: Shop) -> None:
    """N-1: the order tells beforehand what the mutation would answer."""
    order = await shop.placed(("apple", 10), ("delivery", 1))
    assert await blockers(shop, order["id"]) == []
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    made = await shop.did(
        "shipmentCreate", "shipment { id }", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines,
        then=["BOOK"],
    )  # fmt: skip
    assert await blockers(shop, order["id"]) == ["ALREADY_BOOKED"]
    await shop.did("shipmentFinalize", shipmentId=made["shipment"]["id"])
    assert await blockers(shop, order["id"]) == ["ALREADY_SHIPPED"]
    await shop.did("invoiceIssue", orderId=order["id"])
    # What is billed stands in nobody's way who may credit it: that is what settlement is for.
    assert await blockers(shop, order["id"]) == ["ALREADY_SHIPPED"]
    assert await shop.refused("orderCancel", orderId=order["id"], reason="too late") == ["ALREADY_SHIPPED"]
