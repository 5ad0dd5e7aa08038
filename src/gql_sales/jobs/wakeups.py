"""One LISTEN connection per process: hears of places that others gave; losing it costs a second, but no event."""

import asyncio
from collections.abc import Callable

from gql_sales.db.engine import Database
from gql_sales.db.event_places import LOST, dedicated, is_alive, listen
from gql_sales.jobs.retry import Retry

CHECK_SECONDS = 10.0


class Wakeups:
    """NOTIFY only wakes; what there is to read is in the table (reliability.md E6)."""

    def __init__(self, database: Database, told: Callable[[], None]) -> None:
        """``told`` is called whenever there may be something new."""
        self._database = database
        self._told = told

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made anew."""
        retry = Retry("wake-ups")
        while True:
            try:
                async with dedicated(self._database, "wake-ups") as connection:
                    gone = asyncio.Event()
                    connection.add_termination_listener(lambda *_, gone=gone: gone.set())
                    await listen(connection, self._told)
                    retry.succeeded()
                    # Whatever was announced while nobody listened.
                    self._told()
                    while not await _is_set(gone):
                        await is_alive(connection)
                raise ConnectionResetError
            except LOST as error:
                await retry.failed(error)


async def _is_set(event: asyncio.Event) -> bool:
    """Whether it happens within the time after which a silent connection is asked for a sign of life."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await event.wait()
    except TimeoutError:
        return False
    return True
