"""W5: many buyers at the same time for few units; what counts is that exactly so many are sold."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack

import asyncpg
from tests.client import key
from tests.shop import Shop

from benchmarks.lifecycle import document
from benchmarks.stage import Server, Size, token_of
from benchmarks.transport import connected
from gql_sales.db.embedded import Urls

PLACE = document("orderPlace", "")
TAKE = """UPDATE stock_pools SET committed = committed + 1
          WHERE product_id = (SELECT id FROM products WHERE company_id = $1 AND sku = 'last')
            AND committed < on_hand_sellable RETURNING id"""
RESET = TAKE.replace("committed + 1", "0").replace("AND committed < on_hand_sellable ", "")
COMMITTED = """SELECT committed FROM stock_pools JOIN products ON products.id = product_id
               WHERE products.company_id = $1 AND sku = 'last'"""


async def compare(urls: Urls, shop: Shop, server: Server, size: Size) -> None:
    """Print how many were sold, and how long it took to answer everybody."""
    await shop.add_product("last", "3.00", stock=size.units)
    drafts = [await shop.draft(("last", 1)) for _ in range(size.buyers)]
    async with AsyncExitStack() as stack:
        token = token_of(shop)
        buyers = [await stack.enter_async_context(connected(server.port, token)) for _ in drafts]
        began = time.perf_counter()
        answers = await asyncio.gather(
            *[
                buyer.operation(PLACE, {"input": {"orderId": draft["id"], "idempotencyKey": key()}})
                for buyer, draft in zip(buyers, drafts, strict=True)
            ]
        )
        seconds = time.perf_counter() - began
    refusals = [answer["orderPlace"]["userErrors"] for answer in answers]
    told = Counter(errors[0]["code"] if errors else "OK" for errors in refusals)
    sold = told["OK"]
    async with asyncpg.create_pool(urls.owner, min_size=16, max_size=16) as pool:
        committed = await pool.fetchval(COMMITTED, shop.company)
        assert sold == committed == size.units, (sold, committed)
        await pool.execute(RESET, shop.company)
        began = time.perf_counter()
        taken = await asyncio.gather(*[pool.fetchval(TAKE, shop.company) for _ in drafts])
        bare = time.perf_counter() - began
    assert sum(one is not None for one in taken) == size.units
    print(f"W5 {size.buyers} placements for {size.units} units: sold {sold}, {seconds:.2f} s, {dict(told)}")
    print(f"W5 bare conditional UPDATE alone: {bare:.2f} s, ratio {seconds / bare:.1f}x")
