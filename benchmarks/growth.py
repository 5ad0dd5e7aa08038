"""W7: the same requests with few and with many orders; what counts is that nothing grows with the table."""

import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import orjson
from tests.large import enlarge
from tests.sales_story import tell

from benchmarks.reading import ORDER
from benchmarks.stage import SETTINGS, Server, Size, database, ours
from benchmarks.transport import connected
from gql_sales.access.tokens import issue_token
from gql_sales.db.engine import Database

SMALL = "number state paymentStatus"
PLACED_AT = 'placedAt: {gte: "2020-09-15T00:00:00Z", lt: "2020-09-18T00:00:00Z"}'
FILTERS = {
    "newest": "",
    "state": ", filter: {state: {in: [PLACED, ACKNOWLEDGED]}}",
    "days": f", filter: {{{PLACED_AT}}}",
    "days, paid, by total": f", filter: {{{PLACED_AT}, paymentStatus: {{in: [PAID]}}}}, sort: [{{key: TOTAL}}]",
    "by total": ", sort: [{key: TOTAL}]",
    "SKU": ', filter: {sku: {in: ["POST"]}}',
    "text": ', query: "ref-15000"',
    "text of many": ', query: "L-00001"',
}
WORKLOADS = {
    # Not the day's own orders: to one of them all copied shipments belong.
    "W1 days": f"{{ orders(first: 50{FILTERS['days']}) {{ nodes {{ {ORDER} }} }} }}",
    **{f"W3 {name}": f"{{ orders(first: 20{asked}) {{ nodes {{ {SMALL} }} }} }}" for name, asked in FILTERS.items()},
}


async def measure(size: Size, *, is_tiny: bool) -> None:
    """Print both medians, asked in turns, and their ratio."""
    few, many = size.growth
    async with AsyncExitStack() as stack:
        shops = [await stack.enter_async_context(_shop_of(orders, is_tiny=is_tiny)) for orders in size.growth]
        for name, query in WORKLOADS.items():
            body = orjson.dumps({"query": query})
            times: dict[int, list[float]] = {few: [], many: []}
            async with AsyncExitStack() as asking:
                # Anew for each, since the server ends a connection that is silent for seconds.
                small, large = [
                    await asking.enter_async_context(connected(server.port, token)) for server, token in shops
                ]
                for turn in range(3 + min(size.requests // 8, 50)):
                    for orders, connection in ((few, small), (many, large)):
                        began = time.perf_counter()
                        answer = await connection.post("/graphql", body)
                        if turn >= 3:
                            times[orders].append(time.perf_counter() - began)
                        assert b'"errors"' not in answer, answer
            before, after = (statistics.median(taken) for taken in times.values())
            shown = f"p50 {before * 1000:.1f} ms of {few} orders, {after * 1000:.1f} ms of {many}"
            print(f"W7 {name}: {shown}, ratio {after / before:.2f}x")


@asynccontextmanager
async def _shop_of(orders: int, *, is_tiny: bool) -> AsyncIterator[tuple[Server, str]]:
    """A server whose company has so many orders, and the token of somebody who may read them."""
    async with database(is_tiny=is_tiny) as urls:
        opened = Database(urls.server)
        try:
            principal = (await tell(opened)).principal
        finally:
            await opened.close()
        assert principal.company_id is not None
        await enlarge(urls.owner, principal.company_id, orders)
        token = issue_token(principal, SETTINGS, ttl=timedelta(hours=1))
        async with ours(urls) as server:
            yield server, token
