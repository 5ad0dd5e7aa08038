"""What stock is worth, and what the ledger says of it under FULL (X-16, posting table of domain.md 5; L5, I-9)."""

import asyncio

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import ship
from tests.client import Json
from tests.scenarios.books import entries
from tests.shop import Shop
from tests.stockroom import add_bin

POOL = "stockPools { id onHandSellable valuedQuantity unitCost inventoryValue { amount currencyCode } }"
TRIAL = "{ trialBalance { isBalanced lines { role balance { amount } } } }"


async def receive(shop: Shop, sku: str, quantity: str, cost: str | None = None, **place: str) -> Json:
    """Goods arrive at this cost; the pool as it is then."""
    line = {"productId": shop.products[sku], "quantity": quantity, **place}
    lines = [line if cost is None else {**line, "unitCost": cost}]
    payload = await shop.did("stockReceive", POOL, warehouseId=shop.warehouse_ids[0], lines=lines)
    pool: Json = payload["stockPools"][0]
    return pool


async def move(shop: Shop, sku: str, quantity: str, **bins: str) -> Json:
    """Goods go from bin to bin; the pool as it is then."""
    line = {"productId": shop.products[sku], "quantity": quantity, **bins}
    here = shop.warehouse_ids[0]
    payload = await shop.did("stockMove", POOL, fromWarehouseId=here, toWarehouseId=here, lines=[line])
    pool: Json = payload["stockPools"][0]
    return pool


def figures(pool: Json) -> tuple[str, str, str]:
    """How many are valued at what, and the average."""
    return pool["valuedQuantity"], pool["inventoryValue"]["amount"], pool["unitCost"]


async def accounts(shop: Shop) -> dict[str, str]:
    """What accounts hold that hold something; they balance."""
    balance = (await shop.query(TRIAL))["trialBalance"]
    assert balance["isBalanced"]
    return {one["role"]: one["balance"]["amount"] for one in balance["lines"] if one["balance"]["amount"] != "0"}


async def test_goods_are_worth_their_moving_average(shop: Shop) -> None:
    await shop.add_product("lamp")
    assert figures(await receive(shop, "lamp", "10", "2.00")) == ("10", "20", "2")
    assert figures(await receive(shop, "lamp", "5", "3.50")) == ("15", "37.5", "2.5")
    assert figures(await receive(shop, "lamp", "5")) == ("20", "50", "2.5")


async def test_the_last_piece_takes_the_rest_of_the_value(shop: Shop, database: Database) -> None:
    """N-13: shares of a value that does not divide add up to it."""
    await shop.add_product("lamp")
    await receive(shop, "lamp", "3", "0.333333")
    values = []
    for _ in range(3):
        await ship(shop, await shop.placed(("lamp", 1)), ("lamp", 1))
        read = (
            "query ($id: ID!) { stockMovements(filter: {productId: {in: [$id]}}) { nodes { kind value { amount } } } }"
        )
        moved = (await shop.query(read, id=shop.products["lamp"]))["stockMovements"]["nodes"][0]
        values.append((moved["kind"], moved["value"]["amount"]))
    assert values == [("SHIP", "-0.33"), ("SHIP", "-0.34"), ("SHIP", "-0.33")]
    assert figures(await receive(shop, "lamp", "1")) == ("1", "0.33", "0.33")
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize(
    ("mode", "cost"), [("FULL", [("STOCK", {"COGS": "5", "INVENTORY": "-5"})]), ("FOUR_EVENTS", []), ("OFF", [])]
)
async def test_only_full_books_hold_what_goods_cost(
    shop: Shop, database: Database, mode: str, cost: list[tuple[str, dict[str, str]]]
) -> None:
    """X-16: the setting alone decides whether a shipment posts its cost; stock itself is worth the same."""
    await shop.did("policySet", name="journalMode", value=mode)
    await shop.add_product("lamp")
    pool = await receive(shop, "lamp", "10", "2.50")
    assert figures(pool) == ("10", "25", "2.5")
    arrived = [("STOCK", {"INVENTORY": "25", "GOODS_RECEIVED": "-25"})] if mode == "FULL" else []
    assert await entries(shop, pool["id"]) == arrived
    sent = await ship(shop, await shop.placed(("lamp", 2)), ("lamp", 2))
    assert await entries(shop, sent["shipment"]["id"]) == cost
    assert await verify(database, shop.company) == []


