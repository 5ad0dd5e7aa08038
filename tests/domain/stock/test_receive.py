"""Goods come in: levels, pools and movements agree (I-8, I-12, reliability S7)."""

import asyncio

from tests.client import Client, Json, key
from tests.shop import Shop, open_shop

LEVEL = "lot onHand allocated booked free bin { code }"
FIELDS = f"stockPools {{ productId onHandSellable committed available version }} stockLevels {{ productId {LEVEL} }}"
STOCK = f"""query ($id: ID!) {{
  product(by: {{id: $id}}) {{ stockLevels {{ {LEVEL} warehouse {{ code }} }} }}
  stockMovements(filter: {{productId: {{in: [$id]}}}}) {{ nodes {{ kind quantity reason actor level {{ lot }} }} }}
}}"""


def line(shop: Shop, sku: str, quantity: str, **values: str) -> Json:
    """One line."""
    return {"productId": shop.products[sku], "quantity": quantity, **values}


async def receive(shop: Shop, *lines: Json, **values: object) -> Json:
    """Receive into the second warehouse, which is empty."""
    return await shop.did("stockReceive", FIELDS, warehouseId=shop.warehouse_ids[1], lines=list(lines), **values)


async def refusals(shop: Shop, *lines: Json, **values: object) -> list[tuple[str, list[str]]]:
    """Codes and places of what was refused."""
    wanted = {"warehouseId": shop.warehouse_ids[1], "lines": list(lines), **values}
    payload = await shop.client.mutate("stockReceive", "", wanted, shop.staff)
    assert payload["effects"] == []
    return [(error["code"], error["path"][1:]) for error in payload["userErrors"]]


async def test_lines_of_one_place_count_together(shop: Shop) -> None:
    made = await receive(
        shop, line(shop, "apple", "3"), line(shop, "pear", "2"), line(shop, "apple", "4"), reason="PO 7"
    )
    assert [(level["onHand"], level["free"], level["bin"]["code"]) for level in made["stockLevels"]] == [
        ("7", "7", "MAIN"), ("2", "2", "MAIN"),
    ]  # fmt: skip
    assert {pool["onHandSellable"] for pool in made["stockPools"]} == {"57", "52"}
    moved = (await shop.query(STOCK, id=shop.products["apple"]))["stockMovements"]["nodes"]
    assert moved[0] == {
        "kind": "RECEIVE", "quantity": "7", "reason": "PO 7", "actor": "staff:anna", "level": {"lot": ""},
    }  # fmt: skip
    assert len(moved) == 2
    events = [effect["message"] for effect in made["effects"] if effect["__typename"] == "EventEffect"]
    assert events == ["StockReceived."] * 2


async def test_lots_lie_apart(shop: Shop) -> None:
    made = await receive(shop, line(shop, "apple", "3", lot=" A "), line(shop, "apple", "4", lot="B"))
    assert sorted((level["lot"], level["onHand"]) for level in made["stockLevels"]) == [("A", "3"), ("B", "4")]
    assert [(pool["onHandSellable"], pool["version"]) for pool in made["stockPools"]] == [("57", 2)]


async def test_only_normal_bins_can_be_sold_from(shop: Shop) -> None:
    """The pool has its event all the same."""
    added = await shop.did(
        "warehouseBinAdd", "warehouse { bins { id code } }",
        warehouseId=shop.warehouse_ids[1], code="SCRAP", kind="SCRAP",
    )  # fmt: skip
    scrap = next(bin_["id"] for bin_ in added["warehouse"]["bins"] if bin_["code"] == "SCRAP")
    made = await receive(shop, line(shop, "apple", "5", binId=scrap))
    assert [(level["onHand"], level["bin"]["code"]) for level in made["stockLevels"]] == [("5", "SCRAP")]
    assert [(pool["onHandSellable"], pool["version"]) for pool in made["stockPools"]] == [("50", 2)]


