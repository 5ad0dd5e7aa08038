"""A small world for tests of the event log: orders, and transactions that write events as the runner does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.db.models.channels import Channel, ChannelKind, Pool
from gql_sales.db.models.companies import Company
from gql_sales.db.models.customers import Customer, CustomerKind
from gql_sales.db.models.events import Event, IdempotencyKey
from gql_sales.db.models.orders import Order, OrderSource
from gql_sales.kernel.ids import new_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from tests.database import TestServer, build_template, cloned

FLOOD = """
WITH changed AS (
    UPDATE orders SET version = version + :count WHERE id = :order RETURNING id, company_id, channel_id, version
)
INSERT INTO events (id, company_id, channel_id, type, document_type, document_id, document_version, document_ids,
    document_versions, document_types, actor, causation_id, occurred_at, data)
SELECT gen_random_uuid(), company_id, channel_id, 'OrderChanged', 'Order', id, version - :count + n, ARRAY[id],
    ARRAY[version - :count + n], ARRAY['Order'], 'staff:anna', gen_random_uuid(), now(), '{}'
FROM changed, generate_series(1, CAST(:count AS integer)) n ORDER BY n
"""


@asynccontextmanager
async def database_of_its_own(server: TestServer, name: str) -> AsyncIterator[Urls]:
    """Both roles' URLs of a migrated database with nothing in it; the owner may break there what it likes."""
    await build_template(server)
    async with cloned(server, name, server.template) as urls:
        yield urls


def staff(
    company_id: UUID | None, *, channel_ids: frozenset[UUID] | None = None, warehouse_ids: frozenset[UUID] | None = None
) -> Principal:
    """Somebody who may read everything of the company, or of the channels and warehouses named."""
    scopes = frozenset({"orders:read", "shipments:read"})
    return Principal(PrincipalKind.STAFF, Audience.ADMIN, "anna", scopes, company_id, channel_ids, warehouse_ids)


def shopper(company_id: UUID, subject: str) -> Principal:
    """A customer with a login."""
    scopes = frozenset({"orders:read", "shipments:read"})
    return Principal(PrincipalKind.CUSTOMER, Audience.STOREFRONT, subject, scopes, company_id)


@dataclass
class World:
    """One company; its orders are drafts that only ever change their version."""

    database: Database
    company_id: UUID = field(default_factory=new_id)
    channel_id: UUID = field(default_factory=new_id)

    @classmethod
    async def make(cls, database: Database) -> "World":
        """A company with one channel."""
        world = cls(database)
        async with database.session() as session:
            code = world.company_id.hex[-12:]
            session.add(Company(id=world.company_id, code=code, name="C", country_code="DE", currency_code="EUR"))
            await session.flush()
            session.add(pool := Pool(company_id=world.company_id, code="P"))
            await session.flush()
            session.add(world._channel(world.channel_id, pool.id))
            await session.commit()
        return world

    def _channel(self, id_: UUID, pool_id: UUID) -> Channel:
        return Channel(
            id=id_,
            company_id=self.company_id,
            pool_id=pool_id,
            code=id_.hex[-12:],
            name="Shop",
            kind=ChannelKind.WEB,
            currency_code="EUR",
        )

    async def channel(self) -> UUID:
        """Another channel."""
        id_ = new_id()
        async with self.database.session() as session:
            pool_id = await session.scalar(select(Pool.id).where(Pool.company_id == self.company_id))
            assert pool_id is not None
            session.add(self._channel(id_, pool_id))
            await session.commit()
        return id_

    async def customer(self, subject: str) -> UUID:
        """A customer with a login."""
        row = Customer(
            company_id=self.company_id, kind=CustomerKind.REGISTERED, subject=subject, name=subject, created_by="test"
        )
        async with self.database.session() as session:
            session.add(row)
            await session.commit()
        return row.id

    async def orders(
        self, count: int, *, customer_id: UUID | None = None, channel_id: UUID | None = None
    ) -> list[UUID]:
        """Orders that nothing has happened to."""
        rows = [
            Order(
                company_id=self.company_id,
                channel_id=channel_id or self.channel_id,
                customer_id=customer_id,
                source=OrderSource.WEB,
                currency_code="EUR",
                document_date=date(2026, 11, 23),
                created_by="staff:anna",
            )
            for _ in range(count)
        ]
        async with self.database.session() as session:
            session.add_all(rows)
            await session.commit()
        return [row.id for row in rows]

    async def change(
        self, *order_ids: UUID, type_: str = "OrderChanged", delay: float = 0, hold: float = 0, **data: Any
    ) -> UUID:
        """One transaction as the runner makes it: key first, which fixes its id; then lock, version, event, commit.

        ``delay`` passes between the key and the lock, ``hold`` between the event and the commit.
        """
        async with self.database.session() as session:
            await self.take_key(session)
            await asyncio.sleep(delay)
            event = await self.touch(session, *order_ids, type_=type_, **data)
            await asyncio.sleep(hold)
            await session.commit()
        self.database.wake()
        return event.id

    async def take_key(self, session: AsyncSession) -> None:
        """What gives the transaction its id."""
        session.add(IdempotencyKey(principal="staff:anna", key=new_id().hex, mutation="m", fingerprint=b"", answer={}))
        await session.flush()

    async def touch(self, session: AsyncSession, *order_ids: UUID, type_: str = "OrderChanged", **data: Any) -> Event:
        """Lock the orders, raise their versions, and append one event of the first that names all."""
        found = select(Order).where(Order.id.in_(order_ids)).order_by(Order.id).with_for_update(key_share=True)
        orders = {order.id: order for order in await session.scalars(found)}
        for order in orders.values():
            order.version += 1
        main = orders[order_ids[0]]
        event = Event(
            company_id=self.company_id,
            channel_id=main.channel_id,
            type=type_,
            document_type="Order",
            document_id=main.id,
            document_version=main.version,
            document_ids=list(order_ids),
            document_versions=[orders[id_].version for id_ in order_ids],
            document_types=["Order"] * len(order_ids),
            customer_id=main.customer_id,
            actor="staff:anna",
            causation_id=new_id(),
            occurred_at=datetime.now(UTC),
            data=data,
        )
        session.add(event)
        await session.flush()
        return event

    async def flood(self, order_id: UUID, count: int) -> None:
        """Many changes of one order at once, as if by many transactions."""
        async with self.database.write_engine.begin() as connection:
            await connection.execute(text(FLOOD), {"order": order_id, "count": count})
        self.database.wake()
