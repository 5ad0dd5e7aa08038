"""A login may keep the books of several companies: what one was answered is no answer in another (I2, I5)."""

from tests.client import Client, key
from tests.shop import Shop, open_shop


async def test_a_key_used_in_one_company_is_not_replayed_in_another(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    assert shop.staff.key == other.staff.key
    values = {"name": "Bob", "kind": "STAFF_CREATED", "idempotencyKey": key()}
    fields = "customer { id name }"
    made = (await shop.did("customerCreate", fields, **values))["customer"]
    assert await other.refused("customerCreate", **values) == ["IDEMPOTENCY_KEY_REUSED"]
    assert (await shop.did("customerCreate", fields, **values))["customer"] == made
    await other.did("customerCreate", fields, **{**values, "idempotencyKey": key()})
