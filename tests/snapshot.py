"""A fingerprint of everything in the database, to show that a refused or tried mutation left no trace."""

from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.models.base import Base

_QUIET = {"event_order", "unplaced_events"}
"""Tables that the sequencer moves by itself."""


async def snapshot(database: Database) -> dict[str, tuple[int, int]]:
    """Number of rows and a sum over their hashes, by table."""
    names = sorted(name for name in Base.metadata.tables if name not in _QUIET)
    parts = [
        f"SELECT '{name}' AS name, count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS hash "
        f'FROM "{name}" t'
        for name in names
    ]
    rows = await database.read(text(" UNION ALL ".join(parts)))
    return {row.name: (row.rows, int(row.hash)) for row in rows}
