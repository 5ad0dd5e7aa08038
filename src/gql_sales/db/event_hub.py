"""One reader of the log's end for all subscribers of a process, so that a thousand idle ones cost what one costs."""

import asyncio
import time
from bisect import bisect_right
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog

from gql_sales.db.engine import Database
from gql_sales.db.event_log import last_place, read_events, read_places
from gql_sales.db.logged_events import LoggedEvent, Position, Wanted, may_see
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
PLACES = 500
"""Places that the reader fetches at once."""
KEPT = 1000
"""Events kept of each company; a subscriber that is farther behind reads the log itself."""
REPLAY_BATCH = 100
REPLAY_PAUSE = 0.02
REPLAYS = 2
"""Subscribers that read the log by themselves at the same time; the others wait their turn."""
SLOW_SECONDS = 10.0

_position = attrgetter("position")


@dataclass(slots=True)
class Tail:
    """The newest events of one company: all of those behind ``floor``."""

    floor: Position
    events: list[LoggedEvent] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    subscribers: int = 0

    def add(self, event: LoggedEvent) -> None:
        """Append it, and forget the oldest ones now and then."""
        self.events.append(event)
        if len(self.events) >= 2 * KEPT:
            self.floor = self.events[-KEPT - 1].position
            del self.events[:-KEPT]

    def behind(self, position: Position) -> Iterator[LoggedEvent]:
        """Those after the position, which must not lie before the floor."""
        return islice(self.events, bisect_right(self.events, position, key=_position), None)

    def ring(self) -> None:
        """Wake everybody who waits now."""
        self.bell.set()
        self.bell = asyncio.Event()


class EventHub:
    """Fans the log out: fetches while somebody is subscribed, keeps a bounded tail per company, and wakes by company.

    A subscriber takes events when it has delivered the last one, so a slow one holds nothing but its position.
    """

    def __init__(self) -> None:
        """Nothing is read before somebody follows."""
        self._tails: dict[UUID, Tail] = {}
        self._news = asyncio.Event()
        self._last = 0
        self._reader: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._replays = asyncio.Semaphore(REPLAYS)

    def announce(self) -> None:
        """There may be something new."""
        self._news.set()

    async def close(self) -> None:
        """End the reader; subscribers that are left hear nothing more."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None

    async def follow(
        self, database: Database, principal: Principal, wanted: Wanted, after: Position
    ) -> AsyncGenerator[LoggedEvent, None]:
        """Events behind ``after``, first those of the log, then new ones as they come, without gap or double.

        SLOW_CONSUMER when the caller is more than 1000 events behind what it has already caught up with, for 10 s.
        """
        if principal.company_id is None:
            return
        subscriber = _Subscriber(principal, wanted, after)
        tail = await self._join(database, principal.company_id)
        try:
            while True:
                if subscriber.position < tail.floor:
                    events, horizon = await self._replay(database, subscriber)
                    for event in events:
                        subscriber.position = event.position
                        yield event
                        # A long row of events must not keep the loop from everybody else.
                        await asyncio.sleep(0)
                    subscriber.position = max(subscriber.position, horizon)
                elif found := subscriber.take(tail):
                    yield found
                    await asyncio.sleep(0)
                else:
                    subscriber.position = max(subscriber.position, Position(self._last))
                    await tail.bell.wait()
                    subscriber.caught_up_at = time.monotonic()
        finally:
            self._leave(principal.company_id)

    async def _replay(self, database: Database, subscriber: "_Subscriber") -> tuple[list[LoggedEvent], Position]:
        """The next batch from the log, and the position up to which nothing else is wanted."""
        subscriber.require_speed()
        # Whatever had a place before the statement began is in what it reads, so a batch that is not full is all of it.
        horizon = Position(self._last)
        async with self._replays:
            events = await read_events(
                database, subscriber.principal, subscriber.wanted, subscriber.position, REPLAY_BATCH
            )
        if len(events) < REPLAY_BATCH:
            return events, horizon
        await asyncio.sleep(REPLAY_PAUSE)
        return events, events[-1].position

    async def _join(self, database: Database, company_id: UUID) -> Tail:
        async with self._starting:
            if self._reader is None or self._reader.done():
                self._start(database, await last_place(database))
        tail = self._tails.setdefault(company_id, Tail(Position(self._last)))
        tail.subscribers += 1
        return tail

    def _start(self, database: Database, last: int) -> None:
        self._last = last
        for tail in self._tails.values():
            # Left over from a reader that was ended: its subscribers read what they missed in the log.
            tail.floor = Position(last)
            tail.events.clear()
            tail.ring()
        self._reader = asyncio.create_task(self._read_on(database))

    def _leave(self, company_id: UUID) -> None:
        tail = self._tails[company_id]
        tail.subscribers -= 1
        if not tail.subscribers:
            del self._tails[company_id]
            self._news.set()

    async def _read_on(self, database: Database) -> None:
        """Fetch until nobody is left; the poll makes up for every announcement that was lost (reliability.md E6)."""
        while self._tails:
            self._news.clear()
            try:
                while await self._fetch(database):
                    pass
            except Exception as error:  # noqa: BLE001 (a lost try; the next one makes up for it)
                # Whatever it is, subscribers wait for the next try and miss nothing.
                log.warning("events cannot be read now", reason=type(error).__name__)
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _fetch(self, database: Database) -> bool:
        """Put the next places into the tails; False when there are no more."""
        horizon = await last_place(database)
        if horizon <= self._last:
            return False
        upto = min(horizon, self._last + PLACES)
        rung: set[UUID] = set()
        for event in await read_places(database, self._last, upto):
            if tail := self._tails.get(event.company_id):
                tail.add(event)
                rung.add(event.company_id)
        self._last = upto
        for company_id in rung:
            self._tails[company_id].ring()
        return upto < horizon


@dataclass(slots=True)
class _Subscriber:
    """One caller's way through the log; ``caught_up_at`` is when it last began on something new."""

    principal: Principal
    wanted: Wanted
    position: Position
    caught_up_at: float | None = None

    def take(self, tail: Tail) -> LoggedEvent | None:
        """The next event that the tail holds for it."""
        for event in tail.behind(self.position):
            self.position = event.position
            if self.wanted.matches(event) and may_see(self.principal, event):
                return event
        return None

    def require_speed(self) -> None:
        """SLOW_CONSUMER when it once was up to date and has fallen off the tail; a first replay may take its time."""
        if self.caught_up_at is not None and time.monotonic() - self.caught_up_at > SLOW_SECONDS:
            raise RequestError(Code.SLOW_CONSUMER, f"More than {KEPT} events wait; resume from the last cursor.")


_HUBS: WeakKeyDictionary[Database, EventHub] = WeakKeyDictionary()


def hub_of(database: Database) -> EventHub:
    """The one hub of a database in this process."""
    if database not in _HUBS:
        _HUBS[database] = EventHub()
    return _HUBS[database]
