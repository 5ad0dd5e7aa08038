"""Whoever has lost a login hears nothing more within 5 s, however the connection was made (reliability.md E4)."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text, update
from websockets.exceptions import ConnectionClosed

from gql_sales.access.api_keys import read_api_key
from gql_sales.db.models.api_keys import ApiKey
from gql_sales.settings import Settings
from gql_sales.web.callers import judge
from tests.database import TestServer
from tests.event_world import World, staff
from tests.socket_client import logged_in
from tests.stream_client import EVENTS, PARTS, streamed
from tests.web.live import Live, live

ORDERS = "subscription { orderEvents { orderVersion } }"
CHANGES = {
    "revoked": "UPDATE api_keys SET revoked_at = now() WHERE id = :id",
    "expired": "UPDATE api_keys SET expires_at = now() WHERE id = :id",
    "narrowed": "UPDATE api_keys SET channel_ids = '{}' WHERE id = :id",
}


@pytest.fixture(scope="module")
async def site(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Live]:
    """A server with the whole application."""
    async with live(test_server, f"{worker_id}_watch", settings) as found:
        yield found


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_key_that_is_not_what_it_was_is_silent_within_5_seconds(site: Live, change: str) -> None:
    world = await World.make(site.database)
    (order,) = await world.orders(1)
    secret, key = await site.api_key(world)
    other = site.token(staff(world.company_id))
    async with AsyncExitStack() as stack:
        socket = await stack.enter_async_context(logged_in(site.socket_url, secret))
        await socket.subscribe(ORDERS)
        events = await stack.enter_async_context(streamed(site.url, ORDERS, token=secret, accept=EVENTS))
        parts = await stack.enter_async_context(streamed(site.url, ORDERS, token=secret, accept=PARTS))
        untouched = await stack.enter_async_context(streamed(site.url, ORDERS, token=other))
        await world.change(order)
        await socket.data()
        await events.next()
        await parts.next()
        began = time.monotonic()
        await execute(site, change, key)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.next()
        first, last = await events.rest()
        (part,) = await parts.rest()
        assert time.monotonic() - began < 5
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4403, "The login is no longer valid.")
        assert (first.code, last.kind, part.code) == ("UNAUTHENTICATED", "complete", "UNAUTHENTICATED")
        await world.change(order)
        assert [(await untouched.next()).content["data"]["orderEvents"]["orderVersion"] for _ in range(2)] == [1, 2]


@contextmanager
def counted(site: Live) -> Iterator[list[str]]:
    """The statements that are read with."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "api_keys" in statement:
            statements.append(statement)

    event.listen(site.database.read_engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(site.database.read_engine.sync_engine, "before_cursor_execute", note)


async def execute(site: Live, change: str, key: ApiKey) -> None:
    """As the server's role, which may change keys."""
    async with site.database.write_engine.begin() as connection:
        await connection.execute(text(change), {"id": key.id})


async def test_all_keys_are_judged_by_one_statement_and_tokens_by_none(site: Live) -> None:
    world = await World.make(site.database)
    keys = [await site.api_key(world) for _ in range(3)]
    principals = frozenset([await read_api_key(secret, site.database) for secret, _ in keys])
    assert await judge(principals | {staff(world.company_id)}, site.database) == frozenset()
    async with site.database.write_engine.begin() as connection:
        gone = update(ApiKey).where(ApiKey.id == keys[1][1].id).values(revoked_at=text("now()"))
        await connection.execute(gone)
    with counted(site) as statements:
        assert await judge(frozenset({staff(world.company_id)}), site.database) == frozenset()
        assert statements == []
        (found,) = await judge(principals | {staff(world.company_id)}, site.database)
        assert len(statements) == 1
    assert found.subject == str(keys[1][1].id)
