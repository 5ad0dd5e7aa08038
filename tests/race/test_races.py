"""Races over the whole application, and the proof that each check fails when its lock or check is taken out."""

import itertools
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest

from gql_sales.db import numbers as db_numbers
from gql_sales.db import writing
from gql_sales.db.engine import Database
from gql_sales.db.models.billing import Invoice
from gql_sales.db.queries import stock
from gql_sales.db.session import Unit
from gql_sales.domain import runner
from gql_sales.domain.numbers import fill
from gql_sales.domain.orders import needs
from tests.race import checks
from tests.shop import Shop


async def test_200_placements_for_50_units_sell_exactly_50(shop: Shop, database: Database) -> None:
    await checks.sell_out(shop, database)


async def test_selling_out_is_caught_without_the_pool_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "load_pools", unlocked)
    with pytest.raises(AssertionError):
        await checks.sell_out(shop, database)


async def unlocked(unit: Unit, keys: Iterable[tuple[UUID, UUID]]) -> None:
    """The planted bug: pools are read, not locked."""
    unit.is_locking = False
    await stock.load_pools(unit, keys)
    unit.is_locking = True


async def test_opposite_orders_neither_fail_nor_dead_lock(shop: Shop, database: Database) -> None:
    await checks.opposite_orders(shop, database)


async def test_opposite_orders_are_caught_without_the_lock_order(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for need in (needs.POOLS, needs.POOLS_TO_PLACE):
        monkeypatch.setitem(need.__dict__, "load", one_by_one)
    with pytest.raises(AssertionError):
        await checks.opposite_orders(shop, database)


async def one_by_one(unit: Unit, documents: Iterable[Any]) -> None:
    """The planted bug: pools are locked in the order of the cart."""
    for order in needs.orders_of(unit, list(documents)):
        for item in order.items:
            await stock.load_pools(unit, [(unit.channels[order.channel_id].pool_id, item.product_id)])


async def test_50_copies_of_one_key_have_one_effect(shop: Shop, database: Database) -> None:
    await checks.one_effect(shop, database)


async def test_10_copies_of_100_keys_have_100_effects(shop: Shop, database: Database) -> None:
    await checks.effects_of_keys(shop, database)


async def test_copies_of_a_key_are_caught_without_the_key(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_key(*_: Any) -> None:
        return None

    monkeypatch.setattr(runner, "take_key", no_key)
    with pytest.raises(AssertionError):
        await checks.one_effect(shop, database, copies=10)


def fail_every_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction in ten that issues an invoice is rolled back after its number was taken and written."""
    counter = itertools.count(1)
    write = writing.write

    async def failing(unit: Unit) -> None:
        is_invoice = any(isinstance(placeholder.document, Invoice) for placeholder in unit.numbers)
        await write(unit)
        if is_invoice and next(counter) % 10 == 0:
            raise RuntimeError("rolled back by the test")

    monkeypatch.setattr(runner, "write", failing)


async def test_1000_invoices_have_no_gap(shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_every_tenth(monkeypatch)
    await checks.invoices_without_gap(shop, database)


async def test_gaps_are_caught_without_the_counter_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_every_tenth(monkeypatch)
    monkeypatch.setattr(fill, "take_numbers", db_numbers.next_numbers)
    with pytest.raises(AssertionError):
        await checks.invoices_without_gap(shop, database, invoices=40, products=40)
