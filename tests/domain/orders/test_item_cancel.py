"""orderItemCancel: quantities taken back at any stage, with a note after the lock (KS-16, X-5, X-19, C-29)."""

from decimal import Decimal

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.client import Json
from tests.domain.orders.test_acknowledge import blockers, events
from tests.domain.orders.test_cancel import availability
from tests.shop import ORDER, Shop, money

NOTES = "order { cancellationNotes { number reason requestedBy items { orderItemId quantity } } }"


def quantities(order: Json, position: int = 1) -> dict[str, Decimal]:
    """The buckets of an item."""
    item = order["items"][position - 1]
    return {name: Decimal(item[f"{name}Quantity"]) for name in ("cancelled", "committed", "allocated", "open")}


async def cancel(shop: Shop, order: Json, *amounts: str | None, fields: str = ORDER, **values: object) -> Json:
    """The payload after cancelling amounts of the items in their order; None leaves an item out."""
    items = [
        {"orderItemId": item["id"], "quantity": amount}
        for item, amount in zip(order["items"], amounts, strict=False)
        if amount is not None
    ]
    return await shop.did(
        "orderItemCancel", fields, **{"orderId": order["id"], "items": items, "reason": "x", **values}
    )


async def refusals(shop: Shop, order: Json, *amounts: str, **values: object) -> list[str]:
    """The codes with which it is refused."""
    items = [
        {"orderItemId": item["id"], "quantity": amount} for item, amount in zip(order["items"], amounts, strict=False)
    ]
    return await shop.refused("orderItemCancel", **{"orderId": order["id"], "items": items, "reason": "x", **values})


async def shipped(shop: Shop, order: Json, quantity: str, *then: str) -> str:
    """Id of a shipment of the first item."""
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": quantity}]
    made = await shop.did(
        "shipmentCreate", "shipment { id }", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines,
        then=list(then),
    )  # fmt: skip
    id_: str = made["shipment"]["id"]
    return id_


async def test_promises_are_given_up_from_the_loosest_to_the_firmest(shop: Shop, database: Database) -> None:
    """Domain.md 4: uncommitted first, then committed, then allocated; all of it is given back."""
    await shop.set_policy("commitShortage", "COMMIT_PARTIAL")
    order = await shop.placed(("apple", 60))
    await shop.did("allocationCreate", orderId=order["id"])
    order = await shop.order(order["id"])
    assert quantities(order) == {"cancelled": 0, "committed": 50, "allocated": 50, "open": 60}
    after = (await cancel(shop, order, "7"))["order"]
    assert quantities(after) == {"cancelled": 7, "committed": 50, "allocated": 50, "open": 53}
    after = (await cancel(shop, order, "5"))["order"]
    assert quantities(after) == {"cancelled": 12, "committed": 48, "allocated": 48, "open": 48}
    assert await availability(shop, "apple") == "2"
    assert sorted((row["state"], row["quantity"]) for row in after["allocations"]) == [
        ("ALLOCATED", "48"),
        ("RELEASED", "2"),
    ]
    assert await verify(database, shop.company) == []


async def test_what_is_promised_goes_before_what_is_set_aside(shop: Shop, database: Database) -> None:
    order = await shop.placed(("apple", 10))
    await shipped(shop, order, "4", "BOOK")
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["BOOK"])
    assert await blockers(shop, order["id"], "orderItemCancel") == ["ALREADY_BOOKED"]
    other = await shop.placed(("apple", 10))
    await shipped(shop, other, "4", "BOOK")
    assert quantities(await shop.order(other["id"])) == {"cancelled": 0, "committed": 10, "allocated": 0, "open": 10}
    assert await refusals(shop, other, "7") == ["QUANTITY_NOT_OPEN"]
    after = (await cancel(shop, other, "6"))["order"]
    assert quantities(after) == {"cancelled": 6, "committed": 4, "allocated": 0, "open": 4}
    assert await availability(shop, "apple") == "36"
    assert await verify(database, shop.company) == []


async def test_the_newest_allocations_are_given_back_first(shop: Shop, database: Database) -> None:
    await shop.receive("apple", 10, warehouse=1)
    order = await shop.placed(("apple", 55))
    await shop.did("allocationCreate", orderId=order["id"])
    after = (await cancel(shop, order, "7"))["order"]
    standing = [(row["warehouseId"], row["quantity"]) for row in after["allocations"] if row["state"] == "ALLOCATED"]
    assert standing == [(shop.warehouse_ids[0], "48")]
    assert await verify(database, shop.company) == []


