"""Unbooking, deleting, cancelling: what can be taken back before the goods leave (BA-31, BA-34, X-28)."""

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from tests.client import Json
from tests.shipping import SHIPMENT, drafted, lines, moved, packed, read
from tests.shop import Shop
from tests.stockroom import add_method, allocations, set_aside


async def test_unbooked_goods_stay_set_aside_and_the_number_stays(shop: Shop) -> None:
    """BOOKED → OPEN: booked becomes allocated in the same place."""
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "BOOK")
    (booked,) = await allocations(shop, order["id"], "BOOKED")
    assert (booked["level"]["allocated"], booked["level"]["booked"]) == ("0", "10")
    payload = await shop.did("shipmentUnbook", SHIPMENT, shipmentId=shipment["id"])
    after = payload["shipment"]
    assert (after["state"], after["number"], after["bookedAt"]) == ("OPEN", "DN-000001", None)
    assert sorted(e["message"] for e in payload["effects"] if "Quantity" in e["__typename"]) == [
        "apple (item 1) allocated +10.", "apple (item 1) booked -10.",
    ]  # fmt: skip
    (row,) = await allocations(shop, order["id"])
    assert (row["id"], row["level"]["allocated"], row["level"]["booked"]) == (booked["id"], "10", "0")
    again = await moved(shop, "Book", shipment)
    assert (again["state"], again["number"]) == ("BOOKED", "DN-000001")
    await moved(shop, "Finalize", shipment)
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"


async def test_unbooking_lets_the_order_be_cancelled(shop: Shop) -> None:
    """The hint of ALREADY_BOOKED names a way that works."""
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "BOOK")
    assert await shop.refused("orderCancel", orderId=order["id"], reason="no") == ["ALREADY_BOOKED"]
    await moved(shop, "Unbook", shipment)
    await moved(shop, "Cancel", shipment, reason="not today")
    await shop.did("orderCancel", orderId=order["id"], reason="no")
    assert await set_aside(shop, order["id"]) == []


async def test_what_others_send_is_unbooked_without_stock(shop: Shop) -> None:
    shop.warehouse_ids.append(await add_method(shop, "DROP"))
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("sofa", 1))
    shipment = await drafted(shop, order, "BOOK", warehouse=2)
    payload = await shop.did("shipmentUnbook", SHIPMENT, shipmentId=shipment["id"])
    assert "StockMovementEffect" not in {effect["__typename"] for effect in payload["effects"]}
    assert await set_aside(shop, order["id"]) == [(shop.warehouse_ids[2], "1")]


