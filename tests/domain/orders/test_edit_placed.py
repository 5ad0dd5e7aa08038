"""Editing placed orders: until they lock, with promises, tax and amounts that follow (BA-9, BA-84, X-5, C-24)."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.ids import decode_id
from tests.client import Json
from tests.domain.orders.test_acknowledge import blockers
from tests.domain.orders.test_cancel import availability
from tests.domain.orders.test_item_cancel import cancel, shipped
from tests.shop import ADDRESS, ORDER, Shop, money

ABROAD = {**ADDRESS, "countryCode": "AT", "city": "Wien"}
EDITS = [
    "orderItemAdd",
    "orderItemUpdate",
    "orderSetAddresses",
    "orderSetCustomer",
    "orderSetDate",
    "orderSetWarehouse",
]


async def edits(shop: Shop, order: Json) -> dict[str, Json]:
    """One edit by each verb, which a placed order takes until something is in the way."""
    made = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    values: dict[str, Json] = {
        "orderItemAdd": {"items": [{"sku": "pear", "quantity": "1"}]},
        "orderItemUpdate": {"orderItemId": order["items"][0]["id"], "quantity": "12"},
        "orderSetAddresses": {"shippingAddress": {**ADDRESS, "city": "Hamburg"}},
        "orderSetCustomer": {"customerId": made["customer"]["id"]},
        "orderSetDate": {"documentDate": "2026-01-02"},
        "orderSetWarehouse": {"warehouseId": shop.warehouse_ids[1]},
    }
    return {name: {"orderId": order["id"], **one} for name, one in values.items()}


async def told(shop: Shop, order: Json, **more: Json) -> dict[str, list[str]]:
    """The codes with which each edit is refused, tried without effect; told beforehand where no argument matters."""
    found = {}
    for name, values in (await edits(shop, order)).items():
        payload = await shop.client.mutate(name, "", {**values, **more.get(name, {}), "dryRun": True}, shop.staff)
        found[name] = [error["code"] for error in payload["userErrors"]]
        if name != "orderItemUpdate":
            assert await blockers(shop, order["id"], name) == found[name]
    return found


FREE: dict[str, list[str]] = {name: [] for name in EDITS}


@pytest.mark.parametrize("lock_at", ["ACKNOWLEDGE", "PACK", "NONE"])
async def test_where_the_lock_falls(lock_at: str, shop: Shop) -> None:
    """X-5: the same steps under three settings, which a change of the setting afterwards does not touch."""
    await shop.set_policy("lockAt", lock_at)
    order = await shop.placed(("apple", 10), ("pear", 5))
    await shop.set_policy("lockAt", "ACKNOWLEDGE" if lock_at == "NONE" else "NONE")
    assert await told(shop, order) == FREE
    await shipped(shop, order, "4", "BOOK")
    booked = ["ALREADY_BOOKED"]
    moved = {**FREE, "orderSetAddresses": booked, "orderSetCustomer": booked}
    assert await told(shop, order) == {**moved, "orderItemUpdate": ["ITEM_LOCKED"] if lock_at == "PACK" else []}
    few = {"orderItemUpdate": {"quantity": "3"}}
    assert (await told(shop, order, **few))["orderItemUpdate"] == ["ITEM_LOCKED"]
    other = {"orderItemUpdate": {"orderItemId": order["items"][1]["id"], "quantity": "6"}}
    assert (await told(shop, order, **other))["orderItemUpdate"] == []
    await shop.did("orderAcknowledge", orderId=order["id"])
    locked = {name: ["ORDER_LOCKED", *codes] for name, codes in moved.items()}
    assert (await told(shop, order, **other)) == (locked if lock_at == "ACKNOWLEDGE" else moved)


async def test_shoppers_edit_drafts_only(shop: Shop) -> None:
    """Domain.md 8: a placed order is changed by the shop."""
    shopper = shop.shopper()
    await shop.client.did("customerCreate", "", {"name": "Ada", "email": "ada@example.com"}, shopper)
    values = {**shop.order_values(("apple", 1)), "customerId": None}
    order = (await shop.client.did("orderCreate", "order { id items { id } }", values, shopper))["order"]
    change = {"orderId": order["id"], "orderItemId": order["items"][0]["id"], "quantity": "2"}
    await shop.client.did("orderItemUpdate", "", change, shopper)
    await shop.client.did("orderPlace", "", {"orderId": order["id"]}, shopper)
    assert await shop.client.refused("orderItemUpdate", {**change, "quantity": "3"}, shopper) == ["ORDER_LOCKED"]
    await shop.did("orderItemUpdate", **{**change, "quantity": "3"})


async def test_promises_follow_the_difference(shop: Shop, database: Database) -> None:
    """Domain.md 4: more is promised or refused as at placement, less is given back."""
    order = await shop.placed(("apple", 10), ("pear", 5))
    values = {"orderId": order["id"], "orderItemId": order["items"][0]["id"]}
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="50"))["order"]
    assert (after["items"][0]["committedQuantity"], money(after["total"])) == ("50", Decimal("615.00"))
    assert await availability(shop, "apple") == "0"
    assert await shop.refused("orderItemUpdate", **values, quantity="51") == ["INSUFFICIENT_STOCK"]
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="7"))["order"]
    assert after["items"][0]["committedQuantity"] == "7"
    assert await availability(shop, "apple") == "43"
    items = [{"sku": "apple", "quantity": "40"}, {"sku": "apple", "quantity": "4"}]
    assert await shop.refused("orderItemAdd", orderId=order["id"], items=items) == ["INSUFFICIENT_STOCK"]
    items[1]["quantity"] = "3"
    after = (await shop.did("orderItemAdd", ORDER, orderId=order["id"], items=items))["order"]
    assert [item["committedQuantity"] for item in after["items"]] == ["7", "5", "40", "3"]
    assert await verify(database, shop.company) == []


async def test_under_commit_partial_the_rest_stays_open(shop: Shop, database: Database) -> None:
    """X-4: the pair to the refusal above; what was short before stays as it was."""
    await shop.set_policy("commitShortage", "COMMIT_PARTIAL")
    order = await shop.placed(("apple", 55), ("pear", 45))
    payload = await shop.did(
        "orderItemUpdate", ORDER, orderId=order["id"], orderItemId=order["items"][1]["id"], quantity="52"
    )
    assert [warning["code"] for warning in payload["warnings"]] == ["STOCK_SHORT"]
    assert [item["committedQuantity"] for item in payload["order"]["items"]] == ["50", "50"]
    payload = await shop.did(
        "orderItemUpdate", ORDER, orderId=order["id"], orderItemId=order["items"][1]["id"], quantity="51"
    )
    assert payload["order"]["items"][1]["committedQuantity"] == "50", "what was not promised goes first"
    assert await verify(database, shop.company) == []


async def test_what_is_promised_later_is_not_promised_by_an_edit(shop: Shop) -> None:
    """X-3 ACKNOWLEDGE: neither promised nor refused before the acknowledgement."""
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    await shop.set_policy("lockAt", "NONE")
    order = await shop.placed(("apple", 10))
    values = {"orderId": order["id"], "orderItemId": order["items"][0]["id"]}
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="60"))["order"]
    assert after["items"][0]["committedQuantity"] == "0"
    await shop.did("orderItemUpdate", **values, quantity="20")
    await shop.did("orderAcknowledge", orderId=order["id"])
    assert await shop.refused("orderItemUpdate", **values, quantity="60") == ["INSUFFICIENT_STOCK"]
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="21"))["order"]
    assert after["items"][0]["committedQuantity"] == "21"


async def test_what_is_set_aside_at_placement_is_set_aside_by_an_edit(shop: Shop, database: Database) -> None:
    """X-3, KH-4."""
    await shop.set_policy("allocateOn", "PLACE")
    order = await shop.placed(("apple", 10))
    items = [{"sku": "pear", "quantity": "3"}]
    after = (await shop.did("orderItemAdd", ORDER, orderId=order["id"], items=items))["order"]
    assert [item["allocatedQuantity"] for item in after["items"]] == ["10", "3"]
    values = {"orderId": order["id"], "orderItemId": order["items"][0]["id"]}
    assert await shop.refused("orderItemUpdate", **values, quantity="9") == ["STOCK_ALLOCATED"]
    await shop.did("allocationRelease", orderId=order["id"])
    await shop.did("orderItemUpdate", **values, quantity="9")
    assert await verify(database, shop.company) == []


async def test_a_quantity_never_falls_below_what_became_of_it(shop: Shop, database: Database) -> None:
    """Set aside, booked, gone, cancelled: each has its own word, and its own way out."""
    await shop.set_policy("lockAt", "NONE")
    order = await shop.placed(("apple", 10))
    values = {"orderId": order["id"], "orderItemId": order["items"][0]["id"]}
    await shipped(shop, order, "2", "BOOK", "FINALIZE")
    await shipped(shop, order, "1", "BOOK")
    await cancel(shop, order, "1")
    await shop.did("allocationCreate", orderId=order["id"])
    await shop.did("allocationRelease", orderId=order["id"], lines=[{**line(order), "quantity": "5"}])
    assert await shop.refused("orderItemUpdate", **values, quantity="1") == ["INVALID_QUANTITY"]
    assert await shop.refused("orderItemUpdate", **values, quantity="3") == ["ITEM_LOCKED"]
    assert await shop.refused("orderItemUpdate", **values, quantity="4") == ["STOCK_ALLOCATED"]
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="5"))["order"]
    item = after["items"][0]
    assert (item["openQuantity"], item["committedQuantity"], item["allocatedQuantity"]) == ("2", "2", "1")
    assert await verify(database, shop.company) == []


def line(order: Json) -> Json:
    """Names the first item."""
    return {"orderItemId": order["items"][0]["id"]}


async def test_what_is_billed_stays_as_it_is_and_the_rest_sums_up(shop: Shop, database: Database) -> None:
    """C-26, L4: under DOCUMENT_PER_RATE a new line would move a cent of tax, but never one of a bill."""
    await shop.set_policy("taxRounding", "DOCUMENT_PER_RATE")
    await shop.set_policy("billingScope", "BY_SELECTION")
    for sku in ("a", "b", "c"):
        await shop.add_product(sku, "0.33", stock=5)
    order = await shop.placed(("a", 1), ("b", 1))
    await shop.did("invoiceIssue", orderId=order["id"], items=[{**line(order), "quantity": "1"}])
    billed = (await shop.order(order["id"]))["items"][0]
    values = {"orderId": order["id"], "orderItemId": billed["id"]}
    assert await shop.refused("orderItemUpdate", **values, quantity="2") == ["ALREADY_BILLED"]
    assert await shop.refused("orderItemUpdate", **values, unitPrice="1") == ["ALREADY_BILLED"]
    assert await shop.refused("orderSetDate", orderId=order["id"], documentDate="2026-01-02") == ["ALREADY_BILLED"]
    items = [{"sku": "c", "quantity": "4"}]
    after = (await shop.did("orderItemAdd", ORDER, orderId=order["id"], items=items))["order"]
    assert {key: after["items"][0][key] for key in ("net", "tax", "gross")} == {
        key: billed[key] for key in ("net", "tax", "gross")
    }
    assert (after["billingStatus"], money(after["due"])) == ("PARTIAL", money(after["total"]))
    await shop.did("invoiceIssue", orderId=order["id"])
    assert money((await shop.order(order["id"]))["due"]) == money(after["total"])
    assert await verify(database, shop.company) == []


async def test_only_the_difference_is_due(shop: Shop) -> None:
    """C-27, C-32: an edit never makes the customer pay the whole order again."""
    order = await shop.placed(("apple", 10))
    await shop.did(
        "paymentRecord", customerId=shop.customer_id, kind="ADVANCE", currencyCode="EUR", orderId=order["id"],
        tenders=[{"method": "CASH", "amount": "120"}],
    )  # fmt: skip
    values = {"orderId": order["id"], **line(order)}
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="12"))["order"]
    assert (after["paymentStatus"], money(after["outstanding"])) == ("PARTIAL", Decimal(24))
    after = (await shop.did("orderItemUpdate", ORDER, **values, quantity="9"))["order"]
    assert (after["paymentStatus"], money(after["outstanding"])) == ("OVERPAID", Decimal(-12))
    other = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    assert await shop.refused("orderSetCustomer", orderId=order["id"], customerId=other["customer"]["id"]) == [
        "CUSTOMER_MISMATCH"
    ]


async def test_a_price_is_set_by_who_may(shop: Shop) -> None:
    """C-26: the same rights as when an item is added; the tax follows and is never set by hand (BA-82)."""
    order = await shop.placed(("apple", 10))
    values = {"orderId": order["id"], **line(order)}
    after = (await shop.did("orderItemUpdate", ORDER, **values, unitPrice="9.50"))["order"]
    assert (money(after["net"]), money(after["tax"])) == (Decimal("95.00"), Decimal("19.00"))
    assert await shop.refused("orderItemUpdate", **values, unitPrice="-1") == ["INVALID_AMOUNT"]
    assert await shop.refused("orderItemUpdate", **values) == ["INVALID_INPUT"]
    clerk = shop.member("orders:edit", "orders:read")
    assert await shop.client.refused("orderItemUpdate", {**values, "unitPrice": "1"}, clerk) == ["POLICY_FORBIDS"]
    await shop.client.did("orderItemUpdate", "", {**values, "quantity": "11"}, clerk)


async def recalculated(database: Database, order: Json) -> list[bool]:
    """What the events of the order's changes say about its tax."""
    statement = text("SELECT data FROM events WHERE document_id = :id AND type = 'OrderChanged' ORDER BY id")
    rows = await database.read(statement, {"id": decode_id("Order", order["id"])})
    return [row.data["taxRecalculated"] for row in rows]