async def test_before_the_lock_there_is_no_note_and_after_it_there_is(shop: Shop, database: Database) -> None:
    """KS-16, X-5 ACKNOWLEDGE: a number of a series of its own, and what was taken back by whom."""
    order = await shop.placed(("apple", 10), ("pear", 2))
    payload = await cancel(shop, order, "1", fields=NOTES)
    assert payload["order"]["cancellationNotes"] == []
    await shop.did("orderAcknowledge", orderId=order["id"])
    assert (await shop.query(LOCKED, id=order["id"]))["order"]["isLocked"] is True
    payload = await cancel(shop, order, "2", "1", fields=NOTES, reason="too many", requestedBy="Ada")
    (note,) = payload["order"]["cancellationNotes"]
    assert (note["number"], note["reason"], note["requestedBy"]) == ("CAN-000001", "too many", "Ada")
    assert {item["orderItemId"]: item["quantity"] for item in note["items"]} == {
        order["items"][0]["id"]: "2",
        order["items"][1]["id"]: "1",
    }
    assert {"__typename": "NumberEffect", "message": "CANCELLATION_NOTE CAN-000001."} in payload["effects"]
    await cancel(shop, order, "1")
    audit = await shop.query(AUDIT)
    assert audit == {"numberSeriesAudit": {"lastValue": 2, "findings": []}}
    assert await verify(database, shop.company) == []


LOCKED = "query ($id: ID!) { order(by: {id: $id}) { isLocked items { lockedQuantity } } }"
AUDIT = "{ numberSeriesAudit(series: CANCELLATION_NOTE) { lastValue findings { kind } } }"


@pytest.mark.parametrize(("lock_at", "acknowledged", "booked"), [("PACK", 0, 1), ("NONE", 0, 0), ("ACKNOWLEDGE", 1, 1)])
async def test_where_the_lock_falls_decides_on_the_note(
    lock_at: str, acknowledged: int, booked: int, shop: Shop
) -> None:
    """X-5: the same steps under three settings; PACK locks the item that is on a packing slip (KS-15)."""
    await shop.set_policy("lockAt", lock_at)
    order = await shop.placed(("apple", 10), ("pear", 5))
    await shop.set_policy("lockAt", "NONE" if lock_at != "NONE" else "PACK")
    await shop.did("orderAcknowledge", orderId=order["id"])
    payload = await cancel(shop, order, "1", fields=NOTES)
    assert len(payload["order"]["cancellationNotes"]) == acknowledged
    await shipped(shop, order, "4", "BOOK")
    found = (await shop.query(LOCKED, id=order["id"]))["order"]
    assert (found["isLocked"], found["items"][0]["lockedQuantity"]) == (lock_at == "ACKNOWLEDGE", "4")
    payload = await cancel(shop, order, "1", fields=NOTES)
    assert len(payload["order"]["cancellationNotes"]) == acknowledged + booked
    payload = await cancel(shop, order, None, "1", fields=NOTES)
    others = 1 if lock_at == "ACKNOWLEDGE" else 0
    assert len(payload["order"]["cancellationNotes"]) == acknowledged + booked + others


async def test_an_order_of_which_nothing_is_left_is_cancelled(shop: Shop) -> None:
    """Nothing shipped, nothing billed, nothing left; its advances go back on account (BA-47)."""
    order = await shop.placed(("apple", 2), ("delivery", 1))
    await shop.did(
        "paymentRecord", customerId=shop.customer_id, kind="ADVANCE", currencyCode="EUR", orderId=order["id"],
        tenders=[{"method": "CASH", "amount": "5"}],
    )  # fmt: skip
    assert (await cancel(shop, order, "2"))["order"]["state"] == "PLACED"
    payload = await cancel(shop, order, None, "1", fields="order { state summary cancelReason }", reason="all gone")
    assert payload["order"] == {"state": "CANCELLED", "summary": "cancelled, paid", "cancelReason": "all gone"}
    assert events(payload) == ["OrderItemCancelled.", "OrderCancelled."]
    assert [warning["code"] for warning in payload["warnings"]] == ["ADVANCE_LEFT"]


async def test_an_order_that_was_begun_completes_instead(shop: Shop) -> None:
    """KS-12: every item is shipped or cancelled."""
    order = await shop.placed(("apple", 10), ("delivery", 1))
    await shipped(shop, order, "4", "BOOK", "FINALIZE")
    assert await refusals(shop, order, "7") == ["QUANTITY_NOT_OPEN"]
    assert (await cancel(shop, order, "6"))["order"]["state"] == "PLACED"
    after = (await cancel(shop, order, None, "1"))["order"]
    assert (after["state"], after["summary"]) == ("COMPLETED", "shipped, unbilled, unpaid")
    assert money(after["due"]) == 48
    await shop.did("invoiceIssue", orderId=order["id"])
    assert money((await shop.order(order["id"]))["due"]) == 48


