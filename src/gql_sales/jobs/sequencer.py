"""The sequencer: gives committed events their places as soon as it hears of them, and looks by itself otherwise."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

from gql_sales.db.engine import Database
from gql_sales.db.event_places import BATCH, LOST, announce, dedicated, place_batch
from gql_sales.jobs.retry import Retry

if TYPE_CHECKING:
    from asyncpg import Connection

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.25
COALESCE_SECONDS = 0.003
BUSY_SECONDS = 0.005
LONGEST_BUSY_SECONDS = 0.1


class Sequencer:
    """Every process runs one; a lock in the database lets one of them work at a time."""

    def __init__(self, database: Database, told: Callable[[], None]) -> None:
        """``told`` is called whenever new places exist."""
        self._database = database
        self._told = told
        self._due = asyncio.Event()

    def wake(self) -> None:
        """Something was committed."""
        self._due.set()

    async def run(self) -> None:
        """Work until cancelled; a lost connection is made anew."""
        retry = Retry("sequencer")
        while True:
            try:
                async with dedicated(self._database, "sequencer") as connection:
                    while True:
                        await self._place(connection)
                        retry.succeeded()
                        await self._rest()
            except LOST as error:
                await retry.failed(error)

    async def _place(self, connection: "Connection[Any]") -> None:
        """Batch after batch until nothing waits, then one announcement."""
        last: int | None = None
        busy = BUSY_SECONDS
        while True:
            placed = await place_batch(connection)
            if placed is None:
                # The other one may have looked before our commit, so what we were woken for is still ours to see to.
                await asyncio.sleep(busy)
                busy = min(busy * 2, LONGEST_BUSY_SECONDS)
                continue
            last = placed.last or last
            if placed.count < BATCH:
                break
        if last is not None:
            log.debug("events placed", last=last)
            self._told()
            await announce(connection, last)

    async def _rest(self) -> None:
        """Until something is committed here, and a moment longer for what comes with it; or until the next poll."""
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._due.wait()
        except TimeoutError:
            return
        await asyncio.sleep(COALESCE_SECONDS)
        self._due.clear()
