"""orderReorder: a draft like an old order, at today's prices, as far as its items are to be had (storefront 14)."""

from decimal import Decimal
from typing import Any

from tests.client import Client, Json
from tests.domain.orders.test_item_cancel import cancel
from tests.shop import ADDRESS, Shop, money, open_shop

FIELDS = """order { id number state source net { amount } paymentMethod isInvoiceRequested customerPo
    customer { id } shippingAddress { city } items { sku orderedQuantity unitPrice } }"""


async def again(shop: Shop, order: Json, **values: Any) -> Json:
    """The payload of ordering again."""
    return await shop.did("orderReorder", FIELDS, orderId=order["id"], **values)


def lines(payload: Json) -> list[tuple[str, str]]:
    """SKU and quantity of the new draft."""
    return [(item["sku"], item["orderedQuantity"]) for item in payload["order"]["items"]]


async def test_a_new_draft_at_todays_prices(shop: Shop) -> None:
    await shop.add_product("voucher", "-1.00", kind="DISCOUNT", isStocked=False)
    values = {"paymentMethod": "CARD", "isInvoiceRequested": True, "customerPo": "PO-1", "externalRef": "mine"}
    old = await shop.placed(("apple", 3), ("voucher", 1), ("delivery", 1), **values)
    await shop.did("productPriceSet", productId=shop.products["apple"], channelId=shop.channel_id, amount="11.00")
    payload = await again(shop, old)
    order = payload["order"]
    assert (order["state"], order["number"], order["customer"]["id"]) == ("OPEN", None, shop.customer_id)
    assert lines(payload) == [("apple", "3"), ("delivery", "1")], "a discount was for then"
    assert money(order["net"]) == Decimal("37.90")
    assert (order["paymentMethod"], order["isInvoiceRequested"], order["customerPo"]) == ("CARD", True, None)
    assert order["shippingAddress"]["city"] == ADDRESS["city"]
    assert await shop.order(old["id"]) == old
    await shop.did("orderPlace", orderId=order["id"])


async def test_what_was_wanted_in_the_end_is_ordered_again(shop: Shop) -> None:
    """Cancelled quantities are left out, unless the whole order was cancelled."""
    old = await shop.placed(("apple", 3), ("pear", 2))
    await cancel(shop, old, "1", "2")
    assert lines(await again(shop, old)) == [("apple", "2")]
    await shop.did("orderCancel", orderId=old["id"], reason="x")
    assert lines(await again(shop, old)) == [("apple", "3"), ("pear", "2")]


async def test_what_is_not_to_be_had_is_refused_line_by_line_or_left_out(shop: Shop) -> None:
    """No longer sold, or short: each with its code and its place, or all of them as warnings."""
    for sku in ("gone", "rare"):
        await shop.add_product(sku, "1.00", stock=5)
    old = await shop.placed(("apple", 1), ("gone", 1), ("rare", 4), ("rare", 1))
    await shop.did("productUpdate", productId=shop.products["gone"], isActive=False)
    payload = await shop.client.mutate("orderReorder", FIELDS, {"orderId": old["id"]}, shop.staff)
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [
        ("INVALID_INPUT", ["items", "2"]),
        ("INSUFFICIENT_STOCK", ["items", "3"]),
        ("INSUFFICIENT_STOCK", ["items", "4"]),
    ]
    assert payload["order"] is None
    payload = await again(shop, old, skipUnavailable=True)
    assert lines(payload) == [("apple", "1")]
    assert [(warning["code"], warning["path"]) for warning in payload["warnings"]] == [
        ("ITEM_SKIPPED", ["items", place]) for place in ("2", "3", "4")
    ]
    await shop.receive("rare", 4)
    assert lines(await again(shop, old, skipUnavailable=True)) == [("apple", "1"), ("rare", "4")]
    only = await shop.placed(("rare", 4))
    await shop.did("productUpdate", productId=shop.products["rare"], isActive=False)
    assert await shop.refused("orderReorder", orderId=only["id"], skipUnavailable=True) == ["NO_ITEMS"]


async def test_where_less_may_be_promised_a_shortage_is_no_reason(shop: Shop) -> None:
    """X-4 COMMIT_PARTIAL: the draft may be placed, so it may be made."""
    old = await shop.placed(("apple", 50))
    assert await shop.refused("orderReorder", orderId=old["id"]) == ["INSUFFICIENT_STOCK"]
    await shop.set_policy("commitShortage", "COMMIT_PARTIAL")
    assert lines(await again(shop, old)) == [("apple", "50")]


async def test_shoppers_order_again_what_is_theirs(shop: Shop, client: Client) -> None:
    """P8, A4: a foreign order is not there; of a product that is no longer sold nobody hears more than that."""
    shopper, other = shop.shopper(), shop.shopper()
    for one in (shopper, other):
        await client.did("customerCreate", "", {"name": "Ada", "email": f"{one.subject}@example.com"}, one)
    values = {**shop.order_values(("apple", 1), ("pear", 1), then=["PLACE"]), "customerId": None}
    old = (await client.did("orderCreate", "order { id }", values, shopper))["order"]
    assert await client.refused("orderReorder", {"orderId": old["id"]}, other) == ["NOT_FOUND"]
    fields = "order { items { sku } }"
    made = await client.did("orderReorder", fields, {"orderId": old["id"]}, shopper)
    assert [item["sku"] for item in made["order"]["items"]] == ["apple", "pear"]
    await shop.did("productUpdate", productId=shop.products["pear"], isActive=False)
    assert await client.refused("orderReorder", {"orderId": old["id"]}, shopper) == ["INVALID_INPUT"]
    await client.did("orderReorder", fields, {"orderId": old["id"], "skipUnavailable": True}, shopper)
    await shop.did("channelUpdate", channelId=shop.channel_id, isActive=False)
    assert await client.refused("orderReorder", {"orderId": old["id"], "skipUnavailable": True}, shopper) == [
        "CHANNEL_INACTIVE"
    ]
    far = await open_shop(client)
    assert await far.refused("orderReorder", orderId=old["id"]) == ["NOT_FOUND"]
