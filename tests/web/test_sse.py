"""GraphQL over SSE: events with ids, resumed by Last-Event-ID, ended when they must, for as much as is allowed."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from starlette.types import Message

from gql_sales.db.engine import Database
from gql_sales.db.event_log import encode_cursor
from gql_sales.db.logged_events import Position
from gql_sales.kernel.principals import Audience
from gql_sales.settings import Settings
from gql_sales.web.gate import EVENT_STREAM, GRAPHQL_JSON, JSON
from gql_sales.web.limits import LIMITS
from gql_sales.web.streams import WIRES
from gql_sales.web.view import GraphQLView
from tests.database import TestServer
from tests.event_world import World, staff
from tests.socket_client import listening_with
from tests.stream_client import EVENTS, event, streamed
from tests.web.live import Live, live
from tests.web.toy import STAFF, make_app, make_client, make_view, token

CLIENT = make_client()
EVENT = {"Accept": EVENTS}
COUNT = "subscription ($after: Int) { count(to: 3, after: $after) }"
FOREVER = "subscription { forever }"
ORDERS = "subscription ($after: String) { orderEvents(after: $after) { orderVersion } }"


@pytest.fixture(scope="module")
async def site(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Live]:
    """A server with the whole application."""
    async with live(test_server, f"{worker_id}_sse", settings) as found:
        yield found


def answered(query: str, headers: dict[str, str] | None = None, **fields: Any) -> list[Any]:
    """The events of an operation that ends."""
    answer = CLIENT.post("/graphql", json={"query": query, **fields}, headers={**EVENT, **(headers or {})})
    assert (answer.status_code, answer.headers["content-type"]) == (200, EVENT_STREAM)
    found = [event(lines) for lines in answer.text.removesuffix("\n\n").split("\n\n")]
    return [piece for piece in found if piece.kind != "heartbeat"]


@pytest.mark.parametrize(("query", "value"), [("{hello}", "hello you"), ("mutation{orderCancel}", "cancelled")])
def test_an_operation_with_one_result_is_answered_by_one_event(query: str, value: str) -> None:
    first, last = answered(query, {"Authorization": f"Bearer {token(STAFF)}"})
    assert (first.kind, list(first.content["data"].values()), first.id) == ("next", [value], None)
    assert (last.kind, last.content) == ("complete", {})


def test_a_subscription_is_answered_by_its_events_with_their_cursors() -> None:
    pieces = answered(COUNT)
    assert [(piece.kind, piece.id) for piece in pieces] == [
        ("next", "0"),
        ("next", "1"),
        ("next", "2"),
        ("complete", None),
    ]
    assert [piece.content["data"] for piece in pieces[:-1]] == [{"count": 0}, {"count": 1}, {"count": 2}]


def test_last_event_id_wins_over_the_argument() -> None:
    assert [piece.id for piece in answered(COUNT, {"Last-Event-ID": "1"}, variables={"after": 0})] == ["2", None]
    assert [piece.id for piece in answered(COUNT, variables={"after": 0})] == ["1", "2", None]
    assert [piece.id for piece in answered(COUNT, {"Last-Event-ID": ""})] == ["0", "1", "2", None]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nope}", "GRAPHQL_VALIDATION_FAILED"),
        ("query a{hello} query b{hello}", "OPERATION_RESOLUTION_FAILURE"),
        (FOREVER, "UNAUTHENTICATED"),
    ],
)
def test_what_cannot_be_run_is_told_in_the_stream(query: str, code: str) -> None:
    first, last = answered(query)
    assert (first.kind, first.code, "data" in first.content, last.kind) == ("next", code, False, "complete")


def test_headers_keep_proxies_from_holding_events_back() -> None:
    headers = CLIENT.post("/graphql", json={"query": "{hello}"}, headers=EVENT).headers
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store, no-transform", "no")


@pytest.mark.parametrize(
    ("query", "status", "type_"),
    [("{hello}", 200, EVENT_STREAM), (COUNT, 200, EVENT_STREAM), ("mutation{orderCancel}", 405, JSON)],
)
def test_by_get_everything_but_mutations_runs(query: str, status: int, type_: str) -> None:
    answer = CLIENT.get("/graphql", params={"query": query}, headers=EVENT)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0].replace(GRAPHQL_JSON, JSON)) == (
        status,
        type_,
    )
    assert "cancelled" not in answer.text


def test_whoever_takes_json_too_gets_it_for_what_is_known_at_once() -> None:
    headers = {"Accept": f"{EVENTS}, {GRAPHQL_JSON}"}
    answer = CLIENT.post("/graphql", json={"query": "{hello}"}, headers=headers)
    assert answer.json()["data"] == {"hello": "hello you"}
    refused = CLIENT.post("/graphql", json={"query": "{nope}"}, headers=headers)
    assert (refused.status_code, refused.headers["content-type"].split(";")[0]) == (400, GRAPHQL_JSON)
    assert CLIENT.post("/graphql", json={"query": COUNT}, headers=headers).headers["content-type"] == EVENT_STREAM


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON, "*/*"])
def test_a_subscription_in_a_plain_post_is_refused_with_the_ways_that_there_are(accept: str) -> None:
    answer = CLIENT.post("/graphql", json={"query": COUNT}, headers={"Accept": accept})
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "OPERATION_RESOLUTION_FAILURE"
    assert EVENTS in error["message"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"Authorization": "Bearer nonsense"}, 401), ({"Content-Type": "text/plain"}, 415)],
)
def test_what_fails_before_the_stream_begins_has_its_status(sent: dict[str, str], status: int) -> None:
    content = b'{"query":"{hello}"}'
    answer = CLIENT.post("/graphql", content=content, headers={"Content-Type": JSON, **EVENT, **sent})
    assert (answer.status_code, len(answer.json()["errors"])) == (status, 1)


async def test_a_caller_has_a_number_of_streams_and_each_is_free_when_its_client_left() -> None:
    view = make_view(limits=replace(LIMITS[Audience.ADMIN], principal_operations=2))
    async with listening_with(make_app(view), view.watch.close) as address:
        url = f"http://{address}/graphql"
        async with streamed(url, FOREVER, token=token(STAFF)) as kept:
            await kept.next()
            async with streamed(url, FOREVER, token=token(STAFF)) as other:
                await other.next()
                async with streamed(url, FOREVER, token=token(STAFF)) as third:
                    assert (third.response.status_code, third.response.headers["retry-after"]) == (429, "1")
                    assert "THROTTLED" in (await third.response.aread()).decode()
            await until(lambda: view.under_way == {STAFF.key: 1})
            async with streamed(url, FOREVER, token=token(STAFF)) as again:
                assert (await again.next()).content["data"] == {"forever": 0}
        await until(lambda: not view.under_way and not view.watch.open)


async def until(is_so: Any) -> None:
    """Wait a moment for it."""
    async with asyncio.timeout(2):
        while not is_so():  # noqa: ASYNC110 (there is no event for it)
            await asyncio.sleep(0.01)


async def test_a_token_that_expires_ends_the_stream() -> None:
    view = make_view()
    async with (
        listening_with(make_app(view), view.watch.close) as address,
        streamed(f"http://{address}/graphql", FOREVER, token=token(STAFF, 1.2)) as client,
    ):
        began = time.monotonic()
        await client.next()
        last, end = await client.rest()
        assert (last.code, end.kind) == ("UNAUTHENTICATED", "complete")
        assert 0.5 < time.monotonic() - began < 3


async def test_the_end_of_the_server_ends_the_stream_without_complete_so_that_clients_come_again() -> None:
    view = make_view()
    rest: asyncio.Task[Any]

    async def follow(url: str, began: asyncio.Event) -> list[Any]:
        async with streamed(url, FOREVER, token=token(STAFF)) as client:
            await client.next()
            began.set()
            return await client.rest()

    async with listening_with(make_app(view), view.watch.close) as address:
        began = asyncio.Event()
        rest = asyncio.create_task(follow(f"http://{address}/graphql", began))
        await began.wait()
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 3
    assert await rest == []
    assert not view.under_way


async def test_an_idle_stream_has_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WIRES[EVENT_STREAM], "beat_seconds", 0.05)
    view = make_view()
    async with (
        listening_with(make_app(view), view.watch.close) as address,
        streamed(f"http://{address}/graphql", FOREVER, token=token(STAFF)) as client,
    ):
        kinds = [(await client.any()).kind for _ in range(5)]
    assert kinds == ["heartbeat", "next", "heartbeat", "heartbeat", "heartbeat"]


async def test_a_client_that_does_not_read_holds_one_result() -> None:
    view = make_view()
    sent: list[Message] = []
    blocked = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) > 4:
            blocked.set()
            await asyncio.sleep(3600)

    call = asyncio.create_task(asked_directly(view, "subscription{count(to:100000)}", send))
    await blocked.wait()
    await asyncio.sleep(0.2)
    (held,) = view.watch.open
    # The start, the opening and the results 0, 1 and 2, of which the last waits.
    assert (len(sent), vars(held)["context"].cursor) == (5, "2")
    await asyncio.wait_for(view.watch.close(), 3)
    await asyncio.wait_for(call, 3)
    assert not view.under_way


async def asked_directly(view: GraphQLView, query: str, send: Any) -> None:
    """One request, without a server that has buffers."""
    requests: list[Message] = [{"type": "http.request", "body": f'{{"query":"{query}"}}'.encode()}]

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await asyncio.sleep(3600)
        raise AssertionError

    headers = [(b"accept", EVENTS.encode()), (b"content-type", JSON.encode())]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await make_app(view)({**scope, "client": ("127.0.0.1", 1)}, receive, send)


async def test_a_stream_cut_again_and_again_has_no_gap_and_no_double(site: Live) -> None:
    world = await World.make(site.database)
    orders = await world.orders(3)
    principal = site.token(staff(world.company_id))
    total = 120

    async def write() -> None:
        for number in range(total):
            await world.change(orders[number % 3])

    seen: list[str] = []
    async with streamed(site.url, ORDERS, token=principal) as client:
        writing = asyncio.create_task(write())
        seen += [piece.id for piece in [await client.next() for _ in range(5)] if piece.id]
    while len(seen) < total:
        async with streamed(site.url, ORDERS, token=principal, headers={"Last-Event-ID": seen[-1]}) as client:
            for _ in range(min(total - len(seen), random.randint(1, 20))):
                piece = await client.next()
                assert piece.kind == "next", piece
                seen.append(piece.id or "")
    await writing
    assert seen == await logged_cursors(site.database, world)


async def logged_cursors(database: Database, world: World) -> list[str]:
    """The cursors of all events of the world, each of which names one order, from the log itself."""
    statement = "SELECT place FROM events JOIN event_order ON event_id = events.id WHERE company_id = :c ORDER BY place"
    async with database.read_engine.connect() as connection:
        rows = await connection.execute(text(statement), {"c": world.company_id})
        return [encode_cursor(Position(row.place, 1)) for row in rows]


async def test_junk_is_no_last_event_id(site: Live) -> None:
    world = await World.make(site.database)
    principal = site.token(staff(world.company_id))
    async with streamed(site.url, ORDERS, token=principal, headers={"Last-Event-ID": "junk"}) as client:
        first, last = await client.rest()
        assert (first.code, first.id, last.kind) == ("INVALID_CURSOR", None, "complete")
