"""orderClose: the explicit end of an order that is done, billed and paid (BA-42)."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import issued, paid
from tests.bulk.calls import done
from tests.domain.orders.test_acknowledge import blockers, events
from tests.domain.orders.test_item_cancel import shipped
from tests.shop import Shop

FIELDS = "order { state summary closedAt }"


async def test_what_is_not_billed_or_not_paid_stands_in_the_way(shop: Shop, database: Database) -> None:
    """DOCUMENTS_OPEN, told beforehand (N-1)."""
    order = await shop.placed(("apple", 10))
    assert await shop.refused("orderClose", orderId=order["id"]) == ["INVALID_TRANSITION"]
    await shipped(shop, order, "10", "BOOK", "FINALIZE")
    assert await blockers(shop, order["id"], "orderClose") == ["DOCUMENTS_OPEN"]
    assert await shop.refused("orderClose", orderId=order["id"]) == ["DOCUMENTS_OPEN"]
    invoice = await issued(shop, order["id"])
    await paid(shop, invoice["id"], "119.99")
    assert await shop.refused("orderClose", orderId=order["id"]) == ["DOCUMENTS_OPEN"]
    await paid(shop, invoice["id"], "0.01")
    payload = await shop.did("orderClose", FIELDS, orderId=order["id"])
    assert (payload["order"]["state"], payload["order"]["summary"]) == ("CLOSED", "closed, shipped, invoiced, paid")
    assert payload["order"]["closedAt"] is not None
    assert events(payload) == ["OrderClosed."]
    assert await verify(database, shop.company) == []


async def test_after_the_end_it_is_credited_but_not_billed_again(shop: Shop, database: Database) -> None:
    order = await shop.placed(("apple", 2), ("delivery", 1))
    await shipped(shop, order, "2", "BOOK", "FINALIZE")
    invoice = await issued(shop, order["id"])
    await paid(shop, invoice["id"], "29.88")
    await shop.did("orderClose", orderId=order["id"])
    data = await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { items { id } } }", id=invoice["id"])
    items = [{"invoiceItemId": data["invoice"]["items"][1]["id"], "quantity": "1"}]
    again = {"items": items, "cause": "PRICE_CORRECTION", "reopenBilling": True}
    assert await shop.refused("creditMemoIssue", **again) == ["INVALID_TRANSITION"]
    await shop.did("creditMemoIssue", **{**again, "reopenBilling": False})
    found = await shop.order(order["id"])
    assert (found["state"], found["summary"]) == ("CLOSED", "closed, shipped, invoiced, paid, partly credited")
    tenders = [{"method": "CASH", "amount": "5"}]
    values = {"customerId": shop.customer_id, "kind": "ADVANCE", "orderId": order["id"], "tenders": tenders}
    assert await shop.refused("paymentRecord", **values) == ["INVALID_TRANSITION"]
    assert await verify(database, shop.company) == []


async def test_many_are_closed_at_once(shop: Shop) -> None:
    """C-51."""
    steps = ["PLACE", "SHIP", "BILL"]
    entries = [{"orderId": await shop.order_id(("apple", 1), paymentMethod="CASH", then=steps)} for _ in range(3)]
    results = await done(shop, "orderClose", entries, "order { summary }")
    assert [one["order"]["summary"] for one in results] == ["closed, shipped, cash-saled, paid"] * 3
