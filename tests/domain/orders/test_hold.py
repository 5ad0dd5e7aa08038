"""orderHold and orderRelease: what a hold stops and what it does not, told before and refused (domain.md 4, N-1)."""

from dataclasses import replace

import pytest

from gql_sales.access.scopes import WAREHOUSE
from tests.bulk.calls import done
from tests.client import Json
from tests.domain.orders.test_acknowledge import blockers, events
from tests.shop import Shop

FIELDS = """order { id state version summary isOnHold
    holds { id scope reason heldBy heldAt releasedBy releasedAt releaseReason } }"""


async def held(shop: Shop, order_id: str, scope: str = "ALL", reason: str = "address looks wrong") -> str:
    """Id of a new hold."""
    payload = await shop.did("orderHold", FIELDS, orderId=order_id, scope=scope, reason=reason)
    id_: str = payload["order"]["holds"][-1]["id"]
    return id_


async def release(shop: Shop, order_id: str, hold_id: str) -> Json:
    """The order after the release."""
    payload = await shop.did("orderRelease", FIELDS, orderId=order_id, holdId=hold_id, reason="asked the customer")
    order: Json = payload["order"]
    return order


async def shipment(shop: Shop, order_id: str) -> str:
    """Id of a drafted shipment of everything."""
    made = await shop.did("shipmentCreate", "shipment { id }", orderId=order_id, warehouseId=shop.warehouse_ids[0])
    id_: str = made["shipment"]["id"]
    return id_


