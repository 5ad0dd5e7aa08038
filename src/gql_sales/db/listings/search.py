"""Free text: accents and case do not count, and every way to match is one that an index serves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, func, literal_column, select

from gql_sales.db.engine import Database
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.list_indexes import WORDS
from gql_sales.db.models.products import Product
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal

LONGEST = 200
MOST_CUSTOMERS = 200
"""How many customers a text stands for when documents are looked for by it: the newest ones."""
SHORTEST_INSIDE = 3
"""Shorter words are looked for at the beginning only, where their trigrams are."""

CUSTOMER_TEXT: ColumnElement[str] = literal_column(WORDS[Customer], String)
PRODUCT_TEXT: ColumnElement[str] = literal_column(WORDS[Product], String)


@dataclass(frozen=True)
class Hits:
    """Rows elsewhere that a text stands for."""

    customer_ids: tuple[UUID, ...] = ()


NO_HITS = Hits()


async def find(database: Database, principal: Principal, text: str) -> Hits:
    """The customers that the text means, for callers who may see customers."""
    if "customers:read" not in principal.scopes:
        return NO_HITS
    statement = select(Customer.id).where(visible(Customer, principal), contains(CUSTOMER_TEXT, text))
    rows = await database.read(statement.order_by(Customer.id.desc()).limit(MOST_CUSTOMERS))
    return Hits(tuple(row.id for row in rows))


def contains(expression: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Every word of the text is in it."""
    words = text.split()
    return and_(
        *[
            expression.like(func.search_fold(escaped(word, "%" if len(word) >= SHORTEST_INSIDE else "")))
            for word in words
        ]
    )


def begins(column: Any, text: str) -> ColumnElement[bool]:  # noqa: ANN401 (a column)
    """The code begins with the text, without regard to case."""
    found: ColumnElement[bool] = func.lower(column).like(escaped(text.lower()))
    return found


def is_code(column: Any, text: str) -> ColumnElement[bool]:  # noqa: ANN401 (a column)
    """The code is the text, without regard to case."""
    found: ColumnElement[bool] = func.lower(column) == text.lower()
    return found


def escaped(text: str, before: str = "") -> str:
    """A LIKE pattern for what begins with the text, or goes on so somewhere inside."""
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{before}{literal}%"
