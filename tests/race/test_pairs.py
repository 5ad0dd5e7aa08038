"""Two commands on one order at the same time leave what one of them after the other would have left (R16, T2, S4).

Both are held at the order's lock until they stand there, so that they do meet; answers and order are compared with
those of two twins, on which the same commands came one after the other, either way round.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import select, text

from gql_sales.db.engine import Database
from gql_sales.db.models.orders import Order
from gql_sales.db.queries import documents
from gql_sales.db.statements import Prepared as Statement
from gql_sales.db.statements import ids
from gql_sales.db.visibility import visible
from gql_sales.domain.verify import verify
from gql_sales.kernel.ids import decode_id
from tests.client import Client, Json
from tests.race.commands import TABLE, Command, Prepare, Prepared, cancel_some, fresh, update
from tests.shop import Shop, open_shop

Outcome = tuple[tuple[str, str], Json]

STATE = """query ($id: ID!) { order(by: {id: $id}) {
  state version isLocked isOnHold
  commitmentStatus allocationStatus dispatchStatus billingStatus paymentStatus creditStatus
  total { amount } net { amount } tax { amount } due { amount } outstanding { amount } paid { amount }
  credited { amount }
  items { sku orderedQuantity cancelledQuantity committedQuantity allocatedQuantity bookedQuantity shippedQuantity
          invoicedQuantity openQuantity gross { amount } }
  allocations { state quantity } holds { reason } cancellationNotes { reason }
  shipments { state items { quantity } }
  invoices { paymentStatus total { amount } openBalance { amount } }
  cashSales { paymentStatus total { amount } openBalance { amount } }
  advances { amount { amount } unallocated { amount } }
  creditMemos { usageStatus total { amount } balance { amount } }
} }"""
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
ROWS = [(prepare, one) for prepare, commands in TABLE.items() for one in commands]


@pytest.fixture(scope="module")
async def orchard(client: Client) -> Shop:
    """A shop with more apples than all pairs together take."""
    shop = await open_shop(client)
    await shop.receive("apple", 50_000)
    await shop.receive("pear", 10_000)
    return shop


async def tried(on: Prepared, command: Command) -> str:
    """The code of what became of the command; anything but success or a coded refusal fails."""
    name, values = command(on)
    payload: Any = await on.shop.client.mutate(name, "", values, on.shop.staff)
    return payload["userErrors"][0]["code"] if payload["userErrors"] else "OK"


async def seen(on: Prepared) -> Json:
    """The order and what hangs on it, without ids, numbers and times; lists in an order of their own."""
    found: Json = (await on.shop.query(STATE, id=on.order))["order"]
    return {name: sorted(map(str, value)) if isinstance(value, list) else value for name, value in found.items()}


@asynccontextmanager
async def barrier(on: Prepared, database: Database, calls: list[asyncio.Task[str]]) -> AsyncIterator[None]:
    """The order is locked until every call that was started in the block waits for it or is over."""
    statement = text("SELECT id FROM orders WHERE id = :id FOR NO KEY UPDATE")
    async with database.write_engine.begin() as connection:
        await connection.execute(statement, {"id": decode_id("Order", on.order)})
        yield
        # Shorter than the lock timeout; on a busy machine the two may come to meet a little less surely.
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                while (await database.read(WAITING))[0][0] < sum(not call.done() for call in calls):  # noqa: ASYNC110
                    await asyncio.sleep(0.002)


async def at_once(prepare: Prepare, shop: Shop, database: Database, one: Command, other: Command) -> Outcome:
    """Both commands on a new order, over connections of their own."""
    on = await prepare(shop)
    calls: list[asyncio.Task[str]] = []
    async with barrier(on, database, calls):
        calls += [asyncio.create_task(tried(on, one)), asyncio.create_task(tried(on, other))]
    first, second = await asyncio.gather(*calls)
    return (first, second), await seen(on)


async def one_by_one(prepare: Prepare, shop: Shop, one: Command, other: Command) -> Outcome:
    """The twin: one command, then the other."""
    on = await prepare(shop)
    codes = await tried(on, one), await tried(on, other)
    return codes, await seen(on)


def reversed_(outcome: Outcome) -> Outcome:
    """The same with the answers the other way round."""
    (first, second), state = outcome
    return (second, first), state


async def check(prepare: Prepare, shop: Shop, database: Database, one: Command, other: Command) -> tuple[str, str]:
    """A race equals one of the two sequences; the answers."""
    raced = await at_once(prepare, shop, database, one, other)
    serial = [await one_by_one(prepare, shop, one, other)]
    serial.append(reversed_(await one_by_one(prepare, shop, other, one) if one != other else serial[0]))
    assert raced in serial, f"{one.__name__} and {other.__name__}: {raced} is none of {serial}"
    return raced[0]


@pytest.mark.parametrize(("prepare", "one"), ROWS, ids=[f"{a.__name__}-{b.__name__}" for a, b in ROWS])
async def test_a_pair_is_one_after_the_other(orchard: Shop, database: Database, prepare: Prepare, one: Command) -> None:
    """R16, T2: each pair once, begun by either in turn."""
    commands = TABLE[prepare]
    told = []
    for turn, other in enumerate(commands[commands.index(one) :]):
        pair = (one, other) if turn % 2 else (other, one)
        codes = await check(prepare, orchard, database, *pair)
        told.append(f"{pair[0].__name__} {codes[0]}, {pair[1].__name__} {codes[1]}")
    print("\n".join(told))
    assert await verify(database, orchard.company) == []


async def test_the_table_catches_a_missing_order_lock(
    orchard: Shop, client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: orders are read, not locked."""

    def unlocked(cls: type[Any]) -> Statement:
        return Statement(
            lambda principal: select(cls).where(cls.id == ids(), visible(cls, principal)).order_by(cls.id),
            is_locking=cls is not Order,
        )

    await check(fresh, orchard, database, update, cancel_some)
    monkeypatch.setattr(documents, "_documents", unlocked)
    with pytest.raises(AssertionError):
        await check(fresh, await open_shop(client), database, update, cancel_some)
