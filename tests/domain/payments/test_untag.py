"""Advances of an order that is gone go back to the customer's account (BA-47, domain.md 4, order header)."""

from tests.bills import advanced, issued
from tests.client import Json
from tests.shop import Shop


async def payment(shop: Shop, id_: str) -> Json:
    """A payment as it stands."""
    query = "query ($id: ID!) { payment(by: {id: $id}) { order { id } unallocated { amount } version } }"
    data = await shop.query(query, id=id_)
    found: Json = data["payment"]
    return found


async def test_a_cancelled_order_loses_its_advances(shop: Shop) -> None:
    """ADVANCE_LEFT tells what stays on account; the money can be used elsewhere at once."""
    order = await shop.placed(("apple", 10))
    tagged = await advanced(shop, "50", orderId=order["id"])
    assert (await payment(shop, tagged["id"]))["order"] == {"id": order["id"]}
    payload = await shop.did("orderCancel", orderId=order["id"], reason="changed mind")
    assert [warning["code"] for warning in payload["warnings"]] == ["ADVANCE_LEFT"]
    assert await payment(shop, tagged["id"]) == {"order": None, "unallocated": {"amount": "50"}, "version": 2}
    after = await shop.order(order["id"])
    assert (after["outstanding"]["amount"], after["paid"]["amount"], after["paymentStatus"]) == ("0", "0", "PAID")
    invoice = await issued(shop, (await shop.placed(("apple", 10)))["id"])
    await shop.did("paymentAllocate", paymentId=tagged["id"], targets=[{"invoiceId": invoice["id"]}])


async def test_an_order_without_advances_is_cancelled_without_a_word(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await advanced(shop, "50")
    payload = await shop.did("orderCancel", orderId=order["id"], reason="changed mind")
    assert payload["warnings"] == []


async def test_a_deleted_draft_loses_its_advances(shop: Shop) -> None:
    draft = await shop.draft(("apple", 1))
    tagged = await advanced(shop, "12", orderId=draft["id"])
    await shop.did("orderDelete", orderId=draft["id"])
    assert (await payment(shop, tagged["id"]))["order"] is None
