"""Goods go from bin to bin and from warehouse to warehouse; promises and reservations stay kept (I-7, I-8, I-12)."""

from dataclasses import replace
from typing import Any

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.ids import decode_id
from tests.client import Json
from tests.shop import Shop, open_shop
from tests.stockroom import add_bin, add_method, put

FIELDS = "stockPools { onHandSellable committed available pool { code } } stockLevels { onHand bin { code kind } lot }"


def line(shop: Shop, quantity: int | str, sku: str = "apple", **values: Any) -> Json:
    """One line."""
    return {"productId": shop.products[sku], "quantity": str(quantity), **values}


async def move(shop: Shop, *lines: Json, start: int = 0, goal: int = 0, **values: Any) -> Json:
    """Move within or between the shop's warehouses; the payload."""
    wanted = {
        "fromWarehouseId": shop.warehouse_ids[start],
        "toWarehouseId": shop.warehouse_ids[goal],
        "lines": list(lines),
        **values,
    }
    return await shop.client.mutate("stockMove", FIELDS, wanted, shop.staff)


def told(payload: Json) -> list[tuple[str, list[str]]]:
    """Codes and places of what was refused."""
    return [(error["code"], error["path"][1:]) for error in payload["userErrors"]]


async def sellable(shop: Shop, sku: str = "apple") -> dict[str, str]:
    """On hand of each pool by its code."""
    query = "query ($id: ID!) { product(by: {id: $id}) { stockPools { onHandSellable pool { code } } } }"
    rows = (await shop.query(query, id=shop.products[sku]))["product"]["stockPools"]
    return {row["pool"]["code"]: row["onHandSellable"] for row in rows}


@pytest.mark.parametrize(("kind", "left"), [("NORMAL", "50"), ("SCRAP", "46"), ("REPAIR", "46"), ("INSPECTION", "46"),
                                            ("TRANSIT", "46")])  # fmt: skip
async def test_only_normal_bins_are_sellable(kind: str, left: str, shop: Shop, database: Database) -> None:
    """I-12: on hand sellable is what lies in normal bins, there and back."""
    bin_id = await add_bin(shop, "B2", kind)
    made = await move(shop, line(shop, 4, toBinId=bin_id), reason="tidy up")
    assert made["userErrors"] == []
    assert [pool["onHandSellable"] for pool in made["stockPools"]] == [left]
    assert sorted((one["bin"]["code"], one["onHand"]) for one in made["stockLevels"]) == [("B2", "4"), ("MAIN", "46")]
    query = """query ($id: ID!) { stockMovements(filter: {productId: {in: [$id]}}, first: 2) {
        nodes { kind quantity reason level { bin { kind } } } } }"""
    moved = (await shop.query(query, id=shop.products["apple"]))["stockMovements"]["nodes"]
    assert [(row["kind"], row["quantity"], row["reason"], row["level"]["bin"]["kind"]) for row in moved] == [
        ("MOVE", "4", "tidy up", kind), ("MOVE", "-4", "tidy up", "NORMAL"),
    ]  # fmt: skip
    assert await verify(database, company_id=shop.company) == []
    back = await move(shop, line(shop, 4, fromBinId=bin_id))
    assert [pool["onHandSellable"] for pool in back["stockPools"]] == ["50"]


async def test_pools_follow_when_they_differ(shop: Shop, database: Database) -> None:
    """Both pools change, and both tell it."""
    made = await shop.did("warehouseCreate", "warehouse { id }", code="X", name="X", countryCode="DE", poolCode="far")
    shop.warehouse_ids.append(made["warehouse"]["id"])
    await shop.placed(("apple", 20))
    moved = await move(shop, line(shop, 30), goal=2)
    assert sorted((pool["pool"]["code"], pool["available"]) for pool in moved["stockPools"]) == [
        ("far", "30"), ("main", "0"),
    ]  # fmt: skip
    assert [e["message"] for e in moved["effects"] if e["__typename"] == "EventEffect"] == ["StockMoved."] * 2
    assert told(await move(shop, line(shop, 1), goal=2)) == [("STOCK_COMMITTED", ["lines", "0"])]
    assert told(await move(shop, line(shop, 1), goal=1)) == []
    assert await sellable(shop) == {"main": "20", "far": "30"}
    assert await verify(database, company_id=shop.company) == []


async def test_what_is_promised_stays_sellable(shop: Shop) -> None:
    """STOCK_COMMITTED: the pool cannot do without, though nothing is set aside."""
    scrap = await add_bin(shop, "SCRAP", "SCRAP")
    await shop.placed(("apple", 47))
    assert told(await move(shop, line(shop, 4, toBinId=scrap))) == [("STOCK_COMMITTED", ["lines", "0"])]
    assert told(await move(shop, line(shop, 3, toBinId=scrap))) == []


async def test_what_is_set_aside_or_booked_stays_where_it_is(shop: Shop) -> None:
    """STOCK_ALLOCATED: the pool has enough, but not this bin."""
    await shop.receive("apple", 50, warehouse=1)
    order = await shop.placed(("apple", 40))
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    assert told(await move(shop, line(shop, 11), goal=1)) == [("STOCK_ALLOCATED", ["lines", "0"])]
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["BOOK"])
    assert told(await move(shop, line(shop, 11), goal=1)) == [("STOCK_ALLOCATED", ["lines", "0"])]
    assert told(await move(shop, line(shop, 10), goal=1)) == []


