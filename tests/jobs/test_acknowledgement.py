"""acknowledgeMode AFTER_MINUTES: a job acknowledges what was placed so many minutes ago (X-20, BA-91)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.jobs import sweeper
from gql_sales.jobs.sweeper import Sweeper
from tests.client import Json
from tests.shop import Shop

FIELDS = "id state version placedAt acknowledgedAt acknowledgementDueAt commitmentStatus billingStatus isLocked"


@pytest.fixture(autouse=True)
async def after_minutes(shop: Shop) -> None:
    """The setting that this file is about."""
    await shop.set_policy("acknowledgeMode", "AFTER_MINUTES")


async def read(shop: Shop, order: Json) -> Json:
    """The order as it stands."""
    data = await shop.query(f"query ($id: ID!) {{ order(by: {{id: $id}}) {{ {FIELDS} }} }}", id=order["id"])
    found: Json = data["order"]
    return found


async def pass_by(database: Database, shop: Shop, minutes: int) -> int:
    """As if so many minutes had passed for the shop's orders, and the sweeper came by; how much it did."""
    async with database.session() as session:
        earlier = "acknowledgement_due_at = acknowledgement_due_at - CAST(:by AS interval)"
        statement = f"UPDATE orders SET {earlier} WHERE company_id = :c"
        await session.execute(text(statement), {"by": timedelta(minutes=minutes), "c": shop.company})
        await session.commit()
    return await Sweeper(database).sweep()


@pytest.mark.parametrize("mode", ["MANUAL", "AUTO_ON_PLACE", "AFTER_MINUTES"])
async def test_the_mode_is_the_only_difference(mode: str, shop: Shop, database: Database) -> None:
    """X-20: at once, by the job half an hour later, or by a person; the grace window is 30 minutes by default."""
    await shop.set_policy("acknowledgeMode", mode)
    order = await shop.placed(("apple", 1))
    states = [order["state"]]
    for minutes in (29, 2):
        await pass_by(database, shop, minutes)
        states.append((await read(shop, order))["state"])
    assert (
        states
        == {
            "MANUAL": ["PLACED", "PLACED", "PLACED"],
            "AUTO_ON_PLACE": ["ACKNOWLEDGED", "ACKNOWLEDGED", "ACKNOWLEDGED"],
            "AFTER_MINUTES": ["PLACED", "PLACED", "ACKNOWLEDGED"],
        }[mode]
    )
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize("minutes", ["5", "1440"])
async def test_how_many_minutes_is_frozen_when_it_is_placed(minutes: str, shop: Shop, database: Database) -> None:
    """acknowledgeMinutes; what is changed afterwards leaves placed orders alone."""
    await shop.set_policy("acknowledgeMinutes", minutes)
    order = await read(shop, await shop.placed(("apple", 1)))
    await shop.set_policy("acknowledgeMinutes", "60")
    waits = datetime.fromisoformat(order["acknowledgementDueAt"]) - datetime.fromisoformat(order["placedAt"])
    assert waits == timedelta(minutes=int(minutes))
    await pass_by(database, shop, 6)
    assert (await read(shop, order))["state"] == ("ACKNOWLEDGED" if minutes == "5" else "PLACED")
    assert await shop.refused("policySet", name="acknowledgeMinutes", value="7", channelId=shop.channel_id) == [
        "INVALID_INPUT"
    ]


async def test_it_does_what_an_acknowledgement_does(shop: Shop, database: Database) -> None:
    """commitOn, billOn and lockAt follow it (X-3, X-5, X-9); the event names the job."""
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    await shop.set_policy("billOn", "ACKNOWLEDGE")
    order = await shop.placed(("apple", 10))
    assert (order["commitmentStatus"], order["billingStatus"]) == ("NONE", "UNBILLED")
    assert await pass_by(database, shop, 31) == 1
    after = await read(shop, order)
    assert (after["commitmentStatus"], after["billingStatus"], after["isLocked"]) == ("FULL", "INVOICED", True)
    assert (after["acknowledgedAt"] is not None, after["acknowledgementDueAt"]) == (True, None)
    async with database.session() as session:
        statement = "SELECT actor FROM events WHERE type = 'OrderAcknowledged' AND company_id = :company"
        (actor,) = (await session.scalars(text(statement), {"company": shop.company})).all()
    assert "acknowledgement" in actor
    assert await verify(database, shop.company) == []


async def test_two_processes_acknowledge_once(shop: Shop, database: Database) -> None:
    orders = [await shop.placed(("apple", 1)) for _ in range(5)]
    await pass_by(database, shop, 25)
    async with database.session() as session:
        statement = "UPDATE orders SET acknowledgement_due_at = now() WHERE company_id = :company"
        await session.execute(text(statement), {"company": shop.company})
        await session.commit()
    assert sum(await asyncio.gather(Sweeper(database).sweep(), Sweeper(database).sweep())) == 5
    assert {(await read(shop, order))["version"] for order in orders} == {orders[0]["version"] + 1}


@pytest.mark.parametrize(("scope", "state"), [("ALL", "PLACED"), ("CREDIT", "PLACED"), ("SHIPMENT", "ACKNOWLEDGED")])
async def test_an_order_on_hold_waits(scope: str, state: str, shop: Shop, database: Database) -> None:
    """A hold that stops everything, or doubts the customer's credit, stops the job as well; released, it goes on."""
    order = await shop.placed(("apple", 1))
    held = await shop.did("orderHold", "order { holds { id } }", orderId=order["id"], reason="look", scope=scope)
    await pass_by(database, shop, 31)
    assert (await read(shop, order))["state"] == state
    await shop.did("orderRelease", orderId=order["id"], holdId=held["order"]["holds"][0]["id"], reason="fine")
    await Sweeper(database).sweep()
    assert (await read(shop, order))["state"] == "ACKNOWLEDGED"


async def test_what_is_cancelled_or_acknowledged_before_is_left_alone(shop: Shop, database: Database) -> None:
    cancelled, early, waiting = [await shop.placed(("apple", 1)) for _ in range(3)]
    await shop.did("orderCancel", orderId=cancelled["id"], reason="changed my mind")
    await shop.did("orderAcknowledge", orderId=early["id"])
    assert [(await read(shop, order))["acknowledgementDueAt"] for order in (cancelled, early)] == [None, None]
    assert await pass_by(database, shop, 31) == 1
    assert (await read(shop, cancelled))["state"] == "CANCELLED"
    assert (await read(shop, waiting))["state"] == "ACKNOWLEDGED"


async def test_one_that_is_refused_stands_in_nobodys_way(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-4: stock is short at the acknowledgement, batch after batch; when it is there, the job gets on."""
    monkeypatch.setattr(sweeper, "BATCH", 1)
    await shop.set_policy("commitOn", "ACKNOWLEDGE")
    short, fits = await shop.placed(("apple", 60)), await shop.placed(("apple", 10))
    assert await pass_by(database, shop, 31) == 1
    assert [(await read(shop, order))["state"] for order in (short, fits)] == ["PLACED", "ACKNOWLEDGED"]
    await shop.receive("apple", 20)
    assert await Sweeper(database).sweep() == 1
    assert (await read(shop, short))["state"] == "ACKNOWLEDGED"
