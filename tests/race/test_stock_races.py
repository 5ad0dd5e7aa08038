"""Races for stock over the whole application, and the proof that each check fails when its lock is taken out (Q16)."""

from collections.abc import Iterable
from typing import Any

import pytest

from gql_sales.db import numbers as db_numbers
from gql_sales.db.engine import Database
from gql_sales.db.queries import documents, stock
from gql_sales.db.session import Unit
from gql_sales.domain import transition
from gql_sales.domain.numbers import fill
from gql_sales.domain.orders import needs
from tests.race import stock_checks as checks
from tests.shop import Shop


def unlocked(load: Any) -> Any:
    """The planted bug: rows are read, not locked."""

    async def read(unit: Unit, *args: Any) -> None:
        unit.is_locking = False
        await load(unit, *args)
        unit.is_locking = True

    return read


def without_levels_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels are read by orders and shipments, not locked."""
    monkeypatch.setattr(needs, "load_levels", unlocked(stock.load_levels))


async def test_500_buyers_of_the_last_unit_have_one_winner(shop: Shop, database: Database) -> None:
    """R1: five rounds; the bug is planted in test_races.py."""
    await checks.last_unit(shop, database)


async def test_the_last_unit_of_a_warehouse_is_booked_once(shop: Shop, database: Database) -> None:
    await checks.last_unit_booked(shop, database)


async def test_booking_twice_is_caught_without_the_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pools serialize bookings as well, so both locks are taken out."""
    without_levels_locked(monkeypatch)
    monkeypatch.setattr(needs, "load_pools", unlocked(stock.load_pools))
    with pytest.raises(AssertionError):
        await checks.last_unit_booked(shop, database, rounds=1)


async def test_the_last_unit_of_a_place_is_set_aside_once(shop: Shop, database: Database) -> None:
    await checks.last_unit_allocated(shop, database)


async def test_setting_aside_twice_is_caught_without_the_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_levels_locked(monkeypatch)
    with pytest.raises(AssertionError):
        await checks.last_unit_allocated(shop, database, rounds=1)


async def test_goods_are_moved_or_booked(shop: Shop, database: Database) -> None:
    await checks.move_against_book(shop, database)


async def test_moving_what_is_booked_is_caught_without_the_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table would refuse it all the same, but as a surprise: not with what booking says of an empty bin."""
    without_levels_locked(monkeypatch)
    monkeypatch.setattr(needs, "load_pools", unlocked(stock.load_pools))
    with pytest.raises(AssertionError):
        await checks.move_against_book(shop, database)


async def test_goods_leave_or_go_back_to_the_draft(shop: Shop, database: Database) -> None:
    await checks.unbook_against_finalize(shop, database)


async def test_leaving_and_going_back_is_caught_without_the_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transition, "load_documents", unlocked(documents.load_documents))
    with pytest.raises(AssertionError):
        await checks.unbook_against_finalize(shop, database)


async def test_a_reservation_is_consumed_or_released_once(shop: Shop, database: Database) -> None:
    await checks.consumed_once(shop, database)


async def test_consuming_twice_is_caught_without_the_lock(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transition, "load_documents", unlocked(documents.load_documents))
    with pytest.raises(AssertionError):
        await checks.consumed_once(shop, database)


async def test_notes_and_packages_of_30_products_have_no_gap(shop: Shop, database: Database) -> None:
    await checks.numbers_of_notes(shop, database)


async def test_gaps_of_notes_are_caught_without_the_counter(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill, "take_numbers", db_numbers.next_numbers)
    with pytest.raises(AssertionError):
        await checks.numbers_of_notes(shop, database, notes=2)


async def test_carts_keep_every_invariant_on_their_way(shop: Shop, database: Database) -> None:
    """R2 with 100 orders instead of 1,000."""
    await checks.carts(shop, database)


async def test_carts_are_caught_without_the_lock_order(
    shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: pools are locked in the order of the cart."""

    async def one_by_one(unit: Unit, documents: Iterable[Any]) -> None:
        for order in needs.orders_of(unit, list(documents)):
            for item in order.items:
                await stock.load_pools(unit, [(unit.channels[order.channel_id].pool_id, item.product_id)])

    monkeypatch.setitem(needs.POOLS.__dict__, "load", one_by_one)
    monkeypatch.setitem(needs.POOLS_TO_PLACE.__dict__, "load", one_by_one)
    with pytest.raises(AssertionError):
        await checks.carts(shop, database, orders=60, products=4)