async def test_a_change_that_concerns_the_tax_builds_it_anew(shop: Shop, database: Database) -> None:
    """BA-84: ship-to, date and customer; told by taxRecalculated when any rate is another one."""
    await shop.did("taxRuleSet", countryCode="AT", taxGroup="STANDARD", rate="0.1", name="USt", validFrom="2020-01-01")
    await shop.did("taxRuleSet", countryCode="AT", taxGroup="STANDARD", rate="0.3", name="USt", validFrom="2019-01-01")
    order = await shop.placed(("apple", 10))
    steps: list[tuple[str, Json, str]] = [
        ("orderSetAddresses", {"shippingAddress": {**ADDRESS, "city": "Hamburg"}}, "20"),
        ("orderSetAddresses", {"shippingAddress": ABROAD}, "10"),
        ("orderSetDate", {"documentDate": "2019-06-01"}, "30"),
        ("orderSetWarehouse", {"warehouseId": shop.warehouse_ids[1]}, "30"),
    ]
    for name, values, tax in steps:
        payload = await shop.did(name, "order { tax { amount } }", orderId=order["id"], **values)
        assert payload["order"]["tax"]["amount"] == tax
    assert await recalculated(database, order) == [False, True, True, False]
    assert await shop.refused("orderSetDate", orderId=order["id"], documentDate="2018-12-31") == ["TAX_INCOMPLETE"]


