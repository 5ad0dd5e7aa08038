"""How PostgreSQL would run a statement, for tests that a list does not read a whole table (api.md 4)."""

from typing import Any

from sqlalchemy import text

from gql_sales.db.engine import Database


async def plan(database: Database, statement: Any, filled: str = "", analyzed: str = "", **params: Any) -> str:
    """The plan when a table is read as a whole only where nothing else is possible; test tables are small.

    ``filled`` adds rows for just this look, where a table would be so small that any index of it costs the same;
    ``analyzed`` names the table of which the planner is to know it.
    """
    bound = statement.params(**params)
    compiled = bound.compile(dialect=database.write_engine.dialect, compile_kwargs={"render_postcompile": True})
    values = tuple(compiled.params[name] for name in compiled.positiontup)
    async with database.write_engine.connect() as connection:
        if filled:
            await connection.execute(text(filled))
        if analyzed:
            await connection.execute(text(f"ANALYZE {analyzed}"))
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = (await connection.exec_driver_sql(f"EXPLAIN {compiled}", values)).all()
    return "\n".join(row[0] for row in rows)
