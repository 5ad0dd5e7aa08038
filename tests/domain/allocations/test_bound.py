"""Who is bound to some warehouses sets goods aside and gives them back there only (domain.md 8, C-53)."""

from dataclasses import replace

from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import Principal
from tests.client import Json
from tests.shop import Shop, open_shop


def bound(shop: Shop, warehouse: int) -> Principal:
    """Staff of one warehouse."""
    return replace(shop.staff, warehouse_ids=frozenset({decode_id("Warehouse", shop.warehouse_ids[warehouse])}))


async def standing(shop: Shop, order_id: str) -> list[tuple[str, str]]:
    """Warehouse and quantity of what is set aside for an order."""
    rows = [row for row in (await shop.order(order_id))["allocations"] if row["state"] == "ALLOCATED"]
    return sorted((row["warehouseId"], row["quantity"]) for row in rows)


async def test_goods_are_set_aside_and_given_back_at_home(shop: Shop) -> None:
    await shop.receive("apple", 5, 1)
    order = await shop.placed(("apple", 20))
    first, second = shop.warehouse_ids
    away: Json = {"orderId": order["id"], "warehouseId": first}
    assert await shop.client.refused("allocationCreate", away, bound(shop, 1)) == ["NOT_FOUND"]
    await shop.client.did("allocationCreate", "", {"orderId": order["id"]}, bound(shop, 1))
    assert await standing(shop, order["id"]) == [(second, "5")]
    await shop.client.did("allocationCreate", "", away, bound(shop, 0))
    assert await standing(shop, order["id"]) == [(first, "15"), (second, "5")]
    rows = (await shop.order(order["id"]))["allocations"]
    theirs = {"orderId": order["id"], "allocationIds": [row["id"] for row in rows if row["warehouseId"] == first]}
    assert await shop.client.refused("allocationRelease", theirs, bound(shop, 1)) == ["NOT_FOUND"]
    await shop.client.did("allocationRelease", "", {"orderId": order["id"]}, bound(shop, 1))
    assert await standing(shop, order["id"]) == [(first, "15")]
    again = {"orderId": order["id"]}
    assert await shop.client.refused("allocationRelease", again, bound(shop, 1)) == ["NOTHING_OPEN"]


async def test_a_warehouse_of_another_company_does_not_exist(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    other = await open_shop(shop.client)
    values = {"orderId": order["id"], "warehouseId": other.warehouse_ids[0]}
    assert await shop.refused("allocationCreate", **values) == ["NOT_FOUND"]
    await shop.did("allocationCreate", **{**values, "warehouseId": shop.warehouse_ids[0]})
