"""Warehouses belong to one pool and begin with a bin for sellable goods (KS-13, BA-76)."""

from tests.shop import Shop

FIELDS = "warehouse { code name countryCode priority pool { code } bins { code kind } }"
VALUES = {"code": "W9", "name": "Ninth", "countryCode": "NL", "poolCode": "far"}


async def test_a_warehouse_begins_with_its_main_bin(shop: Shop) -> None:
    made = (await shop.did("warehouseCreate", FIELDS, **VALUES, priority=5))["warehouse"]
    assert made == {
        "code": "W9", "name": "Ninth", "countryCode": "NL", "priority": 5, "pool": {"code": "far"},
        "bins": [{"code": "MAIN", "kind": "NORMAL"}],
    }  # fmt: skip


async def test_the_code_is_unique(shop: Shop) -> None:
    await shop.did("warehouseCreate", **VALUES)
    assert await shop.refused("warehouseCreate", **VALUES) == ["EXTERNAL_REF_TAKEN"]
    await shop.did("warehouseCreate", **{**VALUES, "code": "w9"})


async def test_blank_values_are_refused(shop: Shop) -> None:
    codes = await shop.refused("warehouseCreate", **{**VALUES, "code": "", "name": " ", "poolCode": ""})
    assert codes == ["INVALID_INPUT"] * 3
