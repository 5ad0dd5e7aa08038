"""A partner's system: a key bound to a channel brings in orders, each once, and is cut off at once."""

from typing import Any

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.client import Client, Json, key
from tests.scenarios.books import summary
from tests.shop import Shop

SCOPES = ["channels:read", "customers:create", "customers:read", "orders:cancel", "orders:create", "orders:edit"]
SCOPES += ["orders:place", "orders:read", "products:read"]


class Partner:
    """Speaks with the secret of a key."""

    def __init__(self, client: Client, secret: str) -> None:
        """``secret`` is what apiKeyCreate gave once."""
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"}

    async def ask(self, query: str, /, **variables: Any) -> Json:
        """The whole answer."""
        body = {"query": query, "variables": variables}
        answer: Json = (await self.client.http.post("/graphql", json=body, headers=self.headers)).json()
        return answer

    async def mutate(self, name: str, fields: str, values: Json) -> Json:
        """The payload of a mutation, and how it was replayed."""
        kind = name[0].upper() + name[1:]
        answer = await self.ask(
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ code }} }} }}",
            input={"idempotencyKey": key(), **values},
        )
        assert "errors" not in answer, answer
        payload: Json = answer["data"][name]
        return payload


async def partner_of(shop: Shop) -> tuple[Partner, str]:
    """A partner with a channel of their own, and the key's id."""
    made = await shop.did(
        "channelCreate", "channel { id }", code="ptr", name="Partner", kind="PARTNER", currencyCode="EUR",
        poolCode="main",
    )  # fmt: skip
    shop.channel_id = made["channel"]["id"]
    for sku in ("apple", "pear"):
        await shop.did("productPriceSet", productId=shop.products[sku], channelId=shop.channel_id, amount="9.00")
    made = await shop.did(
        "apiKeyCreate", "secret apiKey { id }", name="Partner", scopes=SCOPES, channelIds=[shop.channel_id]
    )
    return Partner(shop.client, made["secret"]), made["apiKey"]["id"]


async def test_an_order_comes_in_once(shop: Shop, client: Client, database: Database) -> None:
    """PK-51, api.md 10 partner 1 and 3, P2: idempotent by key and by the partner's own reference."""
    partner, _ = await partner_of(shop)
    guest = {"kind": "GUEST", "name": "Carl", "email": "carl@example.com", "idempotencyKey": key()}
    made = await partner.mutate("customerCreate", "customer { id }", guest)
    values = {**shop.order_values(("apple", 2)), "externalRef": "P-1", "idempotencyKey": key(), "then": ["PLACE"]}
    # A customer of other channels does not exist for this one, so it brings its own.
    assert (await partner.mutate("orderCreate", "", values))["userErrors"] == [{"code": "NOT_FOUND"}]
    values["customerId"] = made["customer"]["id"]
    del values["channelId"]
    fields = "order { id number externalRef source channel { id } }"
    first = await partner.mutate("orderCreate", fields, values)
    assert (first["userErrors"], first["order"]["source"]) == ([], "PARTNER")
    assert first["order"]["channel"]["id"] == shop.channel_id
    assert await partner.mutate("orderCreate", fields, values) == first
    again = await partner.mutate("orderCreate", fields, {**values, "idempotencyKey": key()})
    assert (again["order"], again["userErrors"]) == (None, [{"code": "EXTERNAL_REF_TAKEN"}])
    other = await partner.mutate("orderCreate", fields, {**values, "externalRef": "P-2"})
    assert other["userErrors"] == [{"code": "IDEMPOTENCY_KEY_REUSED"}]
    found = await partner.ask('{ order(by: {externalRef: "P-1"}) { id summary } orders { nodes { id } } }')
    assert found["data"] == {
        "order": {"id": first["order"]["id"], "summary": "committed, unbilled, unpaid"},
        "orders": {"nodes": [{"id": first["order"]["id"]}]},
    }
    # The key of one principal is no key of another.
    values = {**shop.order_values(("apple", 1)), "idempotencyKey": values["idempotencyKey"]}
    await client.did("orderCreate", "", values, shop.staff)
    assert await verify(database, shop.company) == []


async def test_a_partner_sees_its_channel_only(shop: Shop, database: Database) -> None:
    """PK-29, KS-3, P8: orders, channels and prices of other channels do not exist."""
    web = shop.channel_id
    foreign = await shop.placed(("apple", 1), externalRef="W-1")
    partner, _ = await partner_of(shop)
    found = await partner.ask(
        """query ($id: ID!, $channel: ID!) {
          order(by: {id: $id}) { id } byRef: order(by: {externalRef: "W-1"}) { id } node(id: $id) { id }
          byNumber: order(by: {number: "S-000001"}) { id }
          orders { nodes { id } } channels { nodes { id } } channel(by: {id: $channel}) { id }
          product(by: {sku: "apple"}) { prices { price { amount } } }
        }""",
        id=foreign["id"],
        channel=web,
    )
    assert found["data"] == {
        "order": None, "byRef": None, "node": None, "byNumber": None, "orders": {"nodes": []},
        "channels": {"nodes": [{"id": shop.channel_id}]}, "channel": None,
        "product": {"prices": [{"price": {"amount": "9"}}]},
    }  # fmt: skip
    refused = await partner.mutate("orderCancel", "order { id }", {"orderId": foreign["id"], "reason": "x"})
    assert refused == {"order": None, "userErrors": [{"code": "NOT_FOUND"}]}
    values = {**shop.order_values(("apple", 1)), "channelId": web}
    refused = await partner.mutate("orderCreate", "order { id }", values)
    assert refused == {"order": None, "userErrors": [{"code": "NOT_FOUND"}]}
    assert await summary(shop, foreign["id"]) == "committed, unbilled, unpaid"
    assert await verify(database, shop.company) == []


async def test_a_revoked_key_is_refused_at_once(shop: Shop) -> None:
    """A5: also what worked a moment ago."""
    partner, id_ = await partner_of(shop)
    assert "errors" not in await partner.ask("{ orders { nodes { id } } }")
    await shop.did("apiKeyRevoke", apiKeyId=id_)
    answer = await partner.ask("{ orders { nodes { id } } }")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
