"""The chain of legal numbers: its canonical form is fixed by vectors, and it holds under writers at once (L6, P10)."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo
from gql_sales.domain.numbers.chain import ALWAYS_CHANGING, CHANGING, CONFIRMED, START, _plain, canonical
from gql_sales.domain.verify import verify
from tests.bills import issued
from tests.shop import Shop


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("10.500000"), "10.5"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "0"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, UTC), "2026-01-02T03:04:05.000006+00:00"),
        (datetime(2026, 1, 2, 5, 4, 5, 6, timezone(timedelta(hours=2))), "2026-01-02T03:04:05.000006+00:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (UUID(int=255), "0" * 30 + "ff"),
        (b"\x00\xff", "00ff"),
        (7, 7),
        (None, None),
        ("a\u0308\U0001f4a9", "a\u0308\U0001f4a9"),
    ],
)
def test_vectors_of_values(value: object, plain: object) -> None:
    """Formance changed theirs by a Unicode fault (case 33): what is sealed once is sealed like that for ever."""
    assert _plain(value) == plain


def test_vector_of_a_whole_text() -> None:
    """Keys sorted, no blanks, Unicode as it is, in UTF-8."""
    told = canonical({"b": ["ü", 1], "a": {"z": None, "y": True}})
    assert told == '{"a":{"y":true,"z":null},"b":["ü",1]}'.encode()
    assert (
        hashlib.sha256(START + told).hexdigest() == "5ddf330007e6597fffe8ae66ad1d63918f66af057b04548a11152dd61f9d83e4"
    )


async def test_what_may_change_is_what_the_database_lets_change(database: Database) -> None:
    """N5: the frozen columns are the sealed ones; nothing else of an issued document can change."""
    query = "SELECT tgargs FROM pg_trigger WHERE tgname = 'frozen_once_issued' AND tgrelid = CAST(:t AS regclass)"
    for cls in (Invoice, CashSale, CreditMemo):
        async with database.session() as session:
            raw = await session.scalar(text(query), {"t": cls.__tablename__})
        allowed = {part.decode() for part in bytes(raw).split(b"\0") if part}
        filled = CONFIRMED if cls is Invoice else frozenset()
        assert allowed - {"version", "updated_at", "state"} - filled == CHANGING[cls]
        assert allowed <= CHANGING[cls] | ALWAYS_CHANGING | filled


async def test_writers_at_once_make_one_chain(shop: Shop, database: Database) -> None:
    """L6, reliability.md 1.7: on disjoint orders, so that nothing but the counter keeps them apart."""
    orders = [await shop.placed(("apple" if number % 2 else "pear", 1)) for number in range(12)]
    await asyncio.gather(*[issued(shop, order["id"]) for order in orders])
    assert await verify(database, shop.company) == []
    async with database.session() as session:
        statement = """SELECT count(DISTINCT digest) FROM number_assignments a JOIN number_series s ON s.id = series_id
            WHERE s.company_id = :company AND s.kind = 'INVOICE'"""
        assert await session.scalar(text(statement), {"company": shop.company}) == 12
