"""Reading master data and stock: by key, in pages, in few statements, and never what is not the caller's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from gql_sales.db.engine import Database
from gql_sales.kernel.ids import decode_id
from tests.client import Client, Json
from tests.shop import ADDRESS, Shop, open_shop


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are read in the block."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    engine = database.read_engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("sku", ["apple", " APPLE ", "Apple"])
async def test_a_product_is_found_by_sku_without_regard_to_case(shop: Shop, sku: str) -> None:
    found = await shop.query("query ($sku: String!) { product(by: {sku: $sku}) { id } }", sku=sku)
    assert found["product"] == {"id": shop.products["apple"]}


@pytest.mark.parametrize("sku", ["appl", "", "a\u0000b", "%"])
async def test_nothing_else_is_found(shop: Shop, sku: str) -> None:
    found = await shop.query(
        "query ($sku: String!) { product(by: {sku: $sku}) { id } products(query: $sku) { nodes { sku } } }", sku=sku
    )
    assert found["product"] is None
    rows = {"appl": ["apple"], "": ["delivery", "pear", "apple"]}.get(sku, [])
    assert [row["sku"] for row in found["products"]["nodes"]] == rows


async def test_human_keys_and_ids_name_the_same(shop: Shop) -> None:
    await shop.did("customerUpdate", customerId=shop.customer_id, externalRef="C-1")
    found = await shop.query(
        """query ($channel: ID!, $warehouse: ID!, $customer: ID!) {
          a: channel(by: {id: $channel}) { id } b: channel(by: {code: "web"}) { id }
          c: warehouse(by: {id: $warehouse}) { id } d: warehouse(by: {code: "W1"}) { id }
          e: customer(by: {id: $customer}) { id } f: customer(by: {externalRef: "C-1"}) { id }
          channels { nodes { id } } warehouses { nodes { code } } customers(query: "ada") { nodes { id } }
        }""",
        channel=shop.channel_id,
        warehouse=shop.warehouse_ids[0],
        customer=shop.customer_id,
    )
    assert found["a"] == found["b"] == found["channels"]["nodes"][0] == {"id": shop.channel_id}
    assert found["c"] == found["d"] == {"id": shop.warehouse_ids[0]}
    assert found["e"] == found["f"] == found["customers"]["nodes"][0] == {"id": shop.customer_id}
    assert [row["code"] for row in found["warehouses"]["nodes"]] == ["W2", "W1"]


async def test_an_id_of_another_type_is_bad_input(shop: Shop) -> None:
    query = "query ($id: ID!) { product(by: {id: $id}) { id } }"
    answer = await shop.client.execute(query, {"id": shop.channel_id}, shop.staff)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


PAGE = """query ($first: Int, $after: String, $last: Int, $before: String, $query: String) {
  products(first: $first, after: $after, last: $last, before: $before, query: $query) {
    nodes { sku } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } totalCount { value exact } } }"""


async def test_products_are_paged_both_ways(shop: Shop) -> None:
    first = (await shop.query(PAGE, first=2))["products"]
    assert [row["sku"] for row in first["nodes"]] == ["delivery", "pear"]
    assert (first["pageInfo"]["hasNextPage"], first["totalCount"]) == (True, {"value": 3, "exact": True})
    second = (await shop.query(PAGE, first=2, after=first["pageInfo"]["endCursor"]))["products"]
    assert [row["sku"] for row in second["nodes"]] == ["apple"]
    back = (await shop.query(PAGE, last=1, before=second["pageInfo"]["startCursor"]))["products"]
    assert [row["sku"] for row in back["nodes"]] == ["pear"]
    variables = {"first": 2, "after": first["pageInfo"]["endCursor"], "query": "a"}
    answer = await shop.client.execute(PAGE, variables, shop.staff)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


LISTED = """query ($channel: ID!) { products(first: 100) { nodes {
  sku prices { price { amount } channel { code } } availability(channelId: $channel) { availableQuantity isAvailable }
  stockLevels { onHand warehouse { code } bin { code } product { sku } } } } }"""


async def test_the_number_of_statements_does_not_grow_with_the_rows(shop: Shop, database: Database) -> None:
    with counted(database) as few:
        await shop.query(LISTED, channel=shop.channel_id)
    for number in range(5):
        await shop.add_product(f"more{number}", stock=number)
    with counted(database) as many:
        found = await shop.query(LISTED, channel=shop.channel_id)
    assert len(found["products"]["nodes"]) == 8
    assert len(many) == len(few) <= 9


async def test_availability_is_what_the_pool_has_not_promised(shop: Shop, client: Client) -> None:
    """The one definition, also for shoppers, who see no stock (C-20)."""
    await shop.placed(("apple", 20))
    await shop.add_product("ghost", isStocked=False)
    elsewhere = await shop.did(
        "channelCreate", "channel { id }", code="far", name="Far", kind="WEB", currencyCode="EUR", poolCode="far"
    )
    query = """query ($channel: ID!) { products { nodes {
      sku availability(channelId: $channel) { availableQuantity isAvailable } } } }"""

    async def available(channel_id: str) -> dict[str, tuple[str | None, bool] | None]:
        rows = (await client.query(query, {"channel": channel_id}, shop.shopper()))["products"]["nodes"]
        return {row["sku"]: row["availability"] and tuple(row["availability"].values()) for row in rows}

    assert await available(shop.channel_id) == {
        "apple": ("30", True), "pear": ("50", True), "delivery": (None, True), "ghost": (None, True),
    }  # fmt: skip
    assert (await available(elsewhere["channel"]["id"]))["apple"] == ("0", False)
    assert (await available((await open_shop(client)).channel_id))["apple"] is None


@pytest.mark.parametrize(
    "query",
    ["{ stockLevels { nodes { id } } }", "{ stockMovements { nodes { id } } }", "{ warehouses { nodes { id } } }",
     '{ product(by: {sku: "apple"}) { stockLevels { id } } }', "{ taxRules { nodes { id } } }",
     "{ policies { name } }", "{ apiKeys { nodes { id } } }"],
)  # fmt: skip
async def test_the_storefront_knows_no_such_fields(shop: Shop, query: str) -> None:
    answer = await shop.client.execute(query, None, shop.shopper())
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "errors" not in await shop.client.execute(query, None, shop.staff)


async def test_shoppers_see_the_customer_they_are(shop: Shop, client: Client) -> None:
    eve = shop.shopper()
    values = {"name": "Eve", "email": "eve@example.com", "addresses": [ADDRESS]}
    made = await client.did("customerCreate", "customer { id }", values, eve)
    query = "query ($id: ID!) { customer(by: {id: $id}) { name addresses { line1 } } customers { nodes { name } } }"
    own = await client.query(query, {"id": made["customer"]["id"]}, eve)
    assert own == {
        "customer": {"name": "Eve", "addresses": [{"line1": "Main Street 1"}]},
        "customers": {"nodes": [{"name": "Eve"}]},
    }
    foreign = await client.query(query, {"id": shop.customer_id}, eve)
    assert foreign["customer"] is None
    assert (await client.query(query, {"id": made["customer"]["id"]}, shop.shopper())) == {
        "customer": None, "customers": {"nodes": []},
    }  # fmt: skip


async def test_staff_see_the_channels_and_warehouses_they_are_bound_to(shop: Shop, client: Client) -> None:
    await shop.receive("apple", 1, warehouse=1)
    await shop.did("channelCreate", code="other", name="O", kind="WEB", currencyCode="EUR", poolCode="main")
    bound = replace(
        shop.staff,
        channel_ids=frozenset({decode_id("Channel", shop.channel_id)}),
        warehouse_ids=frozenset({decode_id("Warehouse", shop.warehouse_ids[1])}),
    )
    found = await client.query(
        """{ channels { nodes { code } } warehouses { nodes { code } } stockLevels { nodes { onHand } }
             stockMovements { nodes { quantity } } }""",
        None,
        bound,
    )
    assert found == {
        "channels": {"nodes": [{"code": "web"}]},
        "warehouses": {"nodes": [{"code": "W2"}]},
        "stockLevels": {"nodes": [{"onHand": "1"}]},
        "stockMovements": {"nodes": [{"quantity": "1"}]},
    }
    lines = [{"productId": shop.products["apple"], "quantity": "1"}]
    values: Json = {"warehouseId": shop.warehouse_ids[0], "lines": lines}
    assert await client.refused("stockReceive", values, bound) == ["NOT_FOUND"]
    await client.did("stockReceive", "", {**values, "warehouseId": shop.warehouse_ids[1]}, bound)


async def test_prices_of_other_channels_stay_hidden(shop: Shop, client: Client) -> None:
    """A web shopper must not read what partners pay."""
    made = await shop.did(
        "channelCreate", "channel { id }", code="b2b", name="B", kind="PARTNER", currencyCode="EUR", poolCode="main"
    )
    await shop.did("productPriceSet", productId=shop.products["apple"], channelId=made["channel"]["id"], amount="7")
    shopper = replace(shop.shopper(), channel_ids=frozenset({decode_id("Channel", shop.channel_id)}))
    query = '{ product(by: {sku: "apple"}) { prices { price { amount } } } }'
    found = await client.query(query, None, shopper)
    assert found["product"]["prices"] == [{"price": {"amount": "10"}}]
    assert len((await shop.query(query))["product"]["prices"]) == 2


async def test_every_kind_of_node_is_found_by_its_id(shop: Shop, client: Client) -> None:
    found = await shop.query(
        """{ warehouses { nodes { id pool { id } bins { id } } } taxRules { nodes { id } }
             products { nodes { id prices { id } stockLevels { id } } } stockMovements { nodes { id } }
             channels { nodes { id } } customers { nodes { id } } }"""
    )
    warehouse, product = found["warehouses"]["nodes"][0], found["products"]["nodes"][-1]
    ids = [
        warehouse["id"], warehouse["pool"]["id"], warehouse["bins"][0]["id"], product["id"], product["prices"][0]["id"],
        product["stockLevels"][0]["id"], found["stockMovements"]["nodes"][0]["id"], found["taxRules"]["nodes"][0]["id"],
        found["channels"]["nodes"][0]["id"], found["customers"]["nodes"][0]["id"],
    ]  # fmt: skip
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await shop.query(query, ids=ids))["nodes"] == [{"id": id_} for id_ in ids]
    stranger = (await open_shop(client)).staff
    assert (await client.query(query, {"ids": ids}, stranger))["nodes"] == [None] * len(ids)
