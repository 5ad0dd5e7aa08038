"""An address leaves the address book."""

from tests.shop import ADDRESS, Shop

FIELDS = "customer { id version addresses { id } }"


async def test_an_address_is_removed_once(shop: Shop) -> None:
    made = await shop.did("customerCreate", FIELDS, name="B", addresses=[ADDRESS, ADDRESS])
    customer = made["customer"]
    first, second = (address["id"] for address in customer["addresses"])
    values = {"customerId": customer["id"], "addressId": first}
    left = await shop.did("customerAddressRemove", FIELDS, **values)
    assert left["customer"] == {"id": customer["id"], "version": 2, "addresses": [{"id": second}]}
    assert await shop.refused("customerAddressRemove", **values) == ["NOT_FOUND"]


async def test_the_address_is_one_of_the_customer(shop: Shop) -> None:
    made = await shop.did("customerCreate", FIELDS, name="B", addresses=[ADDRESS])
    id_ = made["customer"]["addresses"][0]["id"]
    codes = await shop.refused("customerAddressRemove", customerId=shop.customer_id, addressId=id_)
    assert codes == ["NOT_FOUND"]
    await shop.did("customerAddressRemove", customerId=made["customer"]["id"], addressId=id_)
