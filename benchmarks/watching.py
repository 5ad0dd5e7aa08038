"""W6: subscribers over WebSocket on one server process: what each takes of memory, and how soon events are told."""

import asyncio
import resource
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.shop import Shop
from tests.socket_client import SocketClient, logged_in

from benchmarks.lifecycle import document
from benchmarks.stage import SETTINGS, Server, Size, ours, token_of
from benchmarks.transport import Json, connected
from gql_sales.access.tokens import issue_token
from gql_sales.db.embedded import Urls

EVENTS = """subscription ($ids: [ID!]) { orderEvents(orderIds: $ids) { type cursor orderId occurredAt
    order { number state total { amount } } } }"""
CREATE = document("orderCreate", "order { id }")
WATCHERS = 10
"""Who watch everything, while all the others each wait for one order."""


async def measure(urls: Urls, shop: Shop, size: Size) -> None:
    """Print memory a subscriber and lags: with most of them idle, then with an event that all are told."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    watched = await shop.order_id((next(iter(shop.products)), 1))
    for label, ids, rate in (("idle", [watched], 15), ("all told", None, 1)):
        async with ours(urls) as server, AsyncExitStack() as stack:
            clients = await _subscribed(stack, shop, server, WATCHERS, None)
            await asyncio.sleep(2)
            before = _resident(server)
            clients += await _subscribed(stack, shop, server, size.subscribers, ids)
            await asyncio.sleep(min(size.watch_seconds / 5, 5))
            memory = (_resident(server) - before) / size.subscribers
            lags = await _lags(shop, server, clients if ids is None else clients[:WATCHERS], rate, size)
            p50, p99 = statistics.median(lags), statistics.quantiles(lags, n=100)[98]
            shown = f"lag p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms of {len(lags)} at {rate} orders/s"
            print(f"W6 {size.subscribers} subscribers, {label}: {memory:.0f} KiB a subscriber, {shown}")


async def _subscribed(
    stack: AsyncExitStack, shop: Shop, server: Server, count: int, ids: list[str] | None
) -> list[SocketClient]:
    """So many connections, each of somebody else, each with one subscription."""
    clients = []
    for number in range(count):
        principal = replace(shop.staff, subject=f"watcher {number}")
        token = issue_token(principal, SETTINGS, ttl=timedelta(hours=1))
        client = await stack.enter_async_context(logged_in(f"ws://127.0.0.1:{server.port}/graphql", token))
        payload = {"query": EVENTS, "variables": {"ids": ids}}
        await client.send({"id": "1", "type": "subscribe", "payload": payload})
        clients.append(client)
    return clients


async def _lags(shop: Shop, server: Server, clients: list[SocketClient], rate: int, size: Size) -> list[float]:
    """Seconds from when an event is stamped, shortly before its commit, until each client has it."""
    lags: list[float] = []
    events = 0

    async def listen(client: SocketClient) -> None:
        while True:
            event = (await client.data(60))["orderEvents"]
            lags.append(time.time() - datetime.fromisoformat(event["occurredAt"]).timestamp())

    listening = [asyncio.create_task(listen(client)) for client in clients]
    async with connected(server.port, token_of(shop)) as connection:
        began = time.monotonic()
        for number in range(int(size.watch_seconds * rate)):
            values: Json = shop.order_values((next(iter(shop.products)), 1), then=["PLACE"])
            await connection.operation(CREATE, {"input": {**values, "idempotencyKey": f"w6-{time.time_ns()}"}})
            events += 1
            await asyncio.sleep(max(0.0, began + (number + 1) / rate - time.monotonic()))
    await asyncio.sleep(min(size.watch_seconds / 4, 3))
    for task in listening:
        task.cancel()
    found = await asyncio.gather(*listening, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in found), found
    assert len(lags) >= events * len(clients), (len(lags), events, len(clients))
    return lags


def _resident(server: Server) -> float:
    """KiB of memory of the server process; NaN where /proc does not tell."""
    try:
        lines = Path(f"/proc/{server.process_id}/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))