async def test_a_new_rate_touches_no_item_that_is_there(shop: Shop) -> None:
    """BA-81, BA-83, BA-85: an item is taxed when it is added; a later rate is for later items."""
    order = await shop.placed(("apple", 10))
    await shop.did("taxRuleSet", countryCode="DE", taxGroup="STANDARD", rate="0.1", name="VAT", validFrom="2021-01-01")
    items = [{"sku": "pear", "quantity": "4"}]
    after = (await shop.did("orderItemAdd", ORDER, orderId=order["id"], items=items))["order"]
    assert [item["taxRate"] for item in after["items"]] == ["0.2", "0.1"]
    after = (await shop.did("orderItemUpdate", ORDER, orderId=order["id"], **line(order), quantity="11"))["order"]
    assert [item["taxRate"] for item in after["items"]] == ["0.2", "0.1"]


async def test_a_placed_order_stays_one_that_could_be_placed(shop: Shop) -> None:
    await shop.add_product("book", "5.00", stock=9, taxGroup="BOOKS")
    await shop.add_product("voucher", "-10.00", kind="DISCOUNT", isStocked=False)
    order, draft = await shop.placed(("apple", 2), ("voucher", 1)), await shop.draft(("apple", 2), ("voucher", 1))
    tries: list[tuple[str, Json, str]] = [
        ("orderItemAdd", {"items": [{"sku": "book", "quantity": "1"}]}, "TAX_INCOMPLETE"),
        ("orderItemAdd", {"items": [{"sku": "voucher", "quantity": "2"}]}, "INVALID_AMOUNT"),
        ("orderSetAddresses", {"shippingAddress": {**ADDRESS, "name": " "}}, "ADDRESS_REQUIRED"),
        ("orderSetAddresses", {"shippingAddress": {**ADDRESS, "countryCode": "US"}}, "TAX_INCOMPLETE"),
    ]
    for name, values, code in tries:
        payload = await shop.client.mutate(name, "", {"orderId": order["id"], **values}, shop.staff)
        assert {error["code"] for error in payload["userErrors"]} == {code}, name
        await shop.did(name, orderId=draft["id"], **values)
    await shop.set_policy("customerIdentity", "ACCOUNT_REQUIRED")
    strict = await shop.placed(("apple", 1))
    made = await shop.did("customerCreate", "customer { id }", kind="GUEST", name="G", email="g@example.com")
    guest = {"customerId": made["customer"]["id"]}
    assert await shop.refused("orderSetCustomer", orderId=strict["id"], **guest) == ["ACCOUNT_REQUIRED"]
    await shop.did("orderSetCustomer", orderId=order["id"], **guest)