async def test_nobody_moves_what_does_not_lie_there(shop: Shop) -> None:
    """Lines that take from one place are summed; what comes and goes in one call is judged at its end."""
    shelf, scrap = await add_bin(shop, "SHELF"), await add_bin(shop, "SCRAP", "SCRAP")
    found = await move(shop, line(shop, 30, toBinId=shelf), line(shop, 21, toBinId=scrap), line(shop, 1, "pear",
                       fromBinId=shelf))  # fmt: skip
    assert told(found) == [
        ("INSUFFICIENT_STOCK", ["lines", "0", "quantity"]), ("INSUFFICIENT_STOCK", ["lines", "2", "quantity"]),
    ]  # fmt: skip
    assert "Only 50 of apple lie in MAIN." in found["userErrors"][0]["message"]
    through = await move(shop, line(shop, 30, toBinId=shelf), line(shop, 30, fromBinId=shelf, toBinId=scrap))
    assert told(through) == []
    assert await sellable(shop) == {"main": "20"}


async def test_lots_stay_what_they_are(shop: Shop) -> None:
    shelf = await add_bin(shop, "SHELF")
    await put(shop, "apple", 5, lot="A")
    made = await move(shop, line(shop, 2, toBinId=shelf, lot=" A "))
    assert sorted((one["bin"]["code"], one["lot"], one["onHand"]) for one in made["stockLevels"]) == [
        ("MAIN", "A", "3"), ("SHELF", "A", "2"),
    ]  # fmt: skip
    assert told(await move(shop, line(shop, 1, toBinId=shelf, lot="B"))) == [
        ("INSUFFICIENT_STOCK", ["lines", "0", "quantity"])
    ]


async def test_every_bad_line_is_told_at_once(shop: Shop) -> None:
    shelf = await add_bin(shop, "SHELF")
    await shop.add_product("sofa", isStocked=False)
    found = told(
        await move(
            shop,
            line(shop, 1),
            line(shop, 0, toBinId=shelf),
            line(shop, "0.5", toBinId=shelf),
            line(shop, 1, "delivery", toBinId=shelf),
            line(shop, 1, "sofa", toBinId=shelf),
            line(shop, 1, toBinId=shelf, lot="x" * 81),
        )
    )
    assert sorted(found, key=lambda error: error[1]) == [
        ("INVALID_INPUT", ["lines", "0"]),
        ("INVALID_QUANTITY", ["lines", "1", "quantity"]),
        ("INVALID_QUANTITY", ["lines", "2", "quantity"]),
        ("NOT_ALLOCATABLE", ["lines", "3", "productId"]),
        ("INVALID_INPUT", ["lines", "4", "productId"]),
        ("INVALID_INPUT", ["lines", "5", "lot"]),
    ]
    away = told(await move(shop, line(shop, 1, fromBinId=shelf, toBinId=shelf), start=1, goal=1))
    assert away == [("NOT_FOUND", ["lines", "0", "fromBinId"]), ("NOT_FOUND", ["lines", "0", "toBinId"])]
    assert told(await move(shop)) == [("INVALID_INPUT", ["lines"])]
    assert told(await move(shop, line(shop, 1, toBinId=shelf))) == []


async def test_warehouses_of_others_and_methods_are_no_ends(shop: Shop) -> None:
    stranger = await open_shop(shop.client)
    shop.warehouse_ids += [stranger.warehouse_ids[0], await add_method(shop, "DROP")]
    assert told(await move(shop, line(shop, 1), goal=2)) == [("NOT_FOUND", ["toWarehouseId"])]
    assert told(await move(shop, line(shop, 1), start=2)) == [("NOT_FOUND", ["fromWarehouseId"])]
    assert told(await move(shop, line(shop, 1), goal=3)) == [("INVALID_INPUT", ["toWarehouseId"])]
    assert told(await move(shop, line(shop, 1), goal=1)) == []


async def test_who_is_bound_to_a_warehouse_moves_within_it(shop: Shop) -> None:
    """C-53."""
    shelf = await add_bin(shop, "SHELF")
    first, second = shop.warehouse_ids
    bound = replace(shop.staff, warehouse_ids=frozenset({decode_id("Warehouse", first)}))
    values: Json = {"fromWarehouseId": first, "toWarehouseId": second, "lines": [line(shop, 1)]}
    assert await shop.client.refused("stockMove", values, bound) == ["NOT_FOUND"]
    within = {**values, "toWarehouseId": first, "lines": [line(shop, 1, toBinId=shelf)]}
    await shop.client.did("stockMove", "", within, bound)


async def test_a_dry_run_moves_nothing(shop: Shop) -> None:
    """N-2: same effects, nothing written."""
    tried = await move(shop, line(shop, 5), goal=1, dryRun=True)
    assert await sellable(shop) == {"main": "50"}
    assert tried["stockLevels"] == []
    real = await move(shop, line(shop, 5), goal=1)
    assert tried["effects"] == real["effects"] != []