async def test_every_bad_line_is_reported_at_once(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    bins = await other.query("query ($id: ID!) { warehouse(by: {id: $id}) { bins { id } } }", id=other.warehouse_ids[0])
    await shop.add_product("ghost", isStocked=False)
    found = await refusals(
        shop,
        line(shop, "apple", "0"),
        line(shop, "apple", "0.5"),
        line(shop, "delivery", "1"),
        line(shop, "ghost", "1"),
        line(other, "apple", "1"),
        line(shop, "apple", "1", binId=bins["warehouse"]["bins"][0]["id"]),
        line(shop, "pear", "1", lot="x" * 81),
        line(shop, "pear", "1000000000000"),
    )
    assert found == [
        ("NOT_ALLOCATABLE", ["lines", "2", "productId"]),
        ("INVALID_INPUT", ["lines", "3", "productId"]),
        ("NOT_FOUND", ["lines", "4", "productId"]),
        ("NOT_FOUND", ["lines", "5", "binId"]),
        ("INVALID_INPUT", ["lines", "6", "lot"]),
        ("INVALID_QUANTITY", ["lines", "0", "quantity"]),
        ("INVALID_QUANTITY", ["lines", "1", "quantity"]),
        ("INVALID_QUANTITY", ["lines", "7", "quantity"]),
    ]


async def test_the_warehouse_is_one_of_the_company(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    found = await refusals(shop, line(shop, "apple", "1"), warehouseId=other.warehouse_ids[0])
    assert found == [("NOT_FOUND", ["warehouseId"])]


async def test_there_are_1_to_500_lines(shop: Shop) -> None:
    assert await refusals(shop) == [("INVALID_INPUT", ["lines"])]
    assert await refusals(shop, *[line(shop, "apple", "1")] * 501) == [("TOO_MANY_ENTRIES", ["lines"])]
    made = await receive(shop, *[line(shop, "apple", "1")] * 500)
    assert made["stockLevels"][0]["onHand"] == "500"


async def test_sums_fit_their_columns(shop: Shop) -> None:
    most = "999999999999"
    assert await refusals(shop, line(shop, "apple", most), line(shop, "apple", "1")) == [
        ("INVALID_QUANTITY", ["lines"])
    ]
    await receive(shop, line(shop, "apple", "999999999949"))


async def test_fractions_where_the_unit_has_them(shop: Shop) -> None:
    await shop.add_product("rice", unit="kg", quantityDigits=3)
    made = await receive(shop, line(shop, "rice", "0.125"))
    assert made["stockLevels"][0]["onHand"] == "0.125"
    assert await refusals(shop, line(shop, "rice", "0.0001")) == [("INVALID_QUANTITY", ["lines", "0", "quantity"])]


async def test_a_dry_run_tells_and_writes_nothing(shop: Shop) -> None:
    made = await receive(shop, line(shop, "apple", "3"), dryRun=True)
    assert (made["stockPools"], made["stockLevels"]) == ([], [])
    assert "Pool on hand sellable +3." in [effect["message"] for effect in made["effects"]]
    found = await shop.query(STOCK, id=shop.products["apple"])
    assert len(found["stockMovements"]["nodes"]) == 1
    assert [level["warehouse"]["code"] for level in found["product"]["stockLevels"]] == ["W1"]


async def test_a_repeated_request_receives_once(shop: Shop) -> None:
    again = key()
    for _ in range(2):
        made = await receive(shop, line(shop, "apple", "3"), idempotencyKey=again)
        assert made["stockLevels"][0]["onHand"] == "3"
        assert made["stockPools"][0]["onHandSellable"] == "53"


async def test_many_at_once_lose_nothing(shop: Shop) -> None:
    """Levels and pools that do not exist yet are made by the first; lines come in different orders."""
    await shop.add_product("fig")
    lines = [line(shop, "fig", "1"), line(shop, "apple", "1"), line(shop, "fig", "1", lot="L")]
    await asyncio.gather(*[receive(shop, *(lines if n % 2 else lines[::-1])) for n in range(12)])
    found = (await shop.query(STOCK, id=shop.products["fig"]))["product"]["stockLevels"]
    assert sorted((level["lot"], level["onHand"]) for level in found) == [("", "12"), ("L", "12")]
