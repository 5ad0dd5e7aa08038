"""The sweeper: what time does to documents and to keys of idempotency, looked after by one process at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog

from gql_sales.db.engine import Database
from gql_sales.db.faults import DBAPIError
from gql_sales.db.idempotency import forget_keys
from gql_sales.db.models.orders import Order
from gql_sales.db.queries.orders import Due, FindDue, expired_orders, unacknowledged_orders
from gql_sales.db.sweeping import alone
from gql_sales.domain.orders.acknowledge import order_acknowledge
from gql_sales.domain.orders.expire import order_expire
from gql_sales.domain.orders.holds import ACKNOWLEDGEMENT
from gql_sales.domain.runner import Call, run
from gql_sales.domain.transition import Transition
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind

log = structlog.get_logger(__name__)

POLL_SECONDS = 15.0
BATCH = 100


@dataclass(frozen=True)
class Chore:
    """What time does to orders: which are due, the verb for them, and the names it goes by in audits and keys."""

    name: str
    key: str
    verb: Transition[Order, []]
    due: FindDue


CHORES = (
    Chore("expiry", "expire", order_expire, expired_orders),
    Chore(
        "acknowledgement",
        "acknowledge",
        order_acknowledge,
        partial(unacknowledged_orders, waiting=ACKNOWLEDGEMENT),
    ),
)


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
        """Do what is due; the number of orders that expired or were acknowledged. 0 when another process is at it."""
        done = 0
        async with alone(self._database, "sweeper") as session:
            if session is None:
                return 0
            for chore in CHORES:
                done += await self._all(chore, partial(chore.due, session))
            while await forget_keys(self._database, BATCH * 10):
                pass
        return done

    async def _all(self, chore: Chore, find: Callable[[int, Due | None], Awaitable[list[Due]]]) -> int:
        """Batch after batch, each order once, so that those which are refused stand in nobody's way."""
        done, last = 0, None
        while due := await find(BATCH, last):
            done += sum([await self._one(chore, order) for order in due])
            last = due[-1]
        return done

    async def _one(self, chore: Chore, order: Due) -> bool:
        """Whether it was done; the runner takes the order's lock, and whoever changed the order first wins."""
        scopes = frozenset({chore.verb.scope})
        principal = Principal(PrincipalKind.SYSTEM, Audience.ADMIN, chore.name, scopes, order.company_id)
        call = Call(principal, self._database, f"{chore.key}-{order.id}", order.version)
        outcome = await run(chore.verb, call, order.id)
        if outcome.errors:
            log.info("an order stayed as it was", job=chore.name, order=str(order.id), reason=str(outcome.errors[0]))
        return not outcome.errors
