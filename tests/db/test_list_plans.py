"""Every list with 200,000 orders: each filter with each sort reads a small part of its table (api.md 4)."""

import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.filters import FieldKind, FilterField
from gql_sales.db.listings.listing import CREATED_AT, Asked, Listing, Sorting
from gql_sales.db.listings.registry import LISTINGS
from gql_sales.db.pages import Window
from gql_sales.db.queries.reading import SOURCES
from gql_sales.kernel.principals import Principal
from tests.database import TestServer
from tests.event_world import database_of_its_own
from tests.large import enlarge
from tests.sales_story import tell

ORDERS_THERE = int(os.environ.get("GQL_SALES_TEST_ORDERS", "200000"))
PART = 0.08
"""What a page may read at most, as a share of the table: what waits, and more than once; never the past."""
LEAST = 2000
"""Rows that a page may always read."""
GROWING = {"StockLevel": "bin_kind "}
"""What may read its whole table: which bins are empty the planner cannot know, and sales make no stock levels."""
MIDDLE = datetime(2020, 11, 20, tzinfo=UTC)
RANGES: Mapping[FieldKind, tuple[str, dict[str, Any]]] = {
    FieldKind.AMOUNT: ("narrow", {"currency_code": "EUR", "gte": Decimal(5000), "lt": Decimal(5005)}),
    FieldKind.DAY: ("four days", {"gte": date(2020, 11, 20), "lt": date(2020, 11, 24)}),
    FieldKind.ID: ("its own", {"in": ["sample"]}),
    FieldKind.INSTANT: ("three days", {"gte": MIDDLE, "lt": datetime(2020, 11, 23, tzinfo=UTC)}),
    FieldKind.QUANTITY: ("narrow", {"gte": Decimal(500), "lt": Decimal(503)}),
}


@dataclass
class Past:
    """A database with a long past, and somebody who may read it."""

    database: Database
    principal: Principal
    rows: Mapping[str, int]
    samples: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
async def past(test_server: TestServer, worker_id: str) -> AsyncIterator[Past]:
    """Made once for all tests of this file."""
    async with database_of_its_own(test_server, f"past_{worker_id}") as urls:
        database = Database(urls.server)
        try:
            story = await tell(database)
            assert story.principal.company_id is not None
            rows = await enlarge(urls.owner, story.principal.company_id, ORDERS_THERE)
            yield Past(database, story.principal, rows)
        finally:
            await database.close()


def looks(listing: Listing) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of the list with values that are frequent and with values that are rare."""
    yield "nothing", {}
    for name, field_ in listing.fields.items():
        for shown, value in _values(name, field_):
            yield f"{name} {shown}", {name: value}


def _values(name: str, field_: FilterField) -> Iterator[tuple[str, Any]]:
    if field_.kind is FieldKind.CHOICE:
        yield from _choices(field_)
    elif field_.kind is FieldKind.FLAG:
        yield from (("true", True), ("false", False))
    elif field_.kind is FieldKind.TEXT:
        yield "one", {"in": ["L-77000" if name != "number" else "L-000077000"]}
        if name == "sku":
            yield "frequent", {"in": ["POST"]}
    else:
        yield RANGES[field_.kind]


def _choices(field_: FilterField) -> Iterator[tuple[str, Any]]:
    assert isinstance(field_.of, type)
    for value in field_.of:
        yield value.value, {"in": [value]}
    pending = [value for value in field_.of if value.value in ("NONE", "PARTIAL", "UNBILLED", "UNPAID")]
    if len(pending) > 1:
        yield "pending", {"in": pending}


async def read(past: Past, listing: Listing, asked: Asked, *, is_backwards: bool = False) -> tuple[int, str]:
    """How many rows the page reads, by the plan as it ran, and what it reads whole."""
    parts = await listing.parts(past.database, past.principal, asked)
    statement: Any = listing.page(parts, Window(25, is_backwards, None, None, listing.keys(asked.sort)))
    compiled = statement.compile(dialect=past.database.read_engine.dialect, compile_kwargs={"render_postcompile": True})
    values = tuple(
        compiled.params[name] if processor is None else processor(compiled.params[name])
        for name in compiled.positiontup
        for processor in [compiled._bind_processors.get(name)]
    )
    async with past.database.read_engine.connect() as connection:
        found = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {compiled}", values)
        told = found.scalar_one()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return _touched(plan), _scans(plan)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _touched(plan: dict[str, Any]) -> int:
    return int(
        max(
            (
                (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                for node in _nodes(plan)
            ),
            default=0,
        )
    )


def _scans(plan: dict[str, Any]) -> str:
    return " ".join(node["Relation Name"] for node in _nodes(plan) if node["Node Type"] == "Seq Scan")


async def _sample(past: Past, listing: Listing, name: str) -> Any:
    """An id that one of the rows has in that field."""
    key = f"{listing.type_name}.{name}"
    if key not in past.samples:
        table = SOURCES[listing.type_name].model.__tablename__
        column = {"stock_level_id": "level_id"}.get(name, name)
        owner = {
            ("orders", "warehouse_id"): "SELECT warehouse_id FROM allocations LIMIT 1",
            ("credit_memos", "order_id"): "SELECT order_id FROM credit_memo_items LIMIT 1",
        }.get((table, name), f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1")
        rows = await past.database.read(text(owner))
        past.samples[key] = rows[0][0]
    return past.samples[key]


@pytest.mark.parametrize("type_name", LISTINGS)
async def test_each_filter_with_each_sort_reads_a_small_part(past: Past, type_name: str) -> None:
    """Scans and sorts of a whole table are refused; the worst of each list is printed with the size of its table."""
    listing = LISTINGS[type_name]
    table = SOURCES[type_name].model.__tablename__
    most = max(LEAST, int(past.rows[table] * PART))
    worst: list[tuple[int, str]] = []
    sorts = [(), *[(Sorting(key, down),) for key in (CREATED_AT, *listing.sorts) for down in (True, False)]]
    for shown, wanted in looks(listing):
        for name, value in wanted.items():
            if value == {"in": ["sample"]}:
                wanted = {name: {"in": [await _sample(past, listing, name)]}}  # noqa: PLW2901
        for sort in sorts:
            count, whole = await read(past, listing, Asked(wanted, sort))
            order = " ".join(f"{key.name} {'down' if key.is_descending else 'up'}" for key in sort) or "default"
            worst.append(
                (count, f"{shown} by {order}{' SCANS' if table in whole.split() and past.rows[table] > LEAST else ''}")
            )
    worst.sort(reverse=True)
    print(f"\n{type_name}: {past.rows[table]} rows, {len(worst)} combinations, at most {most} read")
    for count, told in worst[:8]:
        print(f"  {count:>8} {told}")
    worst = [(count, told) for count, told in worst if not told.startswith(GROWING.get(type_name, "-"))]
    assert [f"{told}: {count}" for count, told in worst if count > most or "SCANS" in told] == []