Take = Callable[[Shop, Json], Awaitable[str]]


async def set_aside(shop: Shop, order: Json) -> str:
    """The warehouse that the plan takes first."""
    await shop.did("allocationCreate", orderId=order["id"])
    return str((await shop.order(order["id"]))["allocations"][0]["warehouseId"])


async def sent(shop: Shop, order: Json) -> str:
    """The warehouse of a shipment that names none."""
    made = await shop.did("shipmentCreate", "shipment { warehouseId }", orderId=order["id"])
    return str(made["shipment"]["warehouseId"])


@pytest.mark.parametrize("take", [set_aside, sent])
async def test_goods_come_from_the_orders_own_warehouse_first(take: Take, shop: Shop) -> None:
    """X-26, BA-37: priority decides where the order names none."""
    await shop.receive("apple", 50, warehouse=1)
    first, second = shop.warehouse_ids
    assert await take(shop, await shop.placed(("apple", 10))) == first
    order = await shop.placed(("apple", 10))
    fields = "order { defaultWarehouse { id } }"
    payload = await shop.did("orderSetWarehouse", fields, orderId=order["id"], warehouseId=second)
    assert payload["order"] == {"defaultWarehouse": {"id": second}}
    assert await take(shop, order) == second
    again = await shop.placed(("apple", 10))
    await shop.did("orderSetWarehouse", orderId=again["id"], warehouseId=second)
    payload = await shop.did("orderSetWarehouse", fields, orderId=again["id"], warehouseId=None)
    assert payload["order"] == {"defaultWarehouse": None}
    assert await take(shop, again) == first


async def test_the_warehouse_is_one_that_the_channel_uses(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    made = await shop.did("warehouseCreate", "warehouse { id }", code="X", name="X", countryCode="DE", poolCode="other")
    outside = made["warehouse"]["id"]
    values = {"orderId": order["id"], "warehouseId": outside}
    assert await shop.refused("orderSetWarehouse", **values) == ["WAREHOUSE_NOT_IN_POOL"]
    absent = "whs_" + "0" * 32
    assert await shop.refused("orderSetWarehouse", orderId=order["id"], warehouseId=absent) == ["NOT_FOUND"]
    await shop.did("orderSetWarehouse", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