async def test_billed_goods_may_be_cancelled_with_a_warning(shop: Shop, database: Database) -> None:
    """Domain.md 4: CREDIT_REQUIRED; what is no goods is open only until it is billed, so it is credited first."""
    order = await shop.placed(("apple", 10), ("delivery", 1))
    await shop.did("invoiceIssue", orderId=order["id"])
    assert await refusals(shop, {**order, "items": [order["items"][1]]}, "1") == ["QUANTITY_NOT_OPEN"]
    payload = await cancel(shop, order, "4")
    assert [warning["code"] for warning in payload["warnings"]] == ["CREDIT_REQUIRED"]
    after = payload["order"]
    assert (after["billingStatus"], money(after["due"])) == ("INVOICED", Decimal("125.88"))
    assert await verify(database, shop.company) == []


async def test_the_rest_keeps_its_amounts(shop: Shop) -> None:
    """C-29, L4: nothing is spread anew; what is billed in the end and what was cancelled sum to the order."""
    await shop.add_product("voucher", "-3.33", kind="DISCOUNT", isStocked=False)
    await shop.add_product("plum", "0.333", stock=30)
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 10), ("plum", 10), ("voucher", 1))
    before = [(item["net"], item["tax"], item["gross"]) for item in order["items"]]
    after = (await cancel(shop, order, "4", "3"))["order"]
    assert [(item["net"], item["tax"], item["gross"]) for item in after["items"]] == before
    assert (money(after["total"]), money(after["due"])) == (Decimal("120.00"), Decimal("70.80"))
    lines = [{"orderItemId": order["items"][1]["id"], "quantity": "2"}]
    await shop.did("invoiceIssue", orderId=order["id"], items=lines)
    assert money((await shop.order(order["id"]))["due"]) == Decimal("70.80")
    await shop.did("invoiceIssue", orderId=order["id"])
    billed = await shop.order(order["id"])
    assert (billed["billingStatus"], money(billed["due"])) == ("INVOICED", Decimal("70.80"))


async def test_a_discount_never_exceeds_what_is_left(shop: Shop) -> None:
    await shop.add_product("voucher", "-10.00", kind="DISCOUNT", isStocked=False)
    order = await shop.placed(("apple", 2), ("voucher", 1))
    assert await refusals(shop, order, "2") == ["INVALID_AMOUNT"]
    assert (await cancel(shop, order, "2", "1"))["order"]["state"] == "CANCELLED"


async def test_bad_input_is_told_line_by_line_and_nothing_is_done(shop: Shop) -> None:
    order = await shop.placed(("apple", 10), ("pear", 2))
    assert await refusals(shop, order, "11", "0.5") == ["QUANTITY_NOT_OPEN", "INVALID_QUANTITY"]
    assert await refusals(shop, {**order, "items": [order["items"][0]] * 2}, "6", "5") == ["QUANTITY_NOT_OPEN"]
    assert await refusals(shop, order, "1", reason=" ") == ["REASON_REQUIRED"]
    assert await refusals(shop, order) == ["NO_ITEMS"]
    foreign = await shop.placed(("apple", 1))
    assert await refusals(shop, {**order, "items": foreign["items"]}, "1") == ["NOT_FOUND"]
    assert await shop.order(order["id"]) == order
    await cancel(shop, order, "10", "2")


async def test_drop_shipped_goods_are_cancelled_without_stock(shop: Shop) -> None:
    await shop.add_product("sofa", "100.00", isStocked=False)
    order = await shop.placed(("sofa", 3))
    after = (await cancel(shop, order, "1"))["order"]
    assert quantities(after) == {"cancelled": 1, "committed": 2, "allocated": 0, "open": 2}


@pytest.mark.parametrize(("lock_at", "notes"), [("ACKNOWLEDGE", 1), ("NONE", 0)])
async def test_cancelling_the_whole_order_leaves_a_note_after_the_lock(lock_at: str, notes: int, shop: Shop) -> None:
    """Domain.md 4, orderCancel: the note is of the same series, and names what was still wanted."""
    await shop.set_policy("lockAt", lock_at)
    order = await shop.placed(("apple", 10), ("delivery", 1))
    await cancel(shop, order, "4")
    await shop.did("orderAcknowledge", orderId=order["id"])
    payload = await shop.did("orderCancel", NOTES, orderId=order["id"], reason="all wrong")
    found = payload["order"]["cancellationNotes"]
    assert len(found) == notes
    assert [item["quantity"] for note in found for item in note["items"]] == ["6", "1"][: 2 * notes]