async def test_counting_posts_what_is_missing_and_what_is_found(shop: Shop, database: Database) -> None:
    await shop.did("policySet", name="journalMode", value="FULL")
    await shop.add_product("lamp")
    pool = await receive(shop, "lamp", "10", "2.50")
    for counted in ("6", "8"):
        await shop.did(
            "stockAdjust",
            warehouseId=shop.warehouse_ids[0],
            lines=[{"productId": shop.products["lamp"], "countedQuantity": counted}],
            reason="count",
        )
    assert (await entries(shop, pool["id"]))[1:] == [
        ("STOCK", {"STOCK_ADJUSTMENT": "10", "INVENTORY": "-10"}),
        ("STOCK", {"INVENTORY": "5", "STOCK_ADJUSTMENT": "-5"}),
    ]
    assert await accounts(shop) == {"INVENTORY": "20", "GOODS_RECEIVED": "-25", "STOCK_ADJUSTMENT": "5"}
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize(
    ("start", "goal", "posted"),
    [
        ("NORMAL", "REPAIR", {}),
        ("NORMAL", "SCRAP", {"SCRAP_LOSS": "10", "INVENTORY": "-10"}),
        ("REPAIR", "SCRAP", {"SCRAP_LOSS": "10", "INVENTORY": "-10"}),
        ("SCRAP", "NORMAL", {"INVENTORY": "10", "SCRAP_LOSS": "-10"}),
        ("NORMAL", "INSPECTION", {"COGS": "10", "INVENTORY": "-10"}),
        ("INSPECTION", "NORMAL", {"INVENTORY": "10", "COGS": "-10"}),
        ("INSPECTION", "REPAIR", {"INVENTORY": "10", "COGS": "-10"}),
        ("INSPECTION", "SCRAP", {"SCRAP_LOSS": "10", "COGS": "-10"}),
    ],
)
async def test_a_move_between_bins_is_posted_by_their_kinds(
    shop: Shop, database: Database, start: str, goal: str, posted: dict[str, str]
) -> None:
    await shop.did("policySet", name="journalMode", value="FULL")
    await shop.add_product("lamp")
    pool = await receive(shop, "lamp", "10", "2.50")
    bins = {kind: await add_bin(shop, kind, kind) for kind in {start, goal}}
    if start != "NORMAL":
        await move(shop, "lamp", "4", toBinId=bins[start])
    else:
        await move(shop, "lamp", "4", toBinId=bins["NORMAL"])
    before = len(await entries(shop, pool["id"]))
    await move(shop, "lamp", "4", fromBinId=bins[start], toBinId=bins[goal])
    assert [lines for _, lines in (await entries(shop, pool["id"]))[before:]] == ([posted] if posted else [])
    assert await verify(database, shop.company) == []


async def test_goods_take_their_value_to_another_pool(shop: Shop, database: Database) -> None:
    await shop.did("policySet", name="journalMode", value="FULL")
    await shop.add_product("lamp")
    here = await receive(shop, "lamp", "10", "2.50")
    values = {"code": "far", "name": "Far", "countryCode": "NL", "poolCode": "far"}
    far = (await shop.did("warehouseCreate", "warehouse { id }", **values))["warehouse"]["id"]
    line = {"productId": shop.products["lamp"], "quantity": "4"}
    payload = await shop.did("stockMove", POOL, fromWarehouseId=shop.warehouse_ids[0], toWarehouseId=far, lines=[line])
    assert sorted(figures(pool) for pool in payload["stockPools"]) == [("4", "10", "2.5"), ("6", "15", "2.5")]
    assert len(await entries(shop, here["id"])) == 1, "Inventory is one account."
    assert await verify(database, shop.company) == []


async def test_books_take_up_what_is_there_when_they_begin_to_hold_stock(shop: Shop, database: Database) -> None:
    """X-16: a company turns FULL on, off and on again; each time Inventory is what stock is worth."""
    await shop.add_product("lamp")
    await receive(shop, "lamp", "10", "2.50")
    assert await accounts(shop) == {}
    on = {"name": "journalMode", "value": "FULL"}
    dry = await shop.did("policySet", "effects { message }", **on, dryRun=True)
    assert "STOCK: Dr INVENTORY 25.00 EUR." in [effect["message"] for effect in dry["effects"]]
    await shop.did("policySet", **on)
    assert await accounts(shop) == {"INVENTORY": "25", "GOODS_RECEIVED": "-25"}
    await shop.did("policySet", **on)
    assert await accounts(shop) == {"INVENTORY": "25", "GOODS_RECEIVED": "-25"}, "Set again, nothing is posted again."
    await shop.did("policySet", name="journalMode", value="FOUR_EVENTS")
    await ship(shop, await shop.placed(("lamp", 4)), ("lamp", 4))
    assert await accounts(shop) == {"INVENTORY": "25", "GOODS_RECEIVED": "-25"}
    await shop.did("policySet", **on)
    assert await accounts(shop) == {"INVENTORY": "15", "GOODS_RECEIVED": "-15"}
    assert await verify(database, shop.company) == []


async def test_books_miss_nothing_that_arrives_while_they_begin(shop: Shop, database: Database) -> None:
    """L5 under concurrency: deliveries run while FULL is set; each is taken up or posted, never both or neither."""
    await shop.add_product("lamp")
    await asyncio.gather(
        *[receive(shop, "lamp", "1", "1.00") for _ in range(10)],
        shop.did("policySet", name="journalMode", value="FULL"),
        *[receive(shop, "lamp", "1", "1.00") for _ in range(10)],
    )
    assert (await accounts(shop))["INVENTORY"] == "20"
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize("cost", ["-0.01", "1000000000000"])
async def test_a_cost_is_a_sensible_amount(shop: Shop, cost: str) -> None:
    """The positive twin is every other test here."""
    await shop.add_product("lamp")
    line = {"productId": shop.products["lamp"], "quantity": "1", "unitCost": cost}
    assert await shop.refused("stockReceive", warehouseId=shop.warehouse_ids[0], lines=[line]) == ["INVALID_AMOUNT"]


async def test_a_value_fits_into_the_books(shop: Shop) -> None:
    await shop.add_product("lamp")
    line = {"productId": shop.products["lamp"], "quantity": "100000", "unitCost": "999999999999"}
    assert await shop.refused("stockReceive", warehouseId=shop.warehouse_ids[0], lines=[line]) == ["INVALID_AMOUNT"]


async def test_what_goods_cost_is_for_who_reads_the_journal(shop: Shop) -> None:
    """api.md 1: warehouse staff sees quantities, not costs."""
    query = "query ($id: ID!) { product(by: {id: $id}) { stockPools { onHandSellable unitCost } } }"
    clerk = shop.member("products:read", "stock:read")
    answer = await shop.client.execute(query, {"id": shop.products["apple"]}, clerk)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert (await shop.query(query, id=shop.products["apple"]))["product"]["stockPools"][0]["unitCost"] == "0"
