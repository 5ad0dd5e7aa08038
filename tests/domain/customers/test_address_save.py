"""The address book: entries added and changed, one default for shipping and one for billing."""

from tests.client import Json
from tests.shop import ADDRESS, Shop

FIELDS = "customer { version addresses { id line1 line2 postalCode isDefaultShipping isDefaultBilling } }"


async def save(shop: Shop, address_id: str | None = None, **values: object) -> list[Json]:
    """The address book after one entry was saved."""
    extra = {} if address_id is None else {"addressId": address_id}
    made = await shop.did(
        "customerAddressSave", FIELDS, customerId=shop.customer_id, address={**ADDRESS, **values}, **extra
    )
    book: list[Json] = made["customer"]["addresses"]
    return book


async def test_defaults_move_and_stay_single(shop: Shop) -> None:
    (first,) = await save(shop, isDefaultShipping=True, isDefaultBilling=True)
    assert (first["isDefaultShipping"], first["isDefaultBilling"]) == (True, True)
    book = await save(shop, line1="Other Street 2", isDefaultShipping=True)
    assert [(a["isDefaultShipping"], a["isDefaultBilling"]) for a in book] == [(False, True), (True, False)]
    book = await save(shop, first["id"], isDefaultShipping=True)
    assert [(a["isDefaultShipping"], a["isDefaultBilling"]) for a in book] == [(True, True), (False, False)]
    book = await save(shop, book[1]["id"], isDefaultBilling=True)
    assert [(a["isDefaultShipping"], a["isDefaultBilling"]) for a in book] == [(True, False), (False, True)]
    book = await save(shop, book[1]["id"], isDefaultBilling=False)
    assert [(a["isDefaultShipping"], a["isDefaultBilling"]) for a in book] == [(True, False), (False, False)]


async def test_a_change_replaces_the_whole_entry(shop: Shop) -> None:
    (saved,) = await save(shop, line2="2nd floor")
    (changed,) = await save(shop, saved["id"], line1="New Street 3", postalCode=None)
    assert changed["id"] == saved["id"]
    assert (changed["line1"], changed["line2"], changed["postalCode"]) == ("New Street 3", None, None)


async def test_the_address_is_one_of_the_customer(shop: Shop) -> None:
    made = await shop.did("customerCreate", "customer { addresses { id } }", name="B", addresses=[ADDRESS])
    values = {"customerId": shop.customer_id, "address": ADDRESS}
    codes = await shop.refused("customerAddressSave", **values, addressId=made["customer"]["addresses"][0]["id"])
    assert codes == ["NOT_FOUND"]


async def test_every_part_is_checked(shop: Shop) -> None:
    address = {**ADDRESS, "name": "", "city": " ", "postalCode": "1" * 21}
    codes = await shop.refused("customerAddressSave", customerId=shop.customer_id, address=address)
    assert codes == ["INVALID_INPUT"] * 3


async def test_a_book_has_at_most_50(shop: Shop) -> None:
    made = await shop.did("customerCreate", "customer { id addresses { id } }", name="B", addresses=[ADDRESS] * 50)
    customer = made["customer"]
    codes = await shop.refused("customerAddressSave", customerId=customer["id"], address=ADDRESS)
    assert codes == ["TOO_MANY_ENTRIES"]
    await shop.did(
        "customerAddressSave", customerId=customer["id"], address=ADDRESS, addressId=customer["addresses"][0]["id"]
    )


async def test_shoppers_keep_their_own_book_and_see_no_other(shop: Shop) -> None:
    eve, mallory = shop.shopper(), shop.shopper()
    made = await shop.client.did("customerCreate", "customer { id }", {"name": "Eve", "email": "e@example.com"}, eve)
    values = {"customerId": made["customer"]["id"], "address": ADDRESS}
    saved = await shop.client.did("customerAddressSave", FIELDS, values, eve)
    id_ = saved["customer"]["addresses"][0]["id"]
    assert await shop.client.refused("customerAddressSave", values, mallory) == ["NOT_FOUND"]
    query = "query ($id: ID!) { node(id: $id) { __typename } }"
    assert (await shop.client.query(query, {"id": id_}, eve))["node"] == {"__typename": "Address"}
    assert (await shop.client.query(query, {"id": id_}, mallory))["node"] is None
