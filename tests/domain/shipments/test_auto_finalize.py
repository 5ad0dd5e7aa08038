"""shipmentMode AUTO_FINALIZE: goods that are taken away at once have their delivery note all the same (X-8, KH-5)."""

import pytest

from gql_sales.db.engine import Database
from tests.client import Json
from tests.shop import Shop
from tests.snapshot import snapshot
from tests.stockroom import add_method

FIELDS = """order { state dispatchStatus items { shippedQuantity openQuantity }
  shipments { state number warehouseId items { quantity } } }"""


async def place(shop: Shop, *items: tuple[str, int], **values: object) -> Json:
    """Place an order; the payload."""
    draft = await shop.draft(*items)
    return await shop.client.mutate("orderPlace", FIELDS, {"orderId": draft["id"], **values}, shop.staff)


@pytest.mark.parametrize(("mode", "state", "notes"), [("EXPLICIT", "PLACED", 0), ("AUTO_FINALIZE", "COMPLETED", 1)])
async def test_placing_ships_under_auto_finalize_only(mode: str, state: str, notes: int, shop: Shop) -> None:
    """Outcomes differ only by the setting."""
    await shop.set_policy("shipmentMode", mode)
    payload = await place(shop, ("apple", 3), ("pear", 2))
    assert payload["userErrors"] == []
    assert (payload["order"]["state"], len(payload["order"]["shipments"])) == (state, notes)
    if notes:
        assert payload["order"]["shipments"] == [
            {"state": "FINALIZED", "number": "DN-000001", "warehouseId": shop.warehouse_ids[0],
             "items": [{"quantity": "3"}, {"quantity": "2"}]}
        ]  # fmt: skip
        assert [e["message"] for e in payload["effects"] if e["__typename"] == "EventEffect"] == [
            "StockCommitted.", "StockCommitted.", "OrderPlaced.", "ShipmentCreated.", "ShipmentBooked.",
            "ShipmentFinalized.", "OrderCompleted.",
        ]  # fmt: skip


@pytest.mark.parametrize("allocate_on", ["MANUAL", "PLACE", "BOOK"])
async def test_it_ships_what_placing_has_set_aside(allocate_on: str, shop: Shop) -> None:
    """C-13: booking draws from the order's own allocation, made in the same transaction or not."""
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    await shop.set_policy("allocateOn", allocate_on)
    payload = await place(shop, ("apple", 50))
    assert payload["userErrors"] == []
    assert payload["order"]["dispatchStatus"] == "FULL"


async def test_each_place_that_has_some_gets_a_note(shop: Shop) -> None:
    """One source for each shipment (BA-37), warehouses by priority, others' goods from their method (KS-14)."""
    first, second = shop.warehouse_ids
    method = await add_method(shop, "DROP")
    await shop.did("warehouseUpdate", warehouseId=second, priority=1)
    await shop.receive("apple", 5, warehouse=1)
    await shop.add_product("sofa", "500.00", isStocked=False)
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    payload = await place(shop, ("apple", 8), ("sofa", 1), ("delivery", 1))
    assert {note["warehouseId"]: note["items"] for note in payload["order"]["shipments"]} == {
        second: [{"quantity": "5"}], first: [{"quantity": "3"}], method: [{"quantity": "1"}],
    }  # fmt: skip
    assert payload["order"]["dispatchStatus"] == "FULL"


@pytest.mark.parametrize(
    ("rule", "values", "codes"),
    [
        ("ALLOW", {}, []),
        ("WARN", {}, ["WARNING_NOT_ACKNOWLEDGED"]),
        ("WARN", {"acknowledgeWarnings": ["PARTIAL_SHIPMENT"]}, []),
        ("BLOCK", {}, ["PARTIAL_SHIPMENT_BLOCKED"]),
    ],
)
async def test_several_notes_are_judged_as_parts(rule: str, values: Json, codes: list[str], shop: Shop) -> None:
    """X-14."""
    await shop.receive("apple", 5, warehouse=1)
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    await shop.set_policy("partialShipment", rule)
    payload = await place(shop, ("apple", 52), **values)
    assert [error["code"] for error in payload["userErrors"]] == codes
    assert (await place(shop, ("pear", 1)))["userErrors"] == []


