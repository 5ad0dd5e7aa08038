"""A fulfillment method as a source: what others send is set aside, booked and shipped without any stock (KS-14)."""

import pytest

from gql_sales.db.engine import Database
from tests.client import Json
from tests.shop import Shop
from tests.snapshot import snapshot
from tests.stockroom import add_method, line, set_aside, told


async def ship(shop: Shop, order: Json, warehouse_id: str, **values: object) -> Json:
    """Everything that can leave from there, finalized."""
    return await shop.did(
        "shipmentCreate",
        "shipment { items { orderItemId quantity } } order { state dispatchStatus }",
        orderId=order["id"],
        warehouseId=warehouse_id,
        then=["BOOK", "FINALIZE"],
        **values,
    )


async def test_what_is_not_stocked_moves_only_the_buckets_of_the_item(shop: Shop) -> None:
    """domain.md 2, stock rules: committed without a pool, no level moves."""
    method = await add_method(shop, "DROP")
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("sofa", 2))
    assert order["commitmentStatus"] == "FULL"
    payload = await shop.did("allocationCreate", "order { allocationStatus }", orderId=order["id"])
    assert payload["order"]["allocationStatus"] == "FULL"
    assert {effect["__typename"] for effect in payload["effects"]} == {
        "QuantityChangeEffect", "AxisChangeEffect", "EventEffect",
    }  # fmt: skip
    assert await set_aside(shop, order["id"]) == [(method, "2")]
    shipped = await ship(shop, order, method)
    assert not {e["__typename"] for e in shipped["effects"]} & {"StockMovementEffect", "PoolChangeEffect"}
    assert shipped["order"]["state"] == "COMPLETED"


async def test_the_plan_takes_the_method_that_the_product_names_or_the_first_in_line(shop: Shop) -> None:
    late, soon = await add_method(shop, "LATE", priority=9), await add_method(shop, "SOON", priority=1)
    await shop.add_product("sofa", "500.00", isStocked=False)
    await shop.add_product("bed", "700.00", isStocked=False, fulfillmentMethodId=late)
    order = await shop.placed(("sofa", 2), ("bed", 1), ("apple", 3))
    await shop.did("allocationCreate", orderId=order["id"])
    assert await set_aside(shop, order["id"]) == sorted([(soon, "2"), (late, "1"), (shop.warehouse_ids[0], "3")])
    await shop.did("productUpdate", productId=shop.products["bed"], fulfillmentMethodId=None)
    again = await shop.placed(("bed", 1))
    await shop.did("allocationCreate", orderId=again["id"])
    assert await set_aside(shop, again["id"]) == [(soon, "1")]


async def test_by_hand_any_method_and_no_warehouse(shop: Shop) -> None:
    late, soon = await add_method(shop, "LATE", priority=9), await add_method(shop, "SOON", priority=1)
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("sofa", 3), ("apple", 1))
    sofa, apple = order["items"]
    wrong = [line(sofa, 1, shop.warehouse_ids[0]), line(apple, 1, soon), line(sofa, 1, soon, lot="A")]
    found = await told(shop, "allocationCreate", orderId=order["id"], lines=wrong)
    assert [(error["code"], error["path"][2:]) for error in found] == [
        ("NOT_ALLOCATABLE", ["0", "warehouseId"]),
        ("NOT_ALLOCATABLE", ["1", "warehouseId"]),
        ("LOT_UNKNOWN", ["2", "lot"]),
    ]
    await shop.did("allocationCreate", orderId=order["id"], lines=[line(sofa, 2, late), line(sofa, 1, soon)])
    assert await set_aside(shop, order["id"]) == sorted([(late, "2"), (soon, "1")])


async def test_without_a_method_nothing_is_set_aside_or_booked(shop: Shop) -> None:
    """What was always promised waits for somebody to send it."""
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("sofa", 1))
    assert order["commitmentStatus"] == "FULL"
    (found,) = await told(shop, "allocationCreate", orderId=order["id"])
    assert (found["code"], found["orderItemId"]) == ("INSUFFICIENT_STOCK", order["items"][0]["id"])
    for lines in ([], [{"orderItemId": order["items"][0]["id"], "quantity": "1"}]):
        refused = await shop.refused(
            "shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines
        )
        assert refused == (["NOT_ALLOCATABLE"] if lines else ["QUANTITY_NOT_OPEN"])
    method = await add_method(shop, "DROP")
    await shop.did("allocationCreate", orderId=order["id"])
    await ship(shop, order, method)


async def test_a_shipment_takes_what_can_leave_from_there(shop: Shop) -> None:
    """BA-37: one source for each shipment, of our own stock or of a drop shipper's."""
    method = await add_method(shop, "DROP")
    await shop.add_product("sofa", "500.00", isStocked=False)
    order = await shop.placed(("sofa", 1), ("apple", 2))
    sofa, apple = order["items"]
    first = await ship(shop, order, method)
    assert first["shipment"]["items"] == [{"orderItemId": sofa["id"], "quantity": "1"}]
    assert first["order"]["dispatchStatus"] == "PARTIAL"
    second = await ship(shop, order, shop.warehouse_ids[0])
    assert second["shipment"]["items"] == [{"orderItemId": apple["id"], "quantity": "2"}]
    assert second["order"]["state"] == "COMPLETED"


async def test_a_method_keeps_no_stock_of_ours(shop: Shop) -> None:
    """It has no bins, and nothing is received or counted there."""
    method = await add_method(shop, "DROP")
    data = await shop.query(
        "query ($id: ID!) { warehouse(by: {id: $id}) { isFulfillmentMethod bins { code } } }", id=method
    )
    assert data["warehouse"] == {"isFulfillmentMethod": True, "bins": []}
    lines = [{"productId": shop.products["apple"], "quantity": "1"}]
    assert await shop.refused("stockReceive", warehouseId=method, lines=lines) == ["INVALID_INPUT"]
    assert await shop.refused("warehouseBinAdd", warehouseId=method, code="B", kind="NORMAL") == ["INVALID_INPUT"]
    await shop.did("stockReceive", warehouseId=shop.warehouse_ids[0], lines=lines)
    await shop.did("warehouseBinAdd", warehouseId=shop.warehouse_ids[0], code="B", kind="NORMAL")


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"sku": "s", "isStocked": True}, ["INVALID_INPUT"]),
        ({"sku": "s", "kind": "SERVICE", "isStocked": False}, ["INVALID_INPUT"]),
        ({"sku": "s", "isStocked": False}, []),
    ],
)
async def test_only_goods_that_are_not_stocked_name_a_method(
    values: Json, codes: list[str], shop: Shop, database: Database
) -> None:
    method = await add_method(shop, "DROP")
    before = await snapshot(database)
    wanted = {"name": "S", "kind": "GOODS", **values, "fulfillmentMethodId": method}
    payload = await shop.client.mutate("productCreate", "product { fulfillmentMethod { code } }", wanted, shop.staff)
    assert [error["code"] for error in payload["userErrors"]] == codes
    if codes:
        assert await snapshot(database) == before
    else:
        assert payload["product"]["fulfillmentMethod"] == {"code": "DROP"}


async def test_a_product_names_nothing_but_a_method(shop: Shop) -> None:
    id_ = await shop.add_product("sofa", "500.00", isStocked=False)
    codes = await shop.refused("productUpdate", productId=id_, fulfillmentMethodId=shop.warehouse_ids[0])
    assert codes == ["INVALID_INPUT"]
    stocked = await shop.refused(
        "productUpdate", productId=shop.products["apple"], fulfillmentMethodId=await add_method(shop, "DROP")
    )
    assert stocked == ["INVALID_INPUT"]
