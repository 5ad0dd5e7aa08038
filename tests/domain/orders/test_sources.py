"""Where an order came from, and whose purchase order it is (BA-8, BA-93, PK-29)."""

import httpx2
import pytest

from gql_sales.access.scopes import PARTNER, SALES
from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.settings import Settings
from tests.client import Client, Json
from tests.shop import Shop

READ = "query ($id: ID!) { order(by: {id: $id}) { source sourceIp customerPo } }"


async def read(shop: Shop, id_: str) -> Json:
    """Where the order came from, as staff sees it."""
    order: Json = (await shop.query(READ, id=id_))["order"]
    return order


@pytest.mark.parametrize("source", ["WEB", "PHONE", "IN_PERSON", "EPOS", "PARTNER"])
async def test_staff_say_where_an_order_was_taken(source: str, shop: Shop) -> None:
    """PK-29; without a word it is what the kind of the channel says."""
    order_id = await shop.order_id(("apple", 1), source=source, sourceIp="2001:DB8::0:1")
    assert await read(shop, order_id) == {"source": source, "sourceIp": "2001:db8::1", "customerPo": None}
    assert (await read(shop, await shop.order_id(("apple", 1))))["source"] == "WEB"


async def test_what_is_no_address_is_told(shop: Shop) -> None:
    values = shop.order_values(("apple", 1))
    for text in ("localhost", "300.1.1.1", "10.0.0.1/8", "x" * 500):
        assert await shop.refused("orderCreate", **values, sourceIp=text) == ["INVALID_INPUT"]
    await shop.did("orderCreate", **values, sourceIp="10.0.0.1")


async def test_a_shopper_does_not_choose_where_the_order_came_from(
    shop: Shop, settings: Settings, database: Database
) -> None:
    """BA-93, A4: it is the other end of the connection, whatever headers and input say."""
    shopper = shop.shopper()
    await shop.client.did("customerCreate", "", {"name": "Ada", "email": "ada@example.com"}, shopper)
    values = {**shop.order_values(("apple", 1)), "customerId": None}
    assert await shop.client.refused("orderCreate", {**values, "source": "PHONE"}, shopper) == ["INVALID_INPUT"]
    assert await shop.client.refused("orderCreate", {**values, "sourceIp": "10.0.0.1"}, shopper) == ["INVALID_INPUT"]
    transport = httpx2.ASGITransport(create_app(settings, database), client=("192.0.2.7", 4711))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://testserver", headers={"X-Forwarded-For": "10.0.0.1"}
    ) as http:
        made = await Client(http, settings).did("orderCreate", "order { id }", values, shopper)
    assert (await read(shop, made["order"]["id"]))["sourceIp"] == "192.0.2.7"


async def test_the_address_is_for_staff(shop: Shop) -> None:
    """Neither shoppers nor partners have the field; staff needs the scope."""
    order_id = await shop.order_id(("apple", 1), sourceIp="10.0.0.1")
    assert "orders.source:read" not in PARTNER
    answer = await shop.client.execute(READ, {"id": order_id}, shop.shopper())
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    blind = shop.member(*(SALES - {"orders.source:read"}))
    answer = await shop.client.execute(READ, {"id": order_id}, blind)
    assert answer["data"]["order"]["sourceIp"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert (await shop.client.query(READ, {"id": order_id}, shop.member(*SALES)))["order"]["sourceIp"] == "10.0.0.1"


async def told(shop: Shop, **values: object) -> list[str]:
    """The warnings of a new draft."""
    payload = await shop.did("orderCreate", **shop.order_values(("apple", 1), **values))
    return [warning["code"] for warning in payload["warnings"]]


async def test_the_same_purchase_order_on_another_living_order_is_told(shop: Shop) -> None:
    """BA-8: often it is one order sent twice; never a refusal, and over when the other one is cancelled."""
    assert await told(shop, customerPo="PO-1") == []
    assert await told(shop, customerPo="PO-2") == []
    await shop.placed(("apple", 1), customerPo="PO-3")
    assert await told(shop, customerPo=" PO-3 ") == ["CUSTOMER_PO_REPEATED"]
    assert await told(shop) == []
    made = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    bob = made["customer"]["id"]
    draft = await shop.order_id(("apple", 1), customerPo="PO-4", customerId=bob)
    assert await told(shop, customerPo="PO-4") == [], "another customer's"
    payload = await shop.did("orderSetCustomer", orderId=draft, customerId=shop.customer_id)
    assert [warning["code"] for warning in payload["warnings"]] == ["CUSTOMER_PO_REPEATED"]
    fresh = await shop.placed(("apple", 1), customerPo="PO-5")
    await shop.did("orderCancel", orderId=fresh["id"], reason="x")
    assert await told(shop, customerPo="PO-5") == []