async def test_nothing_to_take_away_refuses_the_placement(shop: Shop, database: Database) -> None:
    """The reason comes with the refusal, and the order stays a draft."""
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    await shop.set_policy("commitShortage", "COMMIT_PARTIAL")
    await shop.add_product("plum")
    draft = await shop.draft(("plum", 2))
    before = await snapshot(database)
    assert await shop.refused("orderPlace", orderId=draft["id"]) == ["INSUFFICIENT_STOCK"]
    assert await snapshot(database) == before
    assert (await shop.order(draft["id"]))["state"] == "OPEN"
    await shop.receive("plum", 1)
    payload = await shop.did("orderPlace", FIELDS, orderId=draft["id"])
    assert payload["order"]["items"] == [{"shippedQuantity": "1", "openQuantity": "1"}]
    assert "STOCK_SHORT" in {warning["code"] for warning in payload["warnings"]}


async def test_a_warehouse_that_wants_packing_refuses_as_well(shop: Shop) -> None:
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    await shop.did("warehouseUpdate", warehouseId=shop.warehouse_ids[0], isPackRequired=True)
    assert [e["code"] for e in (await place(shop, ("apple", 1)))["userErrors"]] == ["CONTENTS_INCOMPLETE"]
    await shop.did("warehouseUpdate", warehouseId=shop.warehouse_ids[0], isPackRequired=False)
    assert (await place(shop, ("apple", 1)))["userErrors"] == []


async def test_an_order_without_goods_needs_no_note(shop: Shop) -> None:
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    payload = await place(shop, ("delivery", 1))
    assert (payload["userErrors"], payload["order"]["shipments"]) == ([], [])


async def test_a_shopper_s_placement_ships_and_bills(shop: Shop) -> None:
    """The rule is the channel's, so the caller needs no scope of a warehouse; the bill follows (X-9)."""
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    shopper = shop.shopper()
    await shop.client.did("customerCreate", "customer { id }", {"kind": "REGISTERED", "name": "Bo",
                          "email": "bo@example.com"}, shopper)  # fmt: skip
    values = {**shop.order_values(("apple", 2), then=["PLACE"])}
    del values["customerId"]
    payload = await shop.client.did("orderCreate", "order { state summary }", values, shopper)
    assert payload["order"] == {"state": "COMPLETED", "summary": "shipped, invoiced, unpaid"}


async def test_many_are_placed_at_once(shop: Shop) -> None:
    """The bulk call locks the levels of all of them first."""
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    ids = [(await shop.draft(("apple", 1), ("pear", 1)))["id"] for _ in range(3)]
    query = """mutation ($input: OrderPlaceBulkInput!) { orderPlaceBulk(input: $input) {
        userErrors { code } results { order { state } } } }"""
    entries = [{"orderId": id_, "idempotencyKey": f"place{id_}"} for id_ in ids]
    found = (await shop.query(query, input={"entries": entries, "mode": "ALL_OR_NOTHING"}))["orderPlaceBulk"]
    assert found == {"userErrors": [], "results": [{"order": {"state": "COMPLETED"}}] * 3}


async def test_what_is_paid_in_advance_waits_for_its_money(shop: Shop) -> None:
    """KH-6: a proforma order is placed and does not leave."""
    await shop.set_policy("shipmentMode", "AUTO_FINALIZE")
    draft = await shop.draft(("apple", 1), typeCode="PF")
    payload = await shop.did("orderPlace", FIELDS, orderId=draft["id"])
    assert (payload["order"]["state"], payload["order"]["shipments"]) == ("PLACED", [])