async def test_a_hold_is_put_on_and_released_with_reasons(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    payload = await shop.did("orderHold", FIELDS, orderId=order["id"], reason=" address looks wrong ")
    on_hold = payload["order"]
    assert (on_hold["state"], on_hold["version"], on_hold["isOnHold"]) == ("PLACED", order["version"] + 1, True)
    assert on_hold["summary"] == "on hold, committed, unbilled, unpaid"
    assert events(payload) == ["OrderHeld."]
    (hold,) = on_hold["holds"]
    assert (hold["scope"], hold["reason"], hold["heldBy"]) == ("ALL", "address looks wrong", "staff:anna")
    assert (hold["releasedBy"], hold["releasedAt"], hold["releaseReason"]) == (None, None, None)
    freed = await release(shop, order["id"], hold["id"])
    assert (freed["isOnHold"], freed["summary"]) == (False, "committed, unbilled, unpaid")
    (kept,) = freed["holds"]
    assert (kept["id"], kept["reason"], kept["heldAt"]) == (hold["id"], hold["reason"], hold["heldAt"])
    assert (kept["releasedBy"], kept["releaseReason"]) == ("staff:anna", "asked the customer")


async def test_both_need_a_reason(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    assert await shop.refused("orderHold", orderId=order["id"], reason=" ") == ["REASON_REQUIRED"]
    assert await shop.refused("orderHold", orderId=order["id"], reason="x" * 501) == ["INVALID_INPUT"]
    hold = await held(shop, order["id"])
    assert await shop.refused("orderRelease", orderId=order["id"], holdId=hold, reason="") == ["REASON_REQUIRED"]
    await release(shop, order["id"], hold)


async def test_several_holds_stand_until_each_is_released(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    assert await blockers(shop, order["id"], "orderRelease") == ["NOTHING_OPEN"]
    first, second = await held(shop, order["id"]), await held(shop, order["id"], reason="customer called")
    other = await held(shop, (await shop.placed(("apple", 1)))["id"])
    wrong = {"orderId": order["id"], "reason": "x"}
    assert await shop.refused("orderRelease", **wrong, holdId=other) == ["NOT_FOUND"]
    assert (await release(shop, order["id"], first))["isOnHold"] is True
    assert await shop.refused("orderRelease", **wrong, holdId=first) == ["NOT_FOUND"]
    assert await shop.refused("allocationCreate", orderId=order["id"]) == ["ON_HOLD"]
    assert (await release(shop, order["id"], second))["isOnHold"] is False
    assert await shop.refused("orderRelease", **wrong, holdId=second) == ["NOTHING_OPEN"]
    await shop.did("allocationCreate", orderId=order["id"])


STOPPED = {
    "ALL": {"allocationCreate", "shipmentBook", "invoiceIssue", "cashSaleIssue"},
    "ALLOCATION": {"allocationCreate"},
    "BILLING": {"invoiceIssue", "cashSaleIssue"},
    "CREDIT": {"allocationCreate", "shipmentBook"},
    "SHIPMENT": {"shipmentBook"},
}


@pytest.mark.parametrize("scope", STOPPED)
async def test_a_hold_stops_what_its_scope_says_and_nothing_else(scope: str, shop: Shop) -> None:
    """Domain.md 4: blocks allocate, book, bill by hold scope; what is told beforehand is what is answered (N-1)."""
    order = await shop.placed(("apple", 10), ("pear", 2))
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "10"}]
    values = {"orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "items": lines}
    drafted = (await shop.did("shipmentCreate", "shipment { id }", **values))["shipment"]["id"]
    await shop.did("allocationCreate", orderId=order["id"])
    # Something is left to allocate, and what can be booked is set aside already.
    await shop.did("allocationRelease", orderId=order["id"], allocationIds=[await allocation(shop, order["id"], "2")])
    hold = await held(shop, order["id"], scope)
    calls = {
        "allocationCreate": {"orderId": order["id"]},
        "shipmentBook": {"shipmentId": drafted},
        "invoiceIssue": {"orderId": order["id"]},
        "cashSaleIssue": {"orderId": order["id"], "paymentMethod": "CASH"},
    }
    found = (await shop.order(order["id"]))["availableTransitions"]
    told = {one["name"]: [blocker["code"] for blocker in one["blockers"]] for one in found}
    booking = await shop.query(BOOKING, id=drafted)
    told |= {one["name"]: [b["code"] for b in one["blockers"]] for one in booking["shipment"]["availableTransitions"]}
    for name, call in calls.items():
        payload = await shop.client.mutate(name, "", {**call, "dryRun": True}, shop.staff)
        wanted = ["ON_HOLD"] if name in STOPPED[scope] else []
        assert [error["code"] for error in payload["userErrors"]] == wanted, name
        assert told[name] == wanted, name
    await release(shop, order["id"], hold)
    for name, call in calls.items():
        await shop.did(name, **call, dryRun=True)


BOOKING = "query ($id: ID!) { shipment(by: {id: $id}) { availableTransitions { name blockers { code } } } }"


async def allocation(shop: Shop, order_id: str, quantity: str) -> str:
    """Id of the standing allocation of the quantity."""
    rows = (await shop.order(order_id))["allocations"]
    return next(str(row["id"]) for row in rows if (row["quantity"], row["state"]) == (quantity, "ALLOCATED"))


async def test_booking_takes_nothing_new_while_allocation_is_on_hold(shop: Shop) -> None:
    """Booking sets aside what is missing, which is just what the hold stops."""
    order = await shop.placed(("apple", 10))
    drafted = await shipment(shop, order["id"])
    hold = await held(shop, order["id"], "ALLOCATION")
    assert await shop.refused("shipmentBook", shipmentId=drafted) == ["NOTHING_TO_BOOK"]
    await release(shop, order["id"], hold)
    await shop.did("shipmentBook", shipmentId=drafted)


async def test_what_is_booked_leaves_although_billing_waits(shop: Shop) -> None:
    """X-9 SHIPMENT_FINALIZED: the goods go, and the bill waits for a person, for invoices and cash sales alike."""
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    for values in ({}, {"paymentMethod": "CASH"}):
        order = await shop.placed(("apple", 1), **values)
        drafted = await shipment(shop, order["id"])
        await shop.did("shipmentBook", shipmentId=drafted)
        hold = await held(shop, order["id"])
        await shop.did("shipmentFinalize", shipmentId=drafted)
        shipped = await shop.order(order["id"])
        assert (shipped["state"], shipped["summary"]) == ("COMPLETED", "on hold, shipped, unbilled, unpaid")
        assert await shop.refused("invoiceIssue", orderId=order["id"]) == ["ON_HOLD"]
        await release(shop, order["id"], hold)
        await shop.did("invoiceIssue", orderId=order["id"])


async def test_nothing_is_set_aside_by_an_acknowledgement_on_hold(shop: Shop) -> None:
    """X-3: stock is promised all the same, since a hold does not lose the customer's place."""
    await shop.set_policy("allocateOn", "PLACE")
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    order = await shop.placed(("apple", 10))
    await held(shop, order["id"], "ALLOCATION")
    await shop.did("orderAcknowledge", orderId=order["id"])
    after = await shop.order(order["id"])
    assert (after["commitmentStatus"], after["allocationStatus"]) == ("FULL", "NONE")


async def test_an_order_on_hold_may_be_cancelled_and_says_so(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await held(shop, order["id"])
    await shop.did("orderCancel", orderId=order["id"], reason="fraud")
    assert (await shop.order(order["id"]))["summary"] == "cancelled, paid"
    assert await shop.refused("orderHold", orderId=order["id"], reason="x") == ["INVALID_TRANSITION"]


async def test_reasons_are_for_staff(shop: Shop) -> None:
    """A4, P8: the storefront's schema does not have them; a warehouse reads them and puts nothing on hold."""
    order = await shop.placed(("apple", 1))
    await held(shop, order["id"])
    query = "query ($id: ID!) { order(by: {id: $id}) { holds { reason } } }"
    answer = await shop.client.execute(query, {"id": order["id"]}, shop.shopper())
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    warehouse = replace(shop.staff, scopes=WAREHOUSE)
    data = await shop.client.query(query, {"id": order["id"]}, warehouse)
    assert data["order"]["holds"] == [{"reason": "address looks wrong"}]
    blind = replace(shop.staff, scopes=shop.staff.scopes - {"orders.holds:read"})
    data = await shop.client.execute(query, {"id": order["id"]}, blind)
    assert data["data"]["order"] == {"holds": None}


async def test_many_orders_are_held_and_released_at_once(shop: Shop) -> None:
    """C-51."""
    orders = [(await shop.placed(("apple", 1)))["id"] for _ in range(3)]
    entries = [{"orderId": id_, "reason": "recall"} for id_ in orders]
    results = await done(shop, "orderHold", entries, "order { isOnHold holds { id } }")
    assert [one["order"]["isOnHold"] for one in results] == [True] * 3
    holds = [one["order"]["holds"][0]["id"] for one in results]
    entries = [{"orderId": id_, "holdId": hold, "reason": "over"} for id_, hold in zip(orders, holds, strict=True)]
    results = await done(shop, "orderRelease", entries, "order { isOnHold }")
    assert [one["order"]["isOnHold"] for one in results] == [False] * 3
