"""Prices per channel, in the channel's currency."""

import pytest

from tests.client import Client
from tests.shop import Shop, open_shop

FIELDS = "product { version prices { channelId price { amount currencyCode } } }"


async def test_a_price_is_set_and_replaced(shop: Shop) -> None:
    tea = (await shop.did("productCreate", "product { id }", sku="T", name="T", kind="GOODS"))["product"]["id"]
    for version, amount in ((2, "3.123456"), (3, "0")):
        made = await shop.did("productPriceSet", FIELDS, productId=tea, channelId=shop.channel_id, amount=amount)
        assert made["product"] == {
            "version": version,
            "prices": [{"channelId": shop.channel_id, "price": {"amount": amount, "currencyCode": "EUR"}}],
        }


@pytest.mark.parametrize(("kind", "bad", "good"), [("DISCOUNT", "0.01", "-5"), ("GOODS", "-0.01", "5")])
async def test_only_discounts_are_below_zero(shop: Shop, kind: str, bad: str, good: str) -> None:
    id_ = (await shop.did("productCreate", "product { id }", sku="T", name="T", kind=kind))["product"]["id"]
    values = {"productId": id_, "channelId": shop.channel_id}
    assert await shop.refused("productPriceSet", **values, amount=bad) == ["INVALID_AMOUNT"]
    await shop.did("productPriceSet", **values, amount=good)
    await shop.did("productPriceSet", **values, amount="0")


async def test_a_price_fits_its_column(shop: Shop) -> None:
    values = {"productId": shop.products["apple"], "channelId": shop.channel_id}
    assert await shop.refused("productPriceSet", **values, amount="100000000000000") == ["INVALID_AMOUNT"]
    await shop.did("productPriceSet", **values, amount="99999999999999.999999")


async def test_the_channel_is_one_of_the_company(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    codes = await shop.refused(
        "productPriceSet", productId=shop.products["apple"], channelId=other.channel_id, amount="-1"
    )
    assert codes == ["NOT_FOUND", "INVALID_AMOUNT"]
    codes = await shop.refused(
        "productPriceSet", productId=other.products["apple"], channelId=shop.channel_id, amount="1"
    )
    assert codes == ["NOT_FOUND"]
