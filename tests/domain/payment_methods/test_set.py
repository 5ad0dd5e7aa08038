"""Methods of payment are the company's data; an order keeps the class its method had (PK-27)."""

from tests.client import Client
from tests.shop import Shop

LIST = "{ paymentMethods { nodes { code name methodClass } } }"


async def test_a_company_begins_with_five(shop: Shop, client: Client) -> None:
    """Shoppers see them too, for they choose one."""
    nodes = (await shop.query(LIST))["paymentMethods"]["nodes"]
    assert {node["code"]: node["methodClass"] for node in nodes} == {
        "BANK_TRANSFER": "DEFERRED",
        "CARD": "IMMEDIATE",
        "CASH": "IMMEDIATE",
        "INVOICE": "DEFERRED",
        "PAYPAL": "IMMEDIATE",
    }
    assert (await client.query(LIST, None, shop.shopper()))["paymentMethods"]["nodes"] == nodes


async def test_a_method_is_made_or_changed(shop: Shop) -> None:
    fields = "paymentMethod { id code name methodClass version }"
    values = {"code": "swish", "name": "Swish", "methodClass": "IMMEDIATE"}
    made = (await shop.did("paymentMethodSet", fields, **values))["paymentMethod"]
    assert (made["code"], made["methodClass"], made["version"]) == ("SWISH", "IMMEDIATE", 1)
    draft = await shop.draft(("apple", 1), paymentMethod="Swish")
    values = {**values, "code": " SWISH", "methodClass": "DEFERRED"}
    again = (await shop.did("paymentMethodSet", fields, **values))["paymentMethod"]
    assert (again["id"], again["methodClass"], again["version"]) == (made["id"], "DEFERRED", 2)
    query = "query ($id: ID!) { order(by: {id: $id}) { paymentMethod paymentMethodClass isInvoiceRequested } }"
    assert (await shop.query(query, id=draft["id"]))["order"] == {
        "paymentMethod": "SWISH",
        "paymentMethodClass": "IMMEDIATE",
        "isInvoiceRequested": False,
    }


async def test_texts_are_checked(shop: Shop) -> None:
    values = {"code": " ", "name": "x" * 201, "methodClass": "IMMEDIATE"}
    assert await shop.refused("paymentMethodSet", **values) == ["INVALID_INPUT", "INVALID_INPUT"]
    await shop.did("paymentMethodSet", **{**values, "code": "X", "name": "X"})


async def test_an_unknown_method_is_refused_on_the_order(shop: Shop) -> None:
    values = shop.order_values(("apple", 1), paymentMethod="SHELLS")
    assert await shop.refused("orderCreate", **values) == ["NOT_FOUND"]
    await shop.did("orderCreate", **{**values, "paymentMethod": "CASH"})
