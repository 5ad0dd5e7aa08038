"""Stories whose outcome differs only by the setting (N-7); those of most settings stand beside the verbs they rule."""

import pytest

from tests.bills import issued
from tests.shop import Shop
from tests.stockroom import allocations


@pytest.mark.parametrize(("mode", "tax"), [("HALF_UP", "0.03"), ("HALF_EVEN", "0.02")])
async def test_rounding_mode_decides_what_becomes_of_a_half(shop: Shop, mode: str, tax: str) -> None:
    """20 % of 0.125 is two and a half cents; the order, and the invoice after it, say the same."""
    await shop.set_policy("roundingMode", mode)
    await shop.add_product("bead", "0.125", 10)
    order = await shop.placed(("bead", 1))
    assert order["tax"]["amount"] == tax
    assert (await issued(shop, order["id"]))["tax"]["amount"] == tax


@pytest.mark.parametrize(
    ("mode", "placed", "by_hand", "booked"),
    [
        ("PLACE", ["4"], ["NOTHING_OPEN"], ["4"]),
        ("MANUAL", [], [], ["4"]),
        ("BOOK", [], ["POLICY_FORBIDS"], ["4"]),
    ],
)
async def test_allocate_on_decides_when_goods_are_set_aside(
    shop: Shop, mode: str, placed: list[str], by_hand: list[str], booked: list[str]
) -> None:
    """X-3: by placing, by hand, or not before the shipment takes them; in the end all of them are booked."""
    await shop.set_policy("allocateOn", mode)
    order = await shop.placed(("apple", 4))
    assert [row["quantity"] for row in await allocations(shop, order["id"])] == placed
    payload = await shop.client.mutate("allocationCreate", "", {"orderId": order["id"]}, shop.staff)
    assert [error["code"] for error in payload["userErrors"]] == by_hand
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["BOOK"])
    assert [row["quantity"] for row in await allocations(shop, order["id"], "BOOKED")] == booked


async def test_a_placed_order_keeps_the_rules_it_was_placed_under(shop: Shop) -> None:
    """N-7: the setting changes after placement; the old order goes by the old one, the next by the new one."""
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    old = await shop.placed(("apple", 1))
    await shop.set_policy("billOn", "MANUAL")
    new = await shop.placed(("apple", 1))
    billed = []
    for order in (old, new):
        values = {"orderId": order["id"], "warehouseId": shop.warehouse_ids[0], "then": ["BOOK", "FINALIZE"]}
        await shop.did("shipmentCreate", **values)
        billed.append((await shop.order(order["id"]))["billingStatus"])
    assert billed == ["INVOICED", "UNBILLED"]
