"""Bins change their code, never what they are for (I-12)."""

from tests.shop import Shop
from tests.stockroom import add_bin

FIELDS = "warehouse { bins { id code kind } }"


async def test_a_bin_is_renamed(shop: Shop) -> None:
    bin_id = await add_bin(shop, "SCRAP", "SCRAP")
    values = {"warehouseId": shop.warehouse_ids[0], "binId": bin_id, "code": " WASTE "}
    made = await shop.did("warehouseBinUpdate", FIELDS, **values)
    assert [(one["code"], one["kind"]) for one in made["warehouse"]["bins"]] == [("MAIN", "NORMAL"), ("WASTE", "SCRAP")]


async def test_codes_stay_unique_and_main_stays_main(shop: Shop) -> None:
    first, second = await add_bin(shop, "A"), await add_bin(shop, "B")
    elsewhere = await add_bin(shop, "C", warehouse=1)
    values = {"warehouseId": shop.warehouse_ids[0], "binId": first}
    assert await shop.refused("warehouseBinUpdate", **values, code="B") == ["EXTERNAL_REF_TAKEN"]
    assert await shop.refused("warehouseBinUpdate", **values, code=" ") == ["INVALID_INPUT"]
    assert await shop.refused("warehouseBinUpdate", **{**values, "binId": elsewhere}, code="D") == ["NOT_FOUND"]
    made = await shop.did("warehouseBinUpdate", FIELDS, **{**values, "binId": second}, code="D")
    main = next(one["id"] for one in made["warehouse"]["bins"] if one["code"] == "MAIN")
    assert await shop.refused("warehouseBinUpdate", **{**values, "binId": main}, code="E") == ["INVALID_INPUT"]
