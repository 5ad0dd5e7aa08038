"""Two commands on one order at the same time: some order of theirs happened, and nothing is broken (T2, S4)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.client import Json
from tests.shop import Shop

ROUNDS = 8

Call = tuple[str, Json]


def acknowledge(order: Json) -> Call:
    """The order locks."""
    return "orderAcknowledge", {"orderId": order["id"]}


def edit(order: Json) -> Call:
    """Five more apples."""
    return "orderItemUpdate", {"orderId": order["id"], "orderItemId": order["items"][0]["id"], "quantity": "15"}


def cancel(order: Json) -> Call:
    """Seven of ten apples are not wanted."""
    items = [{"orderItemId": order["items"][0]["id"], "quantity": "7"}]
    return "orderItemCancel", {"orderId": order["id"], "items": items, "reason": "race"}


def withdraw(order: Json) -> Call:
    """None is wanted."""
    return "orderCancel", {"orderId": order["id"], "reason": "race"}


def allocate(order: Json) -> Call:
    """What is promised is set aside."""
    return "allocationCreate", {"orderId": order["id"]}


def hold(order: Json) -> Call:
    """Nothing shall be done."""
    return "orderHold", {"orderId": order["id"], "reason": "race"}


def book(order: Json) -> Call:
    """The drafted shipment takes the goods."""
    return "shipmentBook", {"shipmentId": order["shipment"]}


PAIRS: list[tuple[Callable[[Json], Call], Callable[[Json], Call], dict[tuple[str, str], str]]] = [
    (acknowledge, edit, {("OK", "OK"): "15", ("OK", "ORDER_LOCKED"): "10"}),
    (cancel, allocate, {("OK", "OK"): "3"}),
    (cancel, withdraw, {("OK", "OK"): "0", ("INVALID_TRANSITION", "OK"): "0"}),
    (hold, book, {("OK", "OK"): "10", ("OK", "ON_HOLD"): "10"}),
    (cancel, book, {("OK", "OK"): "3", ("ALREADY_BOOKED", "OK"): "10"}),
]
"""Two calls, what may come of them, and what is open then."""


async def ready(shop: Shop) -> Json:
    """A placed order of ten apples with a drafted shipment of all."""
    order = await shop.placed(("apple", 10))
    made = await shop.did("shipmentCreate", "shipment { id }", orderId=order["id"])
    return {**order, "shipment": made["shipment"]["id"]}


async def tried(shop: Shop, call: Call) -> str:
    """The code of what became of it."""
    payload: Any = await shop.client.mutate(call[0], "", call[1], shop.staff)
    return payload["userErrors"][0]["code"] if payload["userErrors"] else "OK"


@pytest.mark.parametrize(("one", "other", "outcomes"), PAIRS, ids=[f"{a.__name__}-{b.__name__}" for a, b, _ in PAIRS])
async def test_two_commands_at_once(
    one: Callable[[Json], Call],
    other: Callable[[Json], Call],
    outcomes: dict[tuple[str, str], str],
    shop: Shop,
    database: Database,
) -> None:
    await shop.receive("apple", 500)
    seen = []
    for turn in range(ROUNDS):
        order = await ready(shop)
        calls = [tried(shop, one(order)), tried(shop, other(order))]
        answers = await asyncio.gather(*(calls if turn % 2 else reversed(calls)))
        pair = (answers[0], answers[1]) if turn % 2 else (answers[1], answers[0])
        seen.append(pair)
        assert pair in outcomes
        found = await shop.order(order["id"])
        assert found["items"][0]["openQuantity"] == outcomes[pair]
    print(f"{one.__name__} and {other.__name__}: {sorted(set(seen))}")
    assert await verify(database, shop.company) == []
