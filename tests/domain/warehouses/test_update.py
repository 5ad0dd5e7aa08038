"""Warehouses change their name and their place in line."""

from tests.shop import Shop

FIELDS = "warehouse { name priority version }"


async def test_what_is_absent_stays(shop: Shop) -> None:
    id_ = shop.warehouse_ids[0]
    assert (await shop.did("warehouseUpdate", FIELDS, warehouseId=id_, priority=1))["warehouse"] == {
        "name": "W1", "priority": 1, "version": 2,
    }  # fmt: skip
    assert (await shop.did("warehouseUpdate", FIELDS, warehouseId=id_, name="First"))["warehouse"] == {
        "name": "First", "priority": 1, "version": 3,
    }  # fmt: skip


async def test_neither_can_be_cleared(shop: Shop) -> None:
    codes = await shop.refused("warehouseUpdate", warehouseId=shop.warehouse_ids[0], name=" ", priority=None)
    assert codes == ["INVALID_INPUT", "INVALID_INPUT"]
