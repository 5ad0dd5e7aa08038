"""The jobs of one process, started and stopped with it."""

import asyncio
from contextlib import suppress
from typing import Protocol

import structlog

from gql_sales.db.engine import Database
from gql_sales.db.event_hub import hub_of
from gql_sales.jobs.sequencer import Sequencer
from gql_sales.jobs.sweeper import Sweeper
from gql_sales.jobs.wakeups import Wakeups

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0


class Job(Protocol):
    """Something that goes on for as long as the process does."""

    async def run(self) -> None:
        """Work until cancelled."""


class Jobs:
    """The ear for other processes' announcements, and, where they are wanted, the sequencer and the sweeper."""

    def __init__(self, database: Database, *, is_working: bool = True) -> None:
        """Nothing runs before ``start``; without ``is_working`` the process only listens."""
        self._database = database
        self._hub = hub_of(database)
        self._sequencer = Sequencer(database, self._hub.announce)
        self._wakeups = Wakeups(database, self._hub.announce)
        self._working: tuple[Job, ...] = (self._sequencer, Sweeper(database)) if is_working else ()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin; returns at once."""
        self._database.listeners.append(self._sequencer.wake)
        self._tasks = [asyncio.create_task(_keep(job)) for job in (self._wakeups, *self._working)]

    async def stop(self) -> None:
        """End everything; what was not placed is placed by another process, or after the next start."""
        with suppress(ValueError):
            self._database.listeners.remove(self._sequencer.wake)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._hub.close()


async def _keep(job: Job) -> None:
    """Run the job; a defect in it is logged and does not end it."""
    while True:
        try:
            await job.run()
        except Exception:
            log.exception("job failed", job=type(job).__name__)
        await asyncio.sleep(PAUSE_SECONDS)
