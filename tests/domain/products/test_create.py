"""Products: one SKU each, and only goods are stocked (KS-9, KS-11)."""

import pytest

from tests.client import Client
from tests.shop import Shop, open_shop

FIELDS = "product { sku name kind isStocked isActive taxGroup brand unit quantityDigits version }"


async def test_goods_are_stocked_unless_said_otherwise(shop: Shop) -> None:
    made = await shop.did("productCreate", FIELDS, sku=" TEA-1 ", name="Tea", kind="GOODS", brand=" Leaf ")
    assert made["product"] == {
        "sku": "TEA-1", "name": "Tea", "kind": "GOODS", "isStocked": True, "isActive": True, "taxGroup": "STANDARD",
        "brand": "Leaf", "unit": "piece", "quantityDigits": 0, "version": 1,
    }  # fmt: skip
    shipped_by_others = await shop.did("productCreate", FIELDS, sku="D", name="D", kind="GOODS", isStocked=False)
    assert shipped_by_others["product"]["isStocked"] is False


@pytest.mark.parametrize("kind", ["SERVICE", "DELIVERY", "DISCOUNT"])
async def test_nothing_else_is_stocked(shop: Shop, kind: str) -> None:
    assert await shop.refused("productCreate", sku="X", name="X", kind=kind, isStocked=True) == ["INVALID_INPUT"]
    made = await shop.did("productCreate", FIELDS, sku="X", name="X", kind=kind)
    assert made["product"]["isStocked"] is False


async def test_the_sku_is_unique_without_regard_to_case(shop: Shop, client: Client) -> None:
    await shop.did("productCreate", sku="Tea", name="Tea", kind="GOODS")
    assert await shop.refused("productCreate", sku=" tEA ", name="Other", kind="GOODS") == ["EXTERNAL_REF_TAKEN"]
    await (await open_shop(client)).did("productCreate", sku="tea", name="Tea", kind="GOODS")


async def test_every_bad_value_is_reported_at_once(shop: Shop) -> None:
    codes = await shop.refused("productCreate", sku="", name="x" * 201, kind="GOODS", quantityDigits=7, unit="")
    assert codes == ["INVALID_INPUT"] * 4
    made = await shop.did("productCreate", FIELDS, sku="K", name="Kilo", kind="GOODS", quantityDigits=6, unit="kg")
    assert (made["product"]["unit"], made["product"]["quantityDigits"]) == ("kg", 6)
