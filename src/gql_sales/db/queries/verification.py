"""What must hold between rows, asked of the database: each check gives the rows that break it, with their figures.

A statement of a check returns ``kind`` and ``id`` of the document it is about, a ``label`` for people, a ``message``;
``:company`` narrows it to one company. Amounts are minor units.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from gql_sales.db.engine import Database
from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.verification_books import BOOKS
from gql_sales.db.queries.verification_credits import CREDITS
from gql_sales.db.queries.verification_customers import CUSTOMERS
from gql_sales.db.queries.verification_events import EVENTS
from gql_sales.db.queries.verification_orders import ORDERS
from gql_sales.db.queries.verification_stock import STOCK
from gql_sales.db.transaction import Transaction

BATCH = 500
CHECKS: Sequence[tuple[str, str]] = (*STOCK, *ORDERS, *BOOKS, *CREDITS, *CUSTOMERS, *EVENTS)
"""Rule and statement of every check."""


@dataclass(frozen=True)
class Broken:
    """A row that breaks a rule."""

    rule: str
    kind: str
    id: UUID | None
    label: str
    message: str


Snapshot = Transaction
"""What the checks read: one instant of the database."""


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Transaction]:
    """A session that sees one instant of the database and cannot write."""
    async with database.write_engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with Transaction(connection, (await connection.get_raw_connection()).driver_connection) as session:
            yield session


async def broken(session: Transaction, rule: str, statement: str, company_id: UUID | None) -> list[Broken]:
    """The rows that break one check."""
    rows: Sequence[Row[Any]] = (await session.execute(text(statement), {"company": company_id})).all()
    return [Broken(rule, row.kind, row.id, row.label or "", row.message) for row in rows]


_CHILDREN: dict[type[Document], list[InstrumentedAttribute[Any]]] = {Order: [Order.items], Invoice: []}


async def batches(session: Transaction, cls: type[Document], company_id: UUID | None) -> AsyncIterator[list[Any]]:
    """All documents of a class with what their derived columns follow from; a batch is forgotten at the next."""
    last: UUID | None = None
    while True:
        found = list(await session.scalars(_batch(cls, company_id, last)))
        if not found:
            return
        # Read off before the rows are forgotten.
        last = found[-1].id
        yield found
        session.expunge_all()


def _batch(cls: type[Document], company_id: UUID | None, after: UUID | None) -> Select[Any]:
    statement = select(cls).options(*[selectinload(children) for children in _CHILDREN.get(cls, [])])
    if company_id is not None:
        statement = statement.where(cls.company_id == company_id)  # type: ignore[attr-defined]
    if after is not None:
        statement = statement.where(cls.id > after)
    return statement.order_by(cls.id).limit(BATCH)