async def test_only_the_shipment_s_own_goods_are_unbooked(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    first = await drafted(shop, order, "BOOK", items=lines((apple, 4)))
    second = await drafted(shop, order, "BOOK", items=lines((apple, 6)))
    await moved(shop, "Unbook", first)
    assert [row["quantity"] for row in await allocations(shop, order["id"])] == ["4"]
    assert [row["quantity"] for row in await allocations(shop, order["id"], "BOOKED")] == ["6"]
    await moved(shop, "Finalize", second)


async def test_a_draft_without_a_number_is_thrown_away(shop: Shop) -> None:
    """BA-31: it is shown to nobody, and its lines are free for another note."""
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    shipment = await drafted(shop, order)
    await packed(shop, shipment, (apple, 4))
    payload = await shop.did("shipmentDelete", f"{SHIPMENT} order {{ packStatus }}", shipmentId=shipment["id"])
    assert (payload["shipment"], payload["order"]) == (None, {"packStatus": "NONE"})
    assert await read(shop, shipment["id"]) is None
    data = await shop.query("{ shipments { nodes { id } } }")
    assert data["shipments"]["nodes"] == []
    assert await shop.refused("shipmentBook", shipmentId=shipment["id"]) == ["NOT_FOUND"]
    assert (await drafted(shop, order, "BOOK"))["number"] == "DN-000001"


async def test_what_has_its_number_is_cancelled_and_not_deleted(shop: Shop, database: Database) -> None:
    """X-28: the number stays with the note, and the series stays unbroken."""
    order = await shop.placed(("apple", 10))
    (apple,) = order["items"]
    shipment = await drafted(shop, order, "BOOK")
    await packed(shop, shipment, (apple, 4))
    why = {"reason": "not today"}
    for verb, more in (("Delete", {}), ("Cancel", why)):
        assert await shop.refused(f"shipment{verb}", shipmentId=shipment["id"], **more) == ["INVALID_TRANSITION"]
    await moved(shop, "Unbook", shipment)
    assert await shop.refused("shipmentDelete", shipmentId=shipment["id"]) == ["NUMBER_TAKEN"]
    assert await shop.refused("shipmentCancel", shipmentId=shipment["id"], reason=" ") == ["REASON_REQUIRED"]
    after = await moved(shop, "Cancel", shipment, **why)
    assert (after["state"], after["number"], after["cancelReason"]) == ("CANCELLED", "DN-000001", "not today")
    assert after["cancelledAt"] is not None
    assert [package["items"] for package in after["packages"]] == [lines((apple, 4))]
    order = await shop.order(order["id"])
    assert order["summary"] == "allocated, unbilled, unpaid"
    assert (await drafted(shop, order, "BOOK", "FINALIZE"))["number"] == "DN-000002"
    rows = await database.read(
        text("SELECT packed_quantity FROM order_items WHERE order_id = (SELECT id FROM orders WHERE company_id = :c)"),
        {"c": shop.company},
    )
    assert [row.packed_quantity for row in rows] == [0]


async def test_a_draft_without_a_number_is_not_cancelled(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order)
    query = "query ($id: ID!) { shipment(by: {id: $id}) { availableTransitions { name blockers { code } } } }"
    told = {
        one["name"]: [blocker["code"] for blocker in one["blockers"]]
        for one in (await shop.query(query, id=shipment["id"]))["shipment"]["availableTransitions"]
    }
    assert (told["shipmentCancel"], told["shipmentDelete"]) == (["INVALID_TRANSITION"], [])
    assert await shop.refused("shipmentCancel", shipmentId=shipment["id"], reason="not today") == ["INVALID_TRANSITION"]
    await moved(shop, "Delete", shipment)


@pytest.mark.parametrize("state", ["FINALIZED", "DELIVERED"])
async def test_goods_that_have_left_do_not_come_back_this_way(state: str, shop: Shop) -> None:
    """BA-36."""
    order = await shop.placed(("apple", 10))
    shipment = await drafted(shop, order, "FINALIZE")
    if state == "DELIVERED":
        await moved(shop, "Deliver", shipment)
    call: Json = {"shipmentId": shipment["id"]}
    for verb in ("Unbook", "Delete", "Cancel", "Book", "Finalize"):
        more = {"reason": "not today"} if verb == "Cancel" else {}
        assert await shop.refused(f"shipment{verb}", **call, **more) == ["INVALID_TRANSITION"]
    assert await shop.refused("shipmentUpdate", **call, carrier="DHL") == ["INVALID_TRANSITION"]
    assert await shop.refused("shipmentPackageAdd", **call) == ["INVALID_TRANSITION"]
    assert (await read(shop, shipment["id"]))["state"] == state


async def test_many_are_unbooked_and_delivered_at_once(shop: Shop) -> None:
    """api.md 5: what a list view offers."""
    ids = [(await drafted(shop, await shop.placed(("apple", 1)), "BOOK"))["id"] for _ in range(3)]
    for name, then in (("shipmentUnbookBulk", "OPEN"), ("shipmentBookBulk", "BOOKED"),
                       ("shipmentFinalizeBulk", "FINALIZED"), ("shipmentDeliverBulk", "DELIVERED")):  # fmt: skip
        query = f"""mutation ($input: {name[0].upper() + name[1:]}Input!) {{ {name}(input: $input) {{
            userErrors {{ code }} results {{ shipment {{ state }} userErrors {{ code }} }} }} }}"""
        entries = [{"shipmentId": id_, "idempotencyKey": f"{name}{id_}"} for id_ in ids]
        found = (await shop.query(query, input={"entries": entries, "mode": "ALL_OR_NOTHING"}))[name]
        assert [result["shipment"]["state"] for result in found["results"]] == [then] * 3
