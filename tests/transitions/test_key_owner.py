"""An idempotency key is one principal's in one company: the same login may keep the books of several (I1, I5)."""

from tests.client import Client, key
from tests.shop import Shop, open_shop


async def test_the_same_key_in_another_company_is_another_key(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    assert (shop.staff.key, shop.company) != (other.staff.key, other.company)
    assert shop.staff.key == other.staff.key
    values = {"name": "Bob", "kind": "STAFF_CREATED", "idempotencyKey": key()}
    fields = "customer { id name }"
    made = [(await one.did("customerCreate", fields, **values))["customer"] for one in (shop, other)]
    assert [customer["name"] for customer in made] == ["Bob", "Bob"]
    assert made[0]["id"] != made[1]["id"]
    assert (await shop.did("customerCreate", fields, **values))["customer"] == made[0]
