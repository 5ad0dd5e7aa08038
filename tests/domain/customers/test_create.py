"""Customers: every order has one (KS-20), guests and registered ones are their own (KS-21, KS-22)."""

import asyncio
from typing import Any

from gql_sales.kernel.principals import PrincipalKind
from tests.client import Client, Json
from tests.shop import ADDRESS, Shop, open_shop

FIELDS = """customer { id kind name email phone taxNumber externalRef version
  addresses { id name line1 line2 city region postalCode countryCode isDefaultShipping isDefaultBilling } }"""


async def own(shop: Shop, login: PrincipalKind, **values: Any) -> Json:
    """A shopper's own record."""
    made = await shop.client.did("customerCreate", FIELDS, {"name": "Eve", "email": "eve@example.com", **values},
                                 shop.shopper(kind=login))  # fmt: skip
    customer: Json = made["customer"]
    return customer


async def test_staff_enter_customers_with_their_addresses(shop: Shop) -> None:
    made = await shop.did(
        "customerCreate", FIELDS, name=" Ada ", email="ada@example.com", phone=" 1 ", externalRef="C-1",
        addresses=[{**ADDRESS, "isDefaultShipping": True}, {**ADDRESS, "line2": "2nd floor", "isDefaultBilling": True}],
    )  # fmt: skip
    customer = made["customer"]
    assert (customer["kind"], customer["name"], customer["phone"], customer["externalRef"]) == (
        "STAFF_CREATED", "Ada", "1", "C-1",
    )  # fmt: skip
    assert [(a["line2"], a["isDefaultShipping"], a["isDefaultBilling"]) for a in customer["addresses"]] == [
        (None, True, False), ("2nd floor", False, True),
    ]  # fmt: skip


async def test_staff_enter_guests_but_register_nobody(shop: Shop) -> None:
    assert await shop.refused("customerCreate", name="A", kind="GUEST") == ["EMAIL_REQUIRED"]
    made = await shop.did("customerCreate", FIELDS, name="A", kind="GUEST", email="a@example.com")
    assert made["customer"]["kind"] == "GUEST"
    assert await shop.refused("customerCreate", name="A", kind="REGISTERED", email="a@example.com") == ["INVALID_INPUT"]


async def test_a_shoppers_kind_follows_from_the_login(shop: Shop) -> None:
    assert (await own(shop, PrincipalKind.GUEST))["kind"] == "GUEST"
    assert (await own(shop, PrincipalKind.CUSTOMER))["kind"] == "REGISTERED"
    assert (await own(shop, PrincipalKind.CUSTOMER, kind="REGISTERED"))["kind"] == "REGISTERED"
    values = {"name": "Eve", "email": "eve@example.com", "kind": "STAFF_CREATED"}
    assert await shop.client.refused("customerCreate", values, shop.shopper()) == ["INVALID_INPUT"]


async def test_shoppers_need_an_email_and_choose_no_reference(shop: Shop) -> None:
    values = {"name": "Eve", "externalRef": "mine"}
    assert await shop.client.refused("customerCreate", values, shop.shopper()) == ["INVALID_INPUT", "EMAIL_REQUIRED"]


async def test_a_login_has_one_record(shop: Shop, client: Client) -> None:
    """Also when it asks twice at once, and each company keeps its own."""
    values, shopper = {"name": "Eve", "email": "eve@example.com"}, shop.shopper("eve")
    results = await asyncio.gather(*[client.mutate("customerCreate", FIELDS, values, shopper) for _ in range(3)])
    codes = sorted(error["code"] for result in results for error in result["userErrors"])
    assert codes == ["ALREADY_REGISTERED"] * 2
    await client.did("customerCreate", "", values, (await open_shop(client)).shopper("eve"))


async def test_the_external_reference_is_unique_in_the_company(shop: Shop, client: Client) -> None:
    await shop.did("customerCreate", name="A", externalRef="C-1")
    assert await shop.refused("customerCreate", name="B", externalRef=" C-1 ") == ["EXTERNAL_REF_TAKEN"]
    await (await open_shop(client)).did("customerCreate", name="A", externalRef="C-1")
    await shop.did("customerCreate", name="B", externalRef=" ")
    await shop.did("customerCreate", name="C", externalRef="")


async def test_addresses_are_checked_all_at_once(shop: Shop) -> None:
    bad = {**ADDRESS, "name": " ", "line1": "x" * 201, "isDefaultShipping": True, "isDefaultBilling": True}
    payload = await shop.client.mutate("customerCreate", "", {"name": "", "addresses": [bad, bad]}, shop.staff)
    assert [(error["code"], error["path"][1:]) for error in payload["userErrors"]] == [
        ("INVALID_INPUT", ["name"]),
        ("INVALID_INPUT", ["addresses"]),
        ("INVALID_INPUT", ["addresses"]),
        ("INVALID_INPUT", ["addresses", "0", "name"]),
        ("INVALID_INPUT", ["addresses", "0", "line1"]),
        ("INVALID_INPUT", ["addresses", "1", "name"]),
        ("INVALID_INPUT", ["addresses", "1", "line1"]),
    ]
    assert await shop.refused("customerCreate", name="A", addresses=[ADDRESS] * 51) == ["TOO_MANY_ENTRIES"]
    made = await shop.did("customerCreate", FIELDS, name="A", addresses=[ADDRESS] * 50)
    assert len(made["customer"]["addresses"]) == 50


async def test_an_email_has_the_form_of_one(shop: Shop) -> None:
    query = "mutation ($input: CustomerCreateInput!) { customerCreate(input: $input) { userErrors { code } } }"
    values = {"name": "A", "email": "nobody", "idempotencyKey": "k" * 16}
    answer = await shop.client.execute(query, {"input": values}, shop.staff)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
