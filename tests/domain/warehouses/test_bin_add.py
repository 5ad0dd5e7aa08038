"""Bins keep goods apart that may not be sold (BA-76)."""

from tests.shop import Shop

FIELDS = "warehouse { version bins { code kind } }"


async def test_a_bin_is_added(shop: Shop) -> None:
    made = await shop.did("warehouseBinAdd", FIELDS, warehouseId=shop.warehouse_ids[0], code="SCRAP", kind="SCRAP")
    assert made["warehouse"] == {
        "version": 2,
        "bins": [{"code": "MAIN", "kind": "NORMAL"}, {"code": "SCRAP", "kind": "SCRAP"}],
    }


async def test_the_code_is_unique_in_the_warehouse_only(shop: Shop) -> None:
    first, second = shop.warehouse_ids
    await shop.did("warehouseBinAdd", warehouseId=first, code="B1", kind="NORMAL")
    codes = await shop.refused("warehouseBinAdd", warehouseId=first, code="B1", kind="REPAIR")
    assert codes == ["EXTERNAL_REF_TAKEN"]
    await shop.did("warehouseBinAdd", warehouseId=second, code="B1", kind="NORMAL")


async def test_the_code_is_checked(shop: Shop) -> None:
    codes = await shop.refused("warehouseBinAdd", warehouseId=shop.warehouse_ids[0], code="x" * 41, kind="NORMAL")
    assert codes == ["INVALID_INPUT"]
    await shop.did("warehouseBinAdd", warehouseId=shop.warehouse_ids[0], code="x" * 40, kind="NORMAL")
