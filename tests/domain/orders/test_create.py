"""orderCreate: a draft with copied facts, priced and taxed, promising nothing."""

from decimal import Decimal

from gql_sales.kernel.principals import PrincipalKind
from tests.shop import ADDRESS, Shop


async def test_a_draft_copies_prices_and_tax_and_takes_no_stock(shop: Shop) -> None:
    order = await shop.draft(("apple", 3), ("delivery", 1))
    assert (order["state"], order["number"], order["summary"]) == ("OPEN", None, "draft")
    assert [(i["net"]["amount"], i["tax"]["amount"], i["gross"]["amount"]) for i in order["items"]] == [
        ("30", "6", "36"),
        ("4.9", "0.98", "5.88"),
    ]
    assert order["total"]["amount"] == "41.88"
    assert [item["committedQuantity"] for item in order["items"]] == ["0", "0"]


async def test_a_product_is_named_by_sku_in_any_case(shop: Shop) -> None:
    values = {**shop.order_values(), "items": [{"sku": "APPLE", "quantity": "1"}]}
    payload = await shop.did("orderCreate", "order { items { sku } }", **values)
    assert payload["order"]["items"] == [{"sku": "apple"}]


async def test_every_bad_line_is_reported_at_once(shop: Shop) -> None:
    lines = [
        {"sku": "apple", "quantity": "0"},
        {"sku": "nothing", "quantity": "1"},
        {"sku": "pear", "quantity": "0.5"},
        {"sku": "apple", "quantity": "2"},
    ]
    payload = await shop.client.mutate("orderCreate", "", {**shop.order_values(), "items": lines}, shop.staff)
    assert [(e["code"], e["path"][2:]) for e in payload["userErrors"]] == [
        ("INVALID_QUANTITY", ["0", "quantity"]),
        ("NOT_FOUND", ["1", "productId"]),
        ("INVALID_QUANTITY", ["2", "quantity"]),
    ]


async def test_an_external_reference_is_unique_in_its_channel(shop: Shop) -> None:
    await shop.draft(("apple", 1), externalRef="A-1")
    assert await shop.refused("orderCreate", **shop.order_values(("apple", 1), externalRef="A-1")) == [
        "EXTERNAL_REF_TAKEN"
    ]
    await shop.draft(("apple", 1), externalRef="A-2")


async def test_only_staff_with_the_right_set_prices(shop: Shop) -> None:
    """reliability.md A4: a shopper's price is refused, not ignored."""
    line = {"sku": "apple", "quantity": "1", "unitPrice": "0.01"}
    shopper = shop.shopper()
    values = {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}
    await shop.client.did("customerCreate", "", values, shopper)
    mine = {"channelId": shop.channel_id, "items": [line]}
    assert await shop.client.refused("orderCreate", mine, shopper) == ["POLICY_FORBIDS"]
    made = await shop.did("orderCreate", "order { net { amount } }", **{**shop.order_values(), "items": [line]})
    assert made["order"]["net"]["amount"] == "0.01"


async def test_a_shopper_orders_for_their_own_record_only(shop: Shop) -> None:
    """KS-20, KS-21: also a guest has a customer record, and can name no other."""
    guest = shop.shopper(kind=PrincipalKind.GUEST)
    values = {"channelId": shop.channel_id, "items": [{"sku": "apple", "quantity": "1"}]}
    assert await shop.client.refused("orderCreate", values, guest) == ["CUSTOMER_REQUIRED"]
    await shop.client.did("customerCreate", "", {"kind": "GUEST", "name": "G", "email": "g@example.com"}, guest)
    assert await shop.client.refused("orderCreate", {**values, "customerId": shop.customer_id}, guest) == ["NOT_FOUND"]
    await shop.client.did("orderCreate", "", values, guest)


async def test_an_inactive_channel_takes_no_orders(shop: Shop) -> None:
    await shop.did("channelUpdate", channelId=shop.channel_id, isActive=False)
    assert await shop.refused("orderCreate", **shop.order_values(("apple", 1))) == ["CHANNEL_INACTIVE"]
    await shop.did("channelUpdate", channelId=shop.channel_id, isActive=True)
    await shop.draft(("apple", 1))


async def test_an_order_has_at_most_500_items(shop: Shop) -> None:
    lines = [{"sku": "apple", "quantity": "1"}] * 501
    assert await shop.refused("orderCreate", **{**shop.order_values(), "items": lines}) == ["TOO_MANY_ENTRIES"]
    made = await shop.did("orderCreate", "order { items { id } }", **{**shop.order_values(), "items": lines[:500]})
    assert len(made["order"]["items"]) == 500


async def test_tax_rounds_per_line_or_per_rate_as_the_policy_says(shop: Shop) -> None:
    """C-21, C-23: parts always sum to the whole."""
    await shop.add_product("penny", "0.02")
    line = await shop.draft(*[("penny", 1)] * 7)
    await shop.set_policy("taxRounding", "DOCUMENT_PER_RATE")
    document = await shop.draft(*[("penny", 1)] * 7)
    assert (line["tax"]["amount"], document["tax"]["amount"]) == ("0", "0.03")
    for order in (line, document):
        assert sum(Decimal(item["gross"]["amount"]) for item in order["items"]) == Decimal(order["total"]["amount"])


async def test_prices_may_contain_tax(shop: Shop) -> None:
    await shop.set_policy("pricesIncludeTax", "true")
    order = await shop.draft(("apple", 3))
    assert (order["net"]["amount"], order["tax"]["amount"], order["total"]["amount"]) == ("25", "5", "30")


async def test_addresses_come_from_the_address_book_when_none_are_given(shop: Shop) -> None:
    address = {**ADDRESS, "isDefaultShipping": True, "isDefaultBilling": True}
    await shop.did("customerAddressSave", customerId=shop.customer_id, address=address)
    values = shop.order_values(("apple", 1))
    del values["shippingAddress"], values["billingAddress"]
    made = await shop.did("orderCreate", "order { shippingAddress { city } billingAddress { city } }", **values)
    assert made["order"] == {"shippingAddress": {"city": "Berlin"}, "billingAddress": {"city": "Berlin"}}
