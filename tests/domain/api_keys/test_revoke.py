"""A revoked key opens nothing any more, with the very next request (reliability A5)."""

from tests.client import Client
from tests.domain.api_keys.test_create import ask
from tests.shop import Shop, open_shop


async def test_a_key_ends_at_once_and_for_ever(shop: Shop, client: Client) -> None:
    made = await shop.did("apiKeyCreate", "secret apiKey { id }", name="P", scopes=["products:read"])
    query = '{ product(by: {sku: "apple"}) { sku } }'
    assert "errors" not in await ask(client, made["secret"], query)
    ended = await shop.did("apiKeyRevoke", "apiKey { revokedAt version }", apiKeyId=made["apiKey"]["id"])
    assert ended["apiKey"]["revokedAt"]
    answer = await ask(client, made["secret"], query)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert await shop.refused("apiKeyRevoke", apiKeyId=made["apiKey"]["id"]) == ["INVALID_TRANSITION"]


async def test_a_foreign_key_does_not_exist(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    made = await other.did("apiKeyCreate", "apiKey { id }", name="P", scopes=["products:read"])
    assert await shop.refused("apiKeyRevoke", apiKeyId=made["apiKey"]["id"]) == ["NOT_FOUND"]
    await other.did("apiKeyRevoke", apiKeyId=made["apiKey"]["id"])
