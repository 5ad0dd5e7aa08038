"""An import over HTTP whose server is killed again and again, and what an independent reader of the file finds then."""

import asyncio
import contextlib
import random
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2

from gql_sales.access.tokens import issue_token
from gql_sales.app import create_app
from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.importing.client import Client, remote
from gql_sales.importing.formats import read_plan
from gql_sales.importing.inside import RETAILER, importer, staff_of
from gql_sales.importing.plan import Place
from gql_sales.importing.report import Unwatched
from gql_sales.importing.run import Run
from gql_sales.importing.whole import import_all
from gql_sales.kernel.ids import decode_id
from gql_sales.settings import Settings
from tests.importing.rows import slice_of, written
from tests.importing.state import unbroken
from tests.race.servers import Forge, free_port, until_ready

SALES = 60
DISTURBED = ("products", "opening stock", "sales", "credits")
SEED = 20261126
CHECK = Path(__file__).parent.parent / "independent" / "online_retail.py"


async def test_a_killed_server_is_waited_for_and_the_file_is_there_once(
    database_urls: Urls, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Connections are refused, answers lost, calls cut off; the sums are those of the file all the same."""
    file = written(tmp_path / "slice.csv", slice_of(SALES))
    code = uuid.uuid4().hex
    inside = await staff_of(create_app(settings, database), settings, code, RETAILER)
    assert inside is not None
    company_id = (await inside.query("{ company { id } }"))["company"]["id"]
    token = issue_token(importer(company_id), settings, ttl=timedelta(hours=1))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    client = Client(remote(url, token), patience=120)
    async with server_that_is_killed(database_urls.server, settings, port) as kills:
        run = Run(client, read_plan(file, "online-retail", Place()), "slice", progress=kills)
        report = await asyncio.wait_for(import_all(run, code), 280)
        await kills.end()
        print(f"seed {SEED}: {kills.killed} kills; {report.documents} documents in {report.seconds:.1f} s")
        assert kills.killed == len(DISTURBED)
        assert report.bad_rows == []
        again = await import_all(Run(client, run.plan, "slice"))
        assert again.documents == 0
        assert len(await unbroken(client)) >= 5
        await client.close()
        assert await checked(file, url, token) == 0
        # The check can fail: the file with one line more is another one.
        assert await checked(written(file, [*slice_of(SALES), slice_of(SALES)[0]]), url, token) == 1
    assert await verify(database, company_id=decode_id("Company", company_id)) == []


class Kills(Unwatched):
    """Asks for a kill of the server whenever a stage begins that writes much."""

    def __init__(self) -> None:
        self.asked = self.killed = 0
        self.due = asyncio.Event()
        self.is_up = asyncio.Event()
        self.is_over = False

    def begin(self, stage: str, total: int) -> None:
        """Soon after."""
        if stage in DISTURBED and not self.is_over:
            self.asked += 1
            self.due.set()

    async def end(self) -> None:
        """No more kills; the server is back from the last one."""
        self.is_over = True
        while self.killed < self.asked:  # noqa: ASYNC110 (only a task changes it)
            await asyncio.sleep(0.05)
        await self.is_up.wait()


@contextlib.asynccontextmanager
async def server_that_is_killed(url: str, settings: Settings, port: int) -> AsyncIterator[Kills]:
    """A server that is killed soon after it is asked for, and comes back a while later."""
    kills, chance, forge = Kills(), random.Random(SEED), Forge()

    async def keep() -> None:
        while True:
            server = await forge.start(url, settings, port)
            try:
                async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
                    await until_ready(http)
                kills.is_up.set()
                await kills.due.wait()
                kills.due.clear()
                await asyncio.sleep(chance.uniform(0.1, 0.6))
            finally:
                kills.is_up.clear()
                server.kill()
                await asyncio.to_thread(server.join)
            kills.killed += 1
            await asyncio.sleep(0.3)

    keeper = asyncio.create_task(keep())
    try:
        yield kills
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def checked(file: Path, url: str, token: str) -> int:
    """Exit code of the independent check."""
    process = await asyncio.create_subprocess_exec(sys.executable, str(CHECK), str(file), url, token)
    return await process.wait()
