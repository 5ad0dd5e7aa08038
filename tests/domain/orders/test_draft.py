"""Editing a draft: items, customer, addresses, and throwing it away."""

from tests.shop import ADDRESS, Shop


async def test_items_are_added_changed_and_removed(shop: Shop) -> None:
    """C-8: nothing is lost, and the total follows."""
    order = await shop.draft(("apple", 1))
    values = {"orderId": order["id"], "items": [{"sku": "pear", "quantity": "4"}]}
    added = await shop.did("orderItemAdd", "order { net { amount } items { id } }", **values)
    assert added["order"]["net"]["amount"] == "20"
    pear = added["order"]["items"][1]["id"]
    changed = await shop.did(
        "orderItemUpdate", "order { net { amount } }", orderId=order["id"], orderItemId=pear, quantity="2"
    )
    assert changed["order"]["net"]["amount"] == "15"
    removed = await shop.did(
        "orderItemRemove", "order { net { amount } items { sku } }", orderId=order["id"], orderItemId=pear
    )
    assert removed["order"] == {"net": {"amount": "10"}, "items": [{"sku": "apple"}]}


async def test_an_item_of_another_order_is_not_found(shop: Shop) -> None:
    order, other = await shop.draft(("apple", 1)), await shop.draft(("pear", 1))
    foreign = other["items"][0]["id"]
    assert await shop.refused("orderItemRemove", orderId=order["id"], orderItemId=foreign) == ["NOT_FOUND"]
    assert await shop.refused("orderItemUpdate", orderId=order["id"], orderItemId=foreign, quantity="1") == [
        "NOT_FOUND"
    ]
    await shop.did("orderItemRemove", orderId=other["id"], orderItemId=foreign)


async def test_the_country_of_delivery_decides_the_tax(shop: Shop) -> None:
    """BA-81, BA-84: never edited by hand, always rebuilt."""
    await shop.did("taxRuleSet", countryCode="AT", taxGroup="STANDARD", rate="0.1", name="USt", validFrom="2020-01-01")
    order = await shop.draft(("apple", 10))
    assert order["tax"]["amount"] == "20"
    address = {**ADDRESS, "countryCode": "AT", "city": "Wien"}
    changed = await shop.did(
        "orderSetAddresses", "order { tax { amount } }", orderId=order["id"], shippingAddress=address
    )
    assert changed["order"]["tax"]["amount"] == "10"
    assert await shop.refused("orderSetAddresses", orderId=order["id"]) == ["ADDRESS_REQUIRED"]


async def test_a_deleted_draft_is_shown_to_nobody(shop: Shop) -> None:
    order = await shop.draft(("apple", 1), externalRef="gone")
    payload = await shop.did("orderDelete", "order { id }", orderId=order["id"])
    assert payload["order"] is None
    assert await shop.order(order["id"]) is None
    assert await shop.refused("orderDelete", orderId=order["id"]) == ["NOT_FOUND"]
    await shop.draft(("apple", 1), externalRef="gone")
