"""Measuring: things done a second, and the processor time that the server and PostgreSQL took for each."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

Work = Callable[[int], Awaitable[object]]
"""One client's part: does its share, ``count`` times whatever is measured."""


@dataclass(frozen=True)
class Measured:
    """Per second, and milliseconds of processor time for each; NaN where the system does not tell."""

    rate: float
    server: float
    database: float

    def __str__(self) -> str:
        return f"{self.rate:8.1f}/s  CPU ms: server {self.server:6.2f} + PostgreSQL {self.database:6.2f}"

    @property
    def cpu(self) -> float:
        """Of both."""
        return self.server + self.database


def median(runs: list[Measured]) -> Measured:
    """Each figure's median."""
    return Measured(*(statistics.median(getattr(run, name) for run in runs) for name in ("rate", "server", "database")))


def cpu_seconds(process_id: int) -> float:
    """Processor time of a process's first thread so far; NaN where /proc does not tell."""
    try:
        return int(Path(f"/proc/{process_id}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return float("nan")


@dataclass(frozen=True)
class Meter:
    """Knows the process that is measured, and asks PostgreSQL which of its processes work on the database."""

    url: str
    process_id: int

    async def run(self, work: Work, clients: int, count: int) -> Measured:
        """``count`` things in all, by so many clients at the same time."""
        backends = await self.backends()
        server, database = cpu_seconds(self.process_id), sum(map(cpu_seconds, backends))
        began = time.perf_counter()
        await asyncio.gather(*[work(count // clients) for _ in range(clients)])
        seconds, done = time.perf_counter() - began, count // clients * clients
        server, database = cpu_seconds(self.process_id) - server, sum(map(cpu_seconds, backends)) - database
        return Measured(done / seconds, server / done * 1000, database / done * 1000)

    async def backends(self) -> list[int]:
        connection = await asyncpg.connect(self.url)
        try:
            rows = await connection.fetch(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        finally:
            await connection.close()
        return [row["pid"] for row in rows]
