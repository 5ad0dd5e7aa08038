"""Runs the SQL files of migrations/sql for revisions: triggers, rights, and what else no model can say."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "migrations" / "sql"


def run(name: str) -> None:
    """Execute the statements of one of them, which lines that hold nothing but ``--;`` part."""
    for statement in (FOLDER / name).read_text(encoding="utf-8").split("\n--;\n"):
        op.get_bind().exec_driver_sql(statement)
