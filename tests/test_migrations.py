"""The revisions make exactly what the models describe, and can be taken back."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.db.migrate import FOLDER, MigrationError, current, downgrade, drift, head, migrate
from gql_sales.db.models.customers import TimelineKind
from gql_sales.domain.customers.timeline_add import customer_timeline_add
from tests.database import TestServer, cloned
from tests.sales_story import tell

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


@pytest.fixture
async def empty(test_server: TestServer, worker_id: str) -> AsyncIterator[Urls]:
    """A database without tables."""
    async with cloned(test_server, f"{worker_id}_empty") as urls:
        yield urls


async def count(url: str, query: str) -> int:
    """The first number of a query."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def test_empty_to_head_has_no_drift(empty: Urls) -> None:
    assert await current(empty.owner) == ""
    await migrate(empty.owner)
    assert await current(empty.owner) == head()
    assert await drift(empty.owner) == []


async def test_down_to_base_and_up_again(empty: Urls) -> None:
    await migrate(empty.owner)
    await downgrade(empty.owner, "base")
    assert await count(empty.owner, TABLES) == 0
    await migrate(empty.owner)
    assert await drift(empty.owner) == []


async def test_drift_is_seen(empty: Urls) -> None:
    await migrate(empty.owner)
    connection = await asyncpg.connect(empty.owner)
    await connection.execute("CREATE TABLE stray (size int CONSTRAINT ck_stray_size CHECK (size > 0))")
    await connection.close()
    found = await drift(empty.owner)
    assert any("stray" in line for line in found)
    assert "unknown CHECK stray.ck_stray_size" in found


async def test_two_processes_may_migrate_at_once(empty: Urls) -> None:
    await asyncio.gather(*(migrate(empty.owner) for _ in range(3)))
    assert await current(empty.owner) == head()


async def test_server_reads_and_writes_but_owns_nothing(empty: Urls) -> None:
    await migrate(empty.owner)
    assert await count(empty.server, "SELECT count(*) FROM alembic_version") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await count(empty.server, "ALTER TABLE alembic_version ADD COLUMN stray int")


def test_file_names_tell_the_one_line_of_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert sorted(revisions, reverse=True) == revisions
    assert revisions[0] == head()


async def test_unknown_revision_and_missing_rights_are_told_in_one_line(empty: Urls) -> None:
    with pytest.raises(MigrationError, match="9999"):
        await migrate(empty.owner, "9999")
    with pytest.raises(MigrationError, match="permission denied"):
        await migrate(empty.server)


async def test_the_log_so_far_tells_what_new_events_tell(empty: Urls) -> None:
    """0024: types of all documents that events name, and the entry that was noted by hand."""
    await migrate(empty.owner)
    database = Database(empty.owner)
    story = await tell(database)
    await story.do(customer_timeline_add, story.customer_id, kind=TimelineKind.NOTE, text="Called.")
    told = text("SELECT id, document_types, data FROM events ORDER BY insertion")
    written = list(await database.read(told))
    assert {type_ for row in written for type_ in row.document_types} > {"Order", "Invoice", "StockPool", "Payment"}
    assert any("entry" in row.data for row in written)
    async with database.write_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await connection.execute(text("UPDATE events SET data = data - 'entry'"))
        await connection.execute(text("ALTER TABLE events ENABLE TRIGGER USER"))
    await database.close()
    await downgrade(empty.owner, "0023")
    await migrate(empty.owner)
    database = Database(empty.owner)
    assert list(await database.read(told)) == written
    await database.close()
