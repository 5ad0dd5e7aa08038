"""What callers may write into an order: texts that fit, amounts that can be stored, and nothing the shop decides."""

from typing import Any

import pytest

from gql_sales.kernel.principals import Principal
from tests.bills import advanced
from tests.client import Json
from tests.shop import ADDRESS, Shop

LONG = "x" * 10_000
REFUSED = ["INVALID_INPUT"]


async def shopper_of(shop: Shop) -> tuple[Principal, Json]:
    """A shopper, and an order of theirs that is accepted."""
    shopper = shop.shopper()
    values = {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}
    await shop.client.did("customerCreate", "", values, shopper)
    wanted = shop.order_values(("apple", 1))
    del wanted["customerId"]
    await shop.client.did("orderCreate", "", wanted, shopper)
    return shopper, wanted


async def test_a_shopper_chooses_no_tax_by_choosing_a_day(shop: Shop) -> None:
    """reliability.md A4, BA-81: the rate follows from the date, so the date is the shop's."""
    await shop.did("taxRuleSet", countryCode="DE", taxGroup="STANDARD", rate="0", name="Old", validFrom="2010-01-01")
    shopper, wanted = await shopper_of(shop)
    values = {**wanted, "documentDate": "2015-01-01"}
    assert await shop.client.refused("orderCreate", values, shopper) == REFUSED
    order = await shop.draft(("apple", 1), documentDate="2015-01-01")
    assert order["tax"]["amount"] == "0"


async def test_a_shopper_learns_nothing_from_references(shop: Shop) -> None:
    """reliability.md P8: EXTERNAL_REF_TAKEN would tell of somebody else's order."""
    await shop.draft(("apple", 1), externalRef="A-1")
    shopper, wanted = await shopper_of(shop)
    for reference in ("A-1", "A-2"):
        assert await shop.client.refused("orderCreate", {**wanted, "externalRef": reference}, shopper) == REFUSED


@pytest.mark.parametrize("value", [LONG, "a\x00b"])
async def test_texts_fit_their_columns(value: str, shop: Shop) -> None:
    """Every bad text is told at its own place."""
    address = {**ADDRESS, "line2": value}
    values = shop.order_values(("apple", 1), externalRef=value, customerPo=value, billingAddress=address)
    payload = await shop.client.mutate("orderCreate", "", values, shop.staff)
    assert [(error["code"], error["path"][1:]) for error in payload["userErrors"]] == [
        ("INVALID_INPUT", ["externalRef"]),
        ("INVALID_INPUT", ["customerPo"]),
        ("INVALID_INPUT", ["billingAddress", "line2"]),
    ]
    line = {"sku": "apple", "quantity": "1", "externalRef": value}
    assert await shop.refused("orderCreate", **{**shop.order_values(), "items": [line]}) == REFUSED
    order = await shop.placed(("apple", 1))
    assert await shop.refused("orderCancel", orderId=order["id"], reason=value) == REFUSED
    sent = {"orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "trackingNumber": value}
    assert await shop.refused("shipmentCreate", **sent) == REFUSED
    await shop.did("shipmentCreate", **{**sent, "trackingNumber": " 1Z "})


async def test_an_order_is_about_no_more_money_than_can_be_stored(shop: Shop) -> None:
    """C-22, L3: 10,000,000,000,000.00 is the most; the product of price and quantity as well as the sum."""
    line: dict[str, Any] = {"sku": "apple", "quantity": "999999999999", "unitPrice": "8"}
    order = (await shop.did("orderCreate", "order { id total { amount } }", **with_lines(shop, line)))["order"]
    assert order["total"]["amount"] == "9599999999990.4"
    assert await shop.refused("orderItemAdd", orderId=order["id"], items=[line]) == ["INVALID_AMOUNT"]
    dear = {**line, "unitPrice": "99999999999999"}
    assert await shop.refused("orderCreate", **with_lines(shop, dear)) == ["INVALID_AMOUNT"]
    assert await shop.refused("orderCreate", **with_lines(shop, {**line, "unitPrice": "9" * 18})) == ["INVALID_AMOUNT"]
    assert await shop.refused("orderCreate", **with_lines(shop, {**line, "quantity": "9" * 18})) == ["INVALID_QUANTITY"]


def with_lines(shop: Shop, *lines: Json) -> Json:
    """Input of orderCreate with these lines."""
    return {**shop.order_values(), "items": list(lines)}


async def test_money_of_one_customer_is_reserved_for_no_order_of_another(shop: Shop) -> None:
    """BA-17: a draft with a tagged advance keeps its customer."""
    draft = await shop.draft(("apple", 1))
    await advanced(shop, "5", orderId=draft["id"])
    bob = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    values = {"orderId": draft["id"], "customerId": bob["customer"]["id"]}
    assert await shop.refused("orderSetCustomer", **values) == ["CUSTOMER_MISMATCH"]
    await shop.did("orderSetCustomer", **{**values, "customerId": shop.customer_id})
    await shop.did("orderSetCustomer", **{**values, "orderId": (await shop.draft(("apple", 1)))["id"]})
