"""The small clients of examples/clients do what they show, against a real server."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gql_sales.access.tokens import issue_token
from gql_sales.db.event_log import encode_cursor
from gql_sales.db.logged_events import Position
from gql_sales.settings import Settings
from tests.database import TestServer
from tests.demo_shop import Demo, demo_shop
from tests.example_runs import FOLDER
from tests.sales_story import place_all
from tests.socket_client import served

NODE = shutil.which("node")
NEEDS_NODE = pytest.mark.skipif(NODE is None, reason="node is not installed")
ORDERS = "query { orders(first: 1) { nodes { number } totalCount { value } } }"


@pytest.fixture(scope="module")
async def demo(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Demo]:
    """The demo shop, everything of it told."""
    async with demo_shop(test_server, f"{worker_id}_clients", settings) as found:
        await place_all(found.database)
        yield found


@pytest.mark.parametrize(
    ("program", "file"),
    [(sys.executable, "client.py"), pytest.param(NODE, "client.mjs", marks=NEEDS_NODE)],
    ids=["python", "node"],
)
async def test_a_client_asks_orders_and_follows(demo: Demo, settings: Settings, program: str, file: str) -> None:
    before = (await demo.client.query(ORDERS, None, demo.ada))["orders"]["totalCount"]["value"]
    async with served(settings, demo.database) as url:
        told = await output(program, file, {
            "GQL_SALES_URL": url.replace("ws:", "http:"),
            "GQL_SALES_TOKEN": issue_token(demo.ada, settings, ttl=timedelta(hours=1)),
            "GQL_SALES_AFTER": encode_cursor(Position(1)),
        })  # fmt: skip
    after = (await demo.client.query(ORDERS, None, demo.ada))["orders"]
    assert after["totalCount"]["value"] == before + 1
    count, placed, first, second = told
    assert (count, placed) == (f"{before} orders", f"placed {after['nodes'][0]['number']}")
    (one, _, cursor), (other, _, later) = first.split(), second.split()
    assert (one, other) == ("OrderCreated", "OrderPlaced")
    assert cursor != later


async def output(program: str, file: str, variables: dict[str, str]) -> list[str]:
    """The lines that a client prints before it ends well."""
    run = await asyncio.create_subprocess_exec(
        program,
        str(FOLDER / "clients" / file),
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            printed, failed = await run.communicate()
    finally:
        if run.returncode is None:
            run.kill()
    assert run.returncode == 0, failed.decode()
    return printed.decode().splitlines()
