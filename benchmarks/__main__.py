"""Runs the workloads: `python -m benchmarks [--tiny]`; ratios within one run are what counts, not the figures."""

import argparse
import asyncio

from benchmarks import growth, last_stock, lifecycle, reading, real_input, watching
from benchmarks.stage import TINY, Size, bare, client_of, database, ours


async def measure(size: Size, *, is_tiny: bool) -> None:
    """Every workload on one database."""
    async with database(is_tiny=is_tiny) as urls:
        recorded = await lifecycle.record(urls, size)
        async with ours(urls) as server, bare(urls) as limit, client_of(server) as client:
            shop = await lifecycle.open_large_shop(client)
            order_id = await reading.fill(urls, shop, size)
            await reading.count_statements(urls, shop, order_id)
            servers = {"ours": server, "bare": limit}
            for name, more in (("W3", ""), ("W1", ""), ("W2", ""), ("W2", reading.TRANSITIONS)):
                await reading.compare(name, urls, shop, order_id, servers, size, more)
            await lifecycle.compare(urls, shop, server, recorded, size)
            await last_stock.compare(urls, shop, server, size)
            await real_input.measure(urls, server, size)
            await watching.measure(urls, shop, size)
    await growth.measure(size, is_tiny=is_tiny)


def main() -> None:
    """Read the arguments and go."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="only try that everything runs")
    is_tiny = parser.parse_args().tiny
    asyncio.run(measure(TINY if is_tiny else Size(), is_tiny=is_tiny))


if __name__ == "__main__":
    main()
