"""Does what servers otherwise do beside requests, in a process of its own: for set-ups with many servers."""

from gql_sales.commands.process import read_settings, run


def worker() -> None:
    """Put events in order, let orders expire and delete old keys, until SIGTERM or Ctrl-C; any number may run."""
    from gql_sales.web.logs import configure_logs

    configure_logs()
    run(_work())


async def _work() -> None:
    import asyncio

    from gql_sales.commands.database import open_database, require_current
    from gql_sales.db.engine import Database
    from gql_sales.domain.registry import load_all
    from gql_sales.jobs.runtime import Jobs

    settings = read_settings()
    load_all()
    async with open_database(settings) as urls:
        await require_current(urls.server)
        database = Database(urls.server, write_pool_size=2, read_pool_size=2)
        jobs = Jobs(database)
        try:
            await jobs.start()
            print("gql-sales works", flush=True)
            await asyncio.Event().wait()
        finally:
            await jobs.stop()
            await database.close()
