"""API keys of partners: bound, shown once, never stored (reliability A5)."""

from dataclasses import replace

import orjson
from sqlalchemy import text

from gql_sales.access.scopes import PARTNER
from gql_sales.db.engine import Database
from gql_sales.kernel.ids import decode_id
from tests.client import Client, Json, key
from tests.shop import Shop, open_shop

FIELDS = "secret apiKey { id name prefix scopes channelIds warehouseIds expiresAt revokedAt }"


async def ask(client: Client, secret: str, query: str) -> Json:
    """An operation of the key's holder."""
    headers = {"Authorization": f"Bearer {secret}"}
    answer: Json = (await client.http.post("/graphql", json={"query": query}, headers=headers)).json()
    return answer


async def test_a_key_opens_what_it_is_bound_to(shop: Shop, client: Client) -> None:
    await shop.did("channelCreate", code="c2", name="C", kind="WEB", currencyCode="EUR", poolCode="main")
    made = await shop.did(
        "apiKeyCreate", FIELDS, name=" Partner ", scopes=["products:read", "channels:read", "products:read"],
        channelIds=[shop.channel_id], expiresAt="2999-01-01T00:00:00Z",
    )  # fmt: skip
    found = made["apiKey"]
    assert (found["name"], found["scopes"], found["channelIds"], found["warehouseIds"]) == (
        "Partner", ["channels:read", "products:read"], [shop.channel_id], None,
    )  # fmt: skip
    assert made["secret"].startswith(f"gqs_{found['prefix']}_")
    answer = await ask(client, made["secret"], '{ channels { nodes { id } } product(by: {sku: "apple"}) { sku } }')
    assert answer["data"] == {"channels": {"nodes": [{"id": shop.channel_id}]}, "product": {"sku": "apple"}}
    answer = await ask(client, made["secret"], "{ warehouses { nodes { id } } }")
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_the_secret_is_shown_once_and_stored_nowhere(shop: Shop, database: Database) -> None:
    values = {"name": "P", "scopes": ["products:read"], "idempotencyKey": key()}
    first = await shop.did("apiKeyCreate", FIELDS, **values)
    again = await shop.did("apiKeyCreate", FIELDS, **values)
    assert again["apiKey"] == first["apiKey"]
    assert again["secret"] is None
    for table in ("idempotency_keys", "api_keys", "events"):
        rows = await database.read(text(f"SELECT t::text FROM {table} t"))
        assert first["secret"].encode() not in orjson.dumps([row[0] for row in rows])


async def test_a_dry_run_makes_no_key(shop: Shop) -> None:
    made = await shop.did("apiKeyCreate", FIELDS, name="P", scopes=["products:read"], dryRun=True)
    assert (made["secret"], made["apiKey"]) == (None, None)


async def test_a_key_holds_nothing_beyond_partners_and_its_maker(shop: Shop, client: Client) -> None:
    wanted = ["products:read", "orders:read", "policies:edit", "nonsense"]
    maker = shop.member("api_keys:create", "api_keys:read", "products:read")
    payload = await client.mutate("apiKeyCreate", "", {"name": "P", "scopes": wanted}, maker)
    assert [(error["code"], error["path"][1:]) for error in payload["userErrors"]] == [
        ("INVALID_INPUT", ["scopes", "1"]),
        ("INVALID_INPUT", ["scopes", "2"]),
        ("INVALID_INPUT", ["scopes", "3"]),
    ]
    assert await client.refused("apiKeyCreate", {"name": "P", "scopes": []}, maker) == ["INVALID_INPUT"]
    await client.did("apiKeyCreate", FIELDS, {"name": "P", "scopes": ["products:read"]}, maker)
    assert (await shop.did("apiKeyCreate", FIELDS, name="P", scopes=sorted(PARTNER)))["secret"]


async def test_a_key_reaches_no_farther_than_its_maker(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    scopes = ["products:read"]
    codes = await shop.refused(
        "apiKeyCreate", name="P", scopes=scopes, channelIds=[other.channel_id], warehouseIds=other.warehouse_ids
    )
    assert codes == ["NOT_FOUND"] * 3
    bound = replace(
        shop.staff,
        channel_ids=frozenset({decode_id("Channel", shop.channel_id)}),
        warehouse_ids=frozenset({decode_id("Warehouse", shop.warehouse_ids[0])}),
    )
    made = await client.did("apiKeyCreate", FIELDS, {"name": "P", "scopes": scopes}, bound)
    assert (made["apiKey"]["channelIds"], made["apiKey"]["warehouseIds"]) == (
        [shop.channel_id], [shop.warehouse_ids[0]],
    )  # fmt: skip
    values = {"name": "P", "scopes": scopes, "warehouseIds": [shop.warehouse_ids[1]]}
    assert await client.refused("apiKeyCreate", values, bound) == ["NOT_FOUND"]


async def test_the_end_lies_ahead(shop: Shop) -> None:
    values = {"name": "P", "scopes": ["products:read"]}
    assert await shop.refused("apiKeyCreate", **values, expiresAt="2020-01-01T00:00:00Z") == ["INVALID_DATE"]
    await shop.did("apiKeyCreate", **values, expiresAt="2999-01-01T00:00:00Z")


async def test_keys_are_listed_and_partners_see_their_own(shop: Shop, client: Client) -> None:
    values = {"scopes": ["api_keys:read"]}
    first = await shop.did("apiKeyCreate", FIELDS, name="First", **values)
    await shop.did("apiKeyCreate", FIELDS, name="Second", **values)
    listed = await shop.query("{ apiKeys { nodes { name } } }")
    assert [row["name"] for row in listed["apiKeys"]["nodes"]] == ["Second", "First"]
    answer = await ask(client, first["secret"], "{ apiKeys { nodes { name } } }")
    assert answer["data"]["apiKeys"]["nodes"] == [{"name": "First"}]
