"""Counting corrects the books, but never below what is promised or set aside (I-7, I-8, I-12)."""

import asyncio

import pytest

from tests.client import Json
from tests.shop import Shop

FIELDS = "stockPools { onHandSellable committed version } stockLevels { onHand allocated }"


def line(shop: Shop, sku: str = "apple", **values: str) -> Json:
    """One line."""
    return {"productId": shop.products[sku], **values}


async def adjust(shop: Shop, *lines: Json, **values: object) -> Json:
    """Adjust the first warehouse, where fifty of each lie."""
    wanted = {"warehouseId": shop.warehouse_ids[0], "lines": list(lines), "reason": "count", **values}
    return await shop.client.mutate("stockAdjust", FIELDS, wanted, shop.staff)


def told(payload: Json) -> list[tuple[str, list[str]]]:
    """Codes and places of what was refused."""
    return [(error["code"], error["path"][1:]) for error in payload["userErrors"]]


@pytest.mark.parametrize(
    ("values", "left"),
    [({"countedQuantity": "47"}, "47"), ({"countedQuantity": "0"}, "0"), ({"difference": "-3"}, "47"),
     ({"difference": "5"}, "55")],
)  # fmt: skip
async def test_goods_are_counted_or_corrected(shop: Shop, values: Json, left: str) -> None:
    made = await adjust(shop, line(shop, **values))
    assert made["userErrors"] == []
    assert made["stockLevels"] == [{"onHand": left, "allocated": "0"}]
    assert made["stockPools"] == [{"onHandSellable": left, "committed": "0", "version": 2}]
    moved = await shop.query(
        """query ($id: ID!) { stockMovements(filter: {productId: {in: [$id]}}, first: 1) {
            nodes { kind quantity reason } } }""",
        id=shop.products["apple"],
    )
    assert moved["stockMovements"]["nodes"] == [{"kind": "ADJUST", "quantity": str(int(left) - 50), "reason": "count"}]


async def test_a_count_that_agrees_moves_nothing(shop: Shop) -> None:
    made = await adjust(shop, line(shop, countedQuantity="50"))
    assert [effect["__typename"] for effect in made["effects"]] == ["EventEffect"]


async def test_what_is_promised_cannot_be_counted_away(shop: Shop) -> None:
    await shop.placed(("apple", 10))
    assert told(await adjust(shop, line(shop, countedQuantity="9"))) == [("STOCK_COMMITTED", ["lines", "0"])]
    assert told(await adjust(shop, line(shop, countedQuantity="10"))) == []


async def test_what_is_set_aside_cannot_be_counted_away(shop: Shop) -> None:
    """There is enough elsewhere for the promise, but not in this bin."""
    await shop.receive("apple", 50, warehouse=1)
    order = await shop.placed(("apple", 10))
    await shop.did("allocationCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    assert told(await adjust(shop, line(shop, difference="-41"))) == [("STOCK_ALLOCATED", ["lines", "0"])]
    made = await adjust(shop, line(shop, difference="-40"))
    assert made["stockLevels"] == [{"onHand": "10", "allocated": "10"}]


async def test_there_is_never_less_than_nothing(shop: Shop) -> None:
    found = told(await adjust(shop, line(shop, difference="-51"), line(shop, "pear", difference="-50")))
    assert found == [("STOCK_ALLOCATED", ["lines", "0"]), ("STOCK_COMMITTED", ["lines", "0"])]


async def test_exactly_one_of_count_and_difference(shop: Shop) -> None:
    found = told(
        await adjust(
            shop,
            line(shop),
            line(shop, "pear", countedQuantity="1", difference="1"),
            line(shop, "pear", lot="A", countedQuantity="-1"),
            line(shop, "pear", lot="B", difference="0"),
            line(shop, "pear", lot="C", difference="0.5"),
            line(shop, "pear", lot="D", countedQuantity="0.5"),
        )
    )
    assert found == [
        ("INVALID_QUANTITY", ["lines", "0"]),
        ("INVALID_QUANTITY", ["lines", "1"]),
        ("INVALID_QUANTITY", ["lines", "2", "countedQuantity"]),
        ("INVALID_QUANTITY", ["lines", "3", "difference"]),
        ("INVALID_QUANTITY", ["lines", "4", "difference"]),
        ("INVALID_QUANTITY", ["lines", "5", "countedQuantity"]),
    ]


async def test_a_place_is_named_once(shop: Shop) -> None:
    found = told(await adjust(shop, line(shop, difference="1"), line(shop, countedQuantity="3")))
    assert found == [("INVALID_INPUT", ["lines", "1"])]


async def test_a_reason_is_given(shop: Shop) -> None:
    assert told(await adjust(shop, line(shop, difference="1"), reason=" ")) == [("REASON_REQUIRED", ["reason"])]


async def test_lines_are_checked_as_when_goods_come_in(shop: Shop) -> None:
    found = told(await adjust(shop, line(shop, "delivery", countedQuantity="1"), warehouseId=shop.warehouse_ids[1]))
    assert found == [("NOT_ALLOCATABLE", ["lines", "0", "productId"])]
    made = await adjust(shop, line(shop, countedQuantity="1"), warehouseId=shop.warehouse_ids[1])
    assert made["stockLevels"] == [{"onHand": "1", "allocated": "0"}]


async def test_counting_against_orders_never_breaks_the_promise(shop: Shop) -> None:
    """Either the order is placed or the count is believed, never both (I-7)."""
    draft = [await shop.draft(("apple", 30)) for _ in range(2)]
    results = await asyncio.gather(
        adjust(shop, line(shop, countedQuantity="30")),
        *[shop.client.mutate("orderPlace", "order { state }", {"orderId": order["id"]}, shop.staff) for order in draft],
    )
    assert sum(result["userErrors"] == [] for result in results) <= 2
    found = await shop.query(
        "query ($id: ID!, $channel: ID!) { product(by: {id: $id}) { availability(channelId: $channel) "
        "{ availableQuantity } } }",
        id=shop.products["apple"],
        channel=shop.channel_id,
    )
    assert int(found["product"]["availability"]["availableQuantity"]) >= 0
