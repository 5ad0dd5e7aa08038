"""Customers change what is known of them; shoppers only of themselves."""

from tests.shop import Shop

FIELDS = "customer { id name email phone taxNumber externalRef version }"


async def test_absent_keeps_and_null_clears(shop: Shop) -> None:
    values = {"customerId": shop.customer_id}
    await shop.did("customerUpdate", FIELDS, **values, email="ada@example.com", phone="1", externalRef="C-1")
    made = await shop.did("customerUpdate", FIELDS, **values, name="Ada King", phone=None)
    assert made["customer"] == {
        "id": shop.customer_id, "name": "Ada King", "email": "ada@example.com", "phone": None, "taxNumber": None,
        "externalRef": "C-1", "version": 3,
    }  # fmt: skip


async def test_values_are_checked(shop: Shop) -> None:
    codes = await shop.refused("customerUpdate", customerId=shop.customer_id, name=None, phone="1" * 41)
    assert codes == ["INVALID_INPUT", "INVALID_INPUT"]
    await shop.did("customerUpdate", customerId=shop.customer_id, phone="1" * 40)


async def test_the_external_reference_is_unique(shop: Shop) -> None:
    await shop.did("customerCreate", name="B", externalRef="C-1")
    codes = await shop.refused("customerUpdate", customerId=shop.customer_id, externalRef="C-1")
    assert codes == ["EXTERNAL_REF_TAKEN"]
    await shop.did("customerUpdate", customerId=shop.customer_id, externalRef="C-2")


async def test_shoppers_change_themselves_only(shop: Shop) -> None:
    eve = shop.shopper()
    made = await shop.client.did("customerCreate", FIELDS, {"name": "Eve", "email": "eve@example.com"}, eve)
    values = {"customerId": made["customer"]["id"]}
    assert await shop.client.refused("customerUpdate", {**values, "email": None}, eve) == ["EMAIL_REQUIRED"]
    assert await shop.client.refused("customerUpdate", {**values, "externalRef": "C-1"}, eve) == ["INVALID_INPUT"]
    changed = await shop.client.did("customerUpdate", FIELDS, {**values, "email": "e@example.com"}, eve)
    assert changed["customer"]["email"] == "e@example.com"
    for other in ({"customerId": shop.customer_id}, values):
        codes = await shop.client.refused("customerUpdate", {**other, "name": "X"}, shop.shopper())
        assert codes == ["NOT_FOUND"]
