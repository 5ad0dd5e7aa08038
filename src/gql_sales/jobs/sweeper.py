"""The sweeper: what time does to documents and to keys of idempotency, looked after by one process at a time."""

import asyncio
from uuid import UUID

import structlog

from gql_sales.db.engine import Database
from gql_sales.db.faults import DBAPIError
from gql_sales.db.idempotency import forget_keys
from gql_sales.db.queries.orders import expired_orders
from gql_sales.db.sweeping import alone
from gql_sales.domain.orders.expire import order_expire
from gql_sales.domain.runner import Call, run
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind

log = structlog.get_logger(__name__)

POLL_SECONDS = 15.0
BATCH = 100


class Sweeper:
    """Every process runs one; a lock in the database lets one of them sweep at a time, and the others look again."""

    def __init__(self, database: Database) -> None:
        """Nothing happens before ``run``."""
        self._database = database

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except (DBAPIError, OSError) as error:
                log.warning("sweeping failed", reason=type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def sweep(self) -> int:
        """Do what is due, batch after batch; the number of orders that expired. 0 when another process is at it."""
        done = 0
        async with alone(self._database, "sweeper") as session:
            if session is None:
                return 0
            while due := await expired_orders(session, BATCH):
                expired = [await self._expire(company_id, order_id) for company_id, order_id in due]
                done += sum(expired)
                if not any(expired):
                    break
            while await forget_keys(self._database, BATCH * 10):
                pass
        return done

    async def _expire(self, company_id: UUID, order_id: UUID) -> bool:
        """Whether the order was cancelled; the runner takes its lock and looks again, so a payment may come first."""
        principal = Principal(
            PrincipalKind.SYSTEM,
            Audience.ADMIN,
            "expiry",
            frozenset({"orders:expire"}),
            company_id,
        )
        outcome = await run(order_expire, Call(principal, self._database, f"expire-{order_id}"), order_id)
        if outcome.errors:
            log.info("an order did not expire", order=str(order_id), reason=str(outcome.errors[0]))
        return not outcome.errors
