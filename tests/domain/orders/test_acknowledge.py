"""orderAcknowledge: confirms an order, by hand or at once, and promises its stock where commitOn says (X-3, X-20)."""

from tests.bulk.calls import done
from tests.client import Json
from tests.shop import Shop

FIELDS = "order { state acknowledgedAt version commitmentStatus allocationStatus }"


async def acknowledged(shop: Shop, order_id: str) -> Json:
    """The order after its acknowledgement."""
    payload = await shop.did("orderAcknowledge", FIELDS, orderId=order_id)
    order: Json = payload["order"]
    return order


async def blockers(shop: Shop, order_id: str, name: str) -> list[str]:
    """What stands in the way of a transition, as the order tells it."""
    order = await shop.order(order_id)
    (found,) = [one for one in order["availableTransitions"] if one["name"] == name]
    return [blocker["code"] for blocker in found["blockers"]]


def events(payload: Json) -> list[str]:
    """Types of the events that the mutation appended."""
    return [e["message"] for e in payload["effects"] if e["__typename"] == "EventEffect"]


async def test_an_order_is_acknowledged_once(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    payload = await shop.did("orderAcknowledge", FIELDS, orderId=order["id"])
    assert (payload["order"]["state"], payload["order"]["version"]) == ("ACKNOWLEDGED", order["version"] + 1)
    assert payload["order"]["acknowledgedAt"] is not None
    assert events(payload) == ["OrderAcknowledged."]
    assert await shop.refused("orderAcknowledge", orderId=order["id"]) == ["INVALID_TRANSITION"]


async def test_an_acknowledged_order_goes_the_same_way_as_a_placed_one(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    await acknowledged(shop, order["id"])
    await shop.did("allocationCreate", orderId=order["id"])
    await shop.did("allocationRelease", orderId=order["id"])
    made = await shop.did("shipmentCreate", "shipment { id }", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    await shop.did("shipmentBook", shipmentId=made["shipment"]["id"])
    await shop.did("shipmentFinalize", shipmentId=made["shipment"]["id"])
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"
    await shop.did("invoiceIssue", orderId=order["id"])
    assert (await shop.order(order["id"]))["summary"] == "shipped, invoiced, unpaid"


async def test_an_acknowledged_order_may_be_billed_first_or_cancelled(shop: Shop) -> None:
    for name, values in (
        ("invoiceIssue", {}),
        ("cashSaleIssue", {"paymentMethod": "CASH"}),
        ("orderCancel", {"reason": "changed my mind"}),
    ):
        order = await shop.placed(("apple", 1))
        await acknowledged(shop, order["id"])
        await shop.did(name, orderId=order["id"], **values)


async def test_acknowledge_mode(shop: Shop) -> None:
    """X-20, BA-9 against BA-91: by hand, or in the transaction that places the order."""
    draft = await shop.draft(("apple", 1))
    payload = await shop.did("orderPlace", "order { state }", orderId=draft["id"])
    assert payload["order"]["state"] == "PLACED"
    assert "OrderAcknowledged." not in events(payload)
    await shop.set_policy("acknowledgeMode", "AUTO_ON_PLACE")
    draft = await shop.draft(("apple", 1))
    payload = await shop.did("orderPlace", FIELDS, orderId=draft["id"])
    assert payload["order"]["state"] == "ACKNOWLEDGED"
    assert payload["order"]["version"] == draft["version"] + 2, "each event has a version of its own"
    assert events(payload) == ["StockCommitted.", "OrderPlaced.", "OrderAcknowledged."]


async def test_commit_on(shop: Shop) -> None:
    """X-3: stock is promised at placement, or not before the acknowledgement."""
    at_once = await shop.placed(("apple", 10))
    assert at_once["commitmentStatus"] == "FULL"
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    later = await shop.placed(("apple", 10))
    assert (later["commitmentStatus"], later["summary"]) == ("NONE", "nothing committed, unbilled, unpaid")
    assert await shop.refused("allocationCreate", orderId=later["id"]) == ["NOTHING_OPEN"]
    assert (await acknowledged(shop, later["id"]))["commitmentStatus"] == "FULL"
    assert (await acknowledged(shop, at_once["id"]))["commitmentStatus"] == "FULL"
    await shop.did("allocationCreate", orderId=later["id"])


async def test_a_shortage_is_judged_when_stock_is_promised(shop: Shop) -> None:
    """X-4 under commitOn ACKNOWLEDGE: 60 of 50 may be placed, and are refused or promised in part afterwards."""
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    strict = await shop.placed(("apple", 60))
    assert await blockers(shop, strict["id"], "orderAcknowledge") == ["INSUFFICIENT_STOCK"]
    assert await shop.refused("orderAcknowledge", orderId=strict["id"]) == ["INSUFFICIENT_STOCK"]
    await shop.set_policy("commitShortage", "COMMIT_PARTIAL")
    assert await shop.refused("orderAcknowledge", orderId=strict["id"]) == ["INSUFFICIENT_STOCK"], "frozen"
    partial = await shop.placed(("apple", 60))
    payload = await shop.did("orderAcknowledge", FIELDS, orderId=partial["id"])
    assert payload["order"]["commitmentStatus"] == "PARTIAL"
    assert [warning["code"] for warning in payload["warnings"]] == ["STOCK_SHORT"]


async def test_placing_is_refused_when_the_acknowledgement_at_once_would_be(shop: Shop) -> None:
    """N-1: the placement tells beforehand what its consequence would be refused for."""
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    await shop.set_policy("acknowledgeMode", "AUTO_ON_PLACE")
    short = await shop.draft(("apple", 51))
    assert await blockers(shop, short["id"], "orderPlace") == ["INSUFFICIENT_STOCK"]
    assert await shop.refused("orderPlace", orderId=short["id"]) == ["INSUFFICIENT_STOCK"]
    assert (await shop.placed(("apple", 50)))["commitmentStatus"] == "FULL"


async def test_what_is_promised_late_is_set_aside_late(shop: Shop) -> None:
    """X-3, KH-4: allocateOn PLACE sets aside what is promised, as soon as it is promised."""
    await shop.set_policy("allocateOn", "PLACE")
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    order = await shop.placed(("apple", 10))
    assert order["allocationStatus"] == "NONE"
    assert (await acknowledged(shop, order["id"]))["allocationStatus"] == "FULL"


async def test_policies_changed_after_placement_leave_the_order_as_it_was(shop: Shop) -> None:
    """policies.md, rule: copied onto the order when it is placed."""
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    order = await shop.placed(("apple", 10))
    await shop.set_policy("commitOn", "PLACE")
    assert (await acknowledged(shop, order["id"]))["commitmentStatus"] == "FULL"
    assert (await shop.placed(("apple", 10)))["commitmentStatus"] == "FULL"


async def test_many_at_once_share_what_there_is(shop: Shop) -> None:
    """C-51: what a list view offers for many rows; stock is locked for all of them first."""
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    entries = [{"orderId": (await shop.placed(("apple", 10)))["id"]} for _ in range(5)]
    results = await done(shop, "orderAcknowledge", entries, "order { state commitmentStatus }")
    assert [one["order"] for one in results] == [{"state": "ACKNOWLEDGED", "commitmentStatus": "FULL"}] * 5
    one_more = await shop.placed(("apple", 1))
    assert await shop.refused("orderAcknowledge", orderId=one_more["id"]) == ["INSUFFICIENT_STOCK"]
