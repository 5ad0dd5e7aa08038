"""Waiting longer and longer for a database that is away, and telling about it once."""

import asyncio

import structlog

log = structlog.get_logger(__name__)

FIRST_SECONDS = 0.05
LONGEST_SECONDS = 2.0


class Retry:
    """The patience of one job: short after a first failure, long after many."""

    def __init__(self, job: str) -> None:
        """``job`` is its name in the log."""
        self._job = job
        self._delay = FIRST_SECONDS
        self._is_failing = False

    def succeeded(self) -> None:
        """Begin anew with short waits."""
        if self._is_failing:
            log.info("job goes on", job=self._job)
        self._delay, self._is_failing = FIRST_SECONDS, False

    async def failed(self, error: BaseException) -> None:
        """Wait before the next try."""
        if not self._is_failing:
            log.warning("job lost its connection", job=self._job, reason=type(error).__name__)
        self._is_failing = True
        await asyncio.sleep(self._delay)
        self._delay = min(self._delay * 2, LONGEST_SECONDS)
