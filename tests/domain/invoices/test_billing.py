"""billOn: an order is billed by itself when it is placed or when its goods leave (X-9, PK-6, IF-13)."""

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import issued, ship
from tests.client import Json
from tests.shop import ORDER_FIELDS, Shop


async def invoices(shop: Shop, order: Json) -> list[tuple[str, list[tuple[str, str]]]]:
    """Total and (sku, quantity) of the order's invoices, oldest first."""
    data = await shop.query(
        """query ($id: ID!) { invoices(filter: {orderId: {in: [$id]}}) {
             nodes { total { amount } items { sku quantity } } } }""",
        id=order["id"],
    )
    return [
        (one["total"]["amount"], [(item["sku"], item["quantity"]) for item in one["items"]])
        for one in reversed(data["invoices"]["nodes"])
    ]


async def test_nothing_is_billed_by_hand_only(shop: Shop) -> None:
    """MANUAL is the default."""
    order = await shop.placed(("apple", 2))
    await ship(shop, order, ("apple", 2))
    assert await invoices(shop, order) == []


async def test_bills_at_placement(shop: Shop) -> None:
    """PLACE: in the same transaction, with the events of both."""
    await shop.set_policy("billOn", "PLACE")
    draft = await shop.draft(("apple", 2), ("delivery", 1))
    payload = await shop.did("orderPlace", f"order {{ {ORDER_FIELDS} }}", orderId=draft["id"])
    assert payload["order"]["billingStatus"] == "INVOICED"
    assert {"OrderPlaced.", "InvoiceIssued."} <= {effect["message"] for effect in payload["effects"]}
    assert await invoices(shop, draft) == [("29.88", [("apple", "2"), ("delivery", "1")])]


async def test_bills_the_whole_order_at_the_first_shipment(shop: Shop) -> None:
    """SHIPMENT_FINALIZED under WHOLE_ORDER: once, however many shipments follow."""
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    order = await shop.placed(("apple", 2))
    await ship(shop, order, ("apple", 1))
    await ship(shop, order, ("apple", 1))
    assert await invoices(shop, order) == [("24", [("apple", "2")])]


async def test_bills_what_was_shipped(shop: Shop) -> None:
    """SHIPMENT_FINALIZED under BY_SELECTION: goods as they leave, the charges with the last of them."""
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 3), ("delivery", 1))
    await ship(shop, order, ("apple", 1))
    await ship(shop, order, ("apple", 2))
    assert await invoices(shop, order) == [
        ("12", [("apple", "1")]),
        ("29.88", [("apple", "2"), ("delivery", "1")]),
    ]
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"


async def test_goods_leave_although_a_discount_exceeds_them(shop: Shop) -> None:
    """A total below zero cannot be billed; the shipment goes and billing waits for a person."""
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    await shop.set_policy("billingScope", "BY_SELECTION")
    await shop.add_product("coupon", "-15.00", kind="DISCOUNT", isStocked=False)
    order = await shop.placed(("apple", 2), ("coupon", 1))
    await ship(shop, order, ("apple", 1))
    shipped = await ship(shop, order, ("apple", 1))
    assert shipped["shipment"]["state"] == "FINALIZED"
    assert await invoices(shop, order) == [("12", [("apple", "1")])]


@pytest.mark.parametrize(("scope", "first", "second"), [("WHOLE_ORDER", "120", None), ("PER_SHIPMENT", "48", "72")])
async def test_whole_order_or_per_shipment(
    shop: Shop, database: Database, scope: str, first: str, second: str | None
) -> None:
    """X-1, IF-14, BA-55: a pair that differs by the setting; per shipment only what has left is billed."""
    await shop.set_policy("billingScope", scope)
    order = await shop.placed(("apple", 10))
    values = {"orderId": order["id"]}
    if scope == "PER_SHIPMENT":
        assert await shop.refused("invoiceIssue", **values) == ["NOTHING_TO_BILL"]
    await ship(shop, order, ("apple", 4))
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "1"}]
    assert await shop.refused("invoiceIssue", **values, items=lines) == ["BILLING_SCOPE"]
    assert (await issued(shop, order["id"]))["total"]["amount"] == first
    await ship(shop, order, ("apple", 6))
    if second is None:
        assert await shop.refused("invoiceIssue", **values) == ["NOTHING_TO_BILL"]
    else:
        assert (await issued(shop, order["id"]))["total"]["amount"] == second
    assert (await shop.order(order["id"]))["summary"] == "shipped, invoiced, unpaid"
    assert await verify(database, shop.company) == []


async def test_each_shipment_is_billed_by_itself(shop: Shop, database: Database) -> None:
    """billOn SHIPMENT_FINALIZED with PER_SHIPMENT: charges come with the last goods."""
    await shop.set_policy("billingScope", "PER_SHIPMENT")
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    order = await shop.placed(("apple", 2), ("delivery", 1))
    await ship(shop, order, ("apple", 1))
    await ship(shop, order, ("apple", 1))
    data = await shop.query(
        "query ($id: ID!) { order(by: {id: $id}) { invoices { total { amount } } } }", id=order["id"]
    )
    assert [invoice["total"]["amount"] for invoice in data["order"]["invoices"]] == ["12", "17.88"]
    assert await verify(database, shop.company) == []
