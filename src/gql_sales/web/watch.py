"""Sends away whoever holds a socket or stream open and may not any more: expired, revoked, or the server stops."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from gql_sales.kernel.principals import Principal, PrincipalKind
from gql_sales.kernel.request_errors import Code, RequestError, Unauthenticated
from gql_sales.web.limits import Limits

log = structlog.get_logger(__name__)

WATCH_SECONDS = 1.0
"""Between two looks; with the time for the statement well below the 5 s of reliability.md E4."""
JUDGE_SECONDS = 2.0
CLOSE_SECONDS = 2.0
"""How long clients that do not read may hold up the end of the server."""

Judge = Callable[[frozenset[Principal]], Awaitable[frozenset[Principal]]]
"""Those of the principals that would not be let in again as they are."""


class Held(Protocol):
    """A connection that stays open."""

    @property
    def principal(self) -> Principal:
        """Whoever holds it."""

    async def end(self, error: RequestError | None) -> None:
        """End it because of an error of its holder, or because the server stops."""


class UnderWay(Counter[str]):
    """How many operations each principal has under way on sockets and streams."""

    def begin(self, principal: Principal) -> None:
        """One more."""
        self[principal.key] += 1

    def finish(self, principal: Principal) -> None:
        """One less; nothing is kept of those who have none."""
        self[principal.key] -= 1
        if not self[principal.key]:
            del self[principal.key]

    def require_room(self, principal: Principal, limits: Limits) -> None:
        """THROTTLED when the caller has as many as allowed; the anonymous share one key and are not counted."""
        if principal.kind is not PrincipalKind.ANONYMOUS and self[principal.key] >= limits.principal_operations:
            most = limits.principal_operations
            raise RequestError(Code.THROTTLED, f"At most {most} operations run for one caller.")


class Watch:
    """Looks at everything that is open once a second: one statement for all principals, one task for all timers."""

    def __init__(self, judge: Judge) -> None:
        """Nothing runs while nothing is open."""
        self.open: set[Held] = set()
        self.is_closing = False
        self._judge = judge
        self._looking: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    def add(self, held: Held) -> None:
        """Watch it until it is discarded."""
        self.open.add(held)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    def discard(self, held: Held) -> None:
        """It has ended."""
        self.open.discard(held)
        if not self.open and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def close(self) -> None:
        """End everything and let nothing new in."""
        self.is_closing = True
        ends = [asyncio.create_task(held.end(None)) for held in self.open]
        if ends:
            await asyncio.wait(ends, timeout=CLOSE_SECONDS)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            # The wall clock, because a loop's own does not notice when the machine was asleep or the time was set.
            now = time.time()
            for held in list(self.open):
                expires_at = held.principal.expires_at
                if expires_at is not None and expires_at <= now:
                    self._end(held, Unauthenticated("The token has expired."))
            try:
                async with asyncio.timeout(JUDGE_SECONDS):
                    gone = await self._judge(frozenset(held.principal for held in self.open))
            except Exception as error:  # noqa: BLE001 (judged again at the next look)
                # Without a database there are no events either, so nothing is told to anybody meanwhile.
                log.warning("callers cannot be judged now", reason=type(error).__name__)
                continue
            for held in [held for held in self.open if held.principal in gone]:
                self._end(held, Unauthenticated("The login is no longer valid."))

    def _end(self, held: Held, error: RequestError) -> None:
        """In a task of its own: a client that does not read must not hold up the others."""
        self.open.discard(held)
        task = asyncio.create_task(held.end(error))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
