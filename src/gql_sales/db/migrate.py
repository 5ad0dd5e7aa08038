"""Brings a database's tables to the shape that the models describe, by the revisions in ``migrations/versions``.

Everything runs in one transaction under one advisory lock: two processes that start together migrate once, and a
failure leaves the database as it was. The server's role gets its rights here, since the owner makes the tables.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sqlalchemy import CheckConstraint, Connection, Table, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import gql_sales.db.models.all  # noqa: F401 (fills the metadata with every table)
from gql_sales.db.embedded import SERVER
from gql_sales.db.engine import asyncpg_url
from gql_sales.db.models.base import Base
from gql_sales.db.models.events import Xid8

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.config import Config

T = TypeVar("T")

# SQLAlchemy reads tables back by this list, and has not heard of the type.
ischema_names["xid8"] = Xid8

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x67716C73616C6573  # "gqlsales": the advisory lock of migrations
REVISION_FILE = re.compile(r"(\d{4})_\w+\.py")

# Before the tables, so that a revision may take single rights away again (frozen tables have no UPDATE).
RIGHTS = f"""
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{SERVER}') AND current_user <> '{SERVER}' THEN
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO {SERVER}', current_database());
    GRANT USAGE ON SCHEMA public TO {SERVER};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {SERVER};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {SERVER};
  END IF;
END $$
"""


class MigrationError(RuntimeError):
    """The database was left as it was; the message is one line for an operator."""


def render_item(_kind: str, item: object, context: "AutogenContext") -> Literal[False]:
    """Let alembic write the expression itself, and add the import that a column type of ours needs."""
    module = type(item).__module__
    if module.startswith("gql_sales."):
        context.imports.add(f"import {module}")
    return False


OPTIONS: dict[str, Any] = {"compare_type": True, "compare_server_default": True, "render_item": render_item}


def head() -> str:
    """The newest revision, read off the file names (``0001_first.py``) because importing alembic takes a second."""
    names = (REVISION_FILE.fullmatch(file.name) for file in (FOLDER / "versions").iterdir())
    return max((name[1] for name in names if name), default="")


async def current(url: str) -> str:
    """Revision of the database, empty when it was never migrated."""
    return await _run(url, _current)


async def migrate(url: str, revision: str = "head") -> None:
    """Upgrade to the revision, as the role that owns the tables; does nothing when the database is there already.

    MigrationError when a revision is unknown, also the database's own, or the database refuses.
    """
    from alembic import command

    await _run(url, lambda connection: _change(connection, command.upgrade, revision))


async def downgrade(url: str, revision: str) -> None:
    """Go back to an earlier revision, ``base`` for an empty database; data of dropped columns is lost.

    MigrationError as for ``migrate``.
    """
    from alembic import command

    await _run(url, lambda connection: _change(connection, command.downgrade, revision))


async def drift(url: str) -> list[str]:
    """What the migrated database lacks or has beyond the models, one statement a line; empty when they agree."""
    return await _run(url, _drift)


async def write_revision(url: str, message: str) -> Path:
    """Write the next file of ``migrations/versions`` from the difference between a database at head and the models."""
    from alembic import command

    number = f"{int(head() or 0) + 1:04}"

    def write(connection: Connection) -> None:
        connection.execute(text(RIGHTS))  # alembic makes its own table on the way
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)

    await _run(url, write)
    return next((FOLDER / "versions").glob(f"{number}_*.py"))


async def _run(url: str, work: Callable[[Connection], T]) -> T:
    """Call ``work`` in one transaction of its own connection."""
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _change(connection: Connection, change: Callable[..., None], revision: str) -> None:
    from alembic.util import CommandError

    try:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text(RIGHTS))
        change(_config(connection), revision)
    except CommandError as error:
        raise MigrationError(f"The database cannot be migrated: {error}.") from error
    except DBAPIError as error:
        raise MigrationError(f"The database refuses to be migrated: {error.orig}.") from error


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _current(connection: Connection) -> str:
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return ""
    return connection.scalar(text("SELECT max(version_num) FROM alembic_version")) or ""


def _drift(connection: Connection) -> list[str]:
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts=OPTIONS)
    changes = produce_migrations(context, Base.metadata).upgrade_ops
    lines: list[str] = []
    if changes is not None and not changes.is_empty():
        code = render_python_code(changes, migration_context=context)
        lines = [line.strip() for line in code.splitlines() if line.strip() and not line.strip().startswith("#")]
    return lines + _check_drift(connection, Base.metadata.tables.values())


def _check_drift(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """Names of CHECK constraints that only one side has, because alembic does not compare them."""
    prepare = connection.dialect.identifier_preparer
    wanted = {
        f"{table.name}.{prepare.format_constraint(constraint)}"
        for table in tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    query = "SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
    found = set(connection.scalars(text(f"{query} AND connamespace = 'public'::regnamespace")))
    return [f"missing CHECK {name}" for name in sorted(wanted - found)] + [
        f"unknown CHECK {name}" for name in sorted(found - wanted)
    ]
