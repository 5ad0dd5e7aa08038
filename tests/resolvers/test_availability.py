"""One definition of availability, shown with what it is made of to those who may see stock (C-20)."""

from tests.shop import Shop
from tests.stockroom import add_bin, put

POOL = "onHandSellable committed available pool { code } onHandByBinKind { kind onHand }"
QUERY = f"""query ($channel: ID!) {{ products {{ nodes {{ sku stockPools {{ {POOL} }}
  availability(channelId: $channel) {{ availableQuantity isAvailable stockPool {{ {POOL} }} }} }} }} }}"""


async def test_the_figure_and_its_parts_are_the_same_numbers(shop: Shop) -> None:
    transit, scrap = await add_bin(shop, "WAY", "TRANSIT", warehouse=1), await add_bin(shop, "SCRAP", "SCRAP")
    await put(shop, "apple", 7, warehouse=1, binId=transit)
    await put(shop, "apple", 2, binId=scrap)
    await shop.placed(("apple", 20))
    rows = (await shop.query(QUERY, channel=shop.channel_id))["products"]["nodes"]
    found = {row["sku"]: row for row in rows}
    pool = {
        "onHandSellable": "50",
        "committed": "20",
        "available": "30",
        "pool": {"code": "main"},
        "onHandByBinKind": [
            {"kind": "NORMAL", "onHand": "50"},
            {"kind": "SCRAP", "onHand": "2"},
            {"kind": "TRANSIT", "onHand": "7"},
        ],
    }
    assert found["apple"]["availability"] == {"availableQuantity": "30", "isAvailable": True, "stockPool": pool}
    assert found["apple"]["stockPools"] == [pool]
    assert found["delivery"]["availability"]["stockPool"] is None


async def test_what_is_called_available_is_what_placing_asks(shop: Shop) -> None:
    """saleor/apps#1175: never "insufficient" where the same figure says that there is enough, nor the other way."""
    await shop.placed(("apple", 45))
    refused = await shop.draft(("apple", 6))
    assert await shop.refused("orderPlace", orderId=refused["id"]) == ["INSUFFICIENT_STOCK"]
    rows = (await shop.query(QUERY, channel=shop.channel_id))["products"]["nodes"]
    assert next(row for row in rows if row["sku"] == "apple")["availability"]["availableQuantity"] == "5"
    await shop.placed(("apple", 5))


async def test_levels_are_listed_by_kind_of_bin(shop: Shop) -> None:
    scrap = await add_bin(shop, "SCRAP", "SCRAP")
    await put(shop, "apple", 2, binId=scrap)
    query = """query ($kinds: [BinKind!]) { stockLevels(filter: {binKind: {in: $kinds}}) {
        nodes { onHand free bin { kind } } } }"""
    for kinds, count in [(["SCRAP"], 1), (["NORMAL"], 2), (["SCRAP", "NORMAL"], 3), ([], 0), (None, 3)]:
        nodes = (await shop.query(query, kinds=kinds))["stockLevels"]["nodes"]
        assert len(nodes) == count
        assert kinds is None or all(node["bin"]["kind"] in kinds for node in nodes)


async def test_shoppers_see_the_figure_only(shop: Shop) -> None:
    """reliability.md 5, case 42: what is behind it is denied by field."""
    shopper = shop.shopper()
    query = "query ($channel: ID!) { products { nodes { availability(channelId: $channel) { %s } } } }"
    seen = await shop.client.query(query % "availableQuantity", {"channel": shop.channel_id}, shopper)
    assert seen["products"]["nodes"][-1] == {"availability": {"availableQuantity": "50"}}
    hidden = await shop.client.execute(query % "stockPool { committed }", {"channel": shop.channel_id}, shopper)
    assert hidden["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
