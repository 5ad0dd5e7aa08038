"""Apollo's multipart subscriptions: parts that stand alone, errors beside the payload, and a proper end."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from gql_sales.kernel.principals import Audience
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.web.gate import GRAPHQL_JSON, JSON, MULTIPART
from gql_sales.web.limits import LIMITS
from gql_sales.web.streams import WIRES
from tests.socket_client import listening_with
from tests.stream_client import PARTS, streamed
from tests.web.toy import STAFF, make_app, make_client, make_view, token

CLIENT = make_client()
COUNT = "subscription { count(to: 2) }"
FOREVER = "subscription { forever }"
APOLLO = f"{PARTS}, {GRAPHQL_JSON}, {JSON}"
"""What Apollo's client sends with subscriptions."""


def test_the_answer_is_byte_for_byte_what_the_protocol_says() -> None:
    answer = CLIENT.post("/graphql", json={"query": COUNT}, headers={"Accept": PARTS})
    assert answer.headers["content-type"] == PARTS
    cost = '"extensions":{"cost":{"requested":0,"limit":500}}'
    part = "\r\nContent-Type: application/json\r\n\r\n"
    assert answer.text == (
        f'--graphql{part}{{"payload":{{"data":{{"count":0}},{cost}}}}}'
        f'\r\n--graphql{part}{{"payload":{{"data":{{"count":1}},{cost}}}}}'
        "\r\n--graphql--\r\n"
    )


@pytest.mark.parametrize("accept", [APOLLO, f"{GRAPHQL_JSON}, {JSON}, {PARTS}"])
def test_subscriptions_come_in_parts_and_everything_else_at_once(accept: str) -> None:
    headers = {"Accept": accept}
    assert CLIENT.post("/graphql", json={"query": COUNT}, headers=headers).headers["content-type"] == PARTS
    answer = CLIENT.post("/graphql", json={"query": "{hello}"}, headers=headers)
    assert (answer.headers["content-type"].split(";")[0], answer.json()["data"]) == (
        GRAPHQL_JSON,
        {"hello": "hello you"},
    )


def test_a_document_that_cannot_be_run_has_its_status() -> None:
    answer = CLIENT.post("/graphql", json={"query": "subscription{nope}"}, headers={"Accept": APOLLO})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "GRAPHQL_VALIDATION_FAILED")


async def test_errors_of_the_whole_stream_stand_beside_the_payload() -> None:
    view = make_view()
    async with (
        listening_with(make_app(view), view.watch.close) as address,
        streamed(f"http://{address}/graphql", FOREVER, accept=APOLLO) as client,
    ):
        (only,) = await client.rest()
        assert (only.content["payload"], only.code) == (None, "UNAUTHENTICATED")
        assert client.ended == "--\r\n"


def test_an_error_that_ends_a_running_stream_stands_beside_the_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: Any, **__: Any) -> Any:
        yield 0
        raise RequestError(Code.SLOW_CONSUMER, "Too slow.")

    view = make_view(limits=LIMITS[Audience.ADMIN])
    for schema in view.schemas.values():
        assert schema._schema.subscription_type is not None
        monkeypatch.setattr(schema._schema.subscription_type.fields["count"], "subscribe", breaks)
    answer = make_client(view).post("/graphql", json={"query": COUNT}, headers={"Accept": PARTS})
    assert answer.text.count('{"payload":{"data":{"count":0}') == 1
    assert '{"payload":null,"errors":[{"message":"Too slow.","extensions":{"code":"SLOW_CONSUMER"}}]' in answer.text
    assert answer.text.endswith("}\r\n--graphql--\r\n")


async def test_the_number_of_streams_is_limited_with_a_status_and_counts_sockets_too() -> None:
    view = make_view(limits=replace(LIMITS[Audience.ADMIN], principal_operations=1))
    view.under_way.begin(STAFF)
    headers = {"Accept": APOLLO, "Authorization": f"Bearer {token(STAFF)}"}
    answer = make_client(view).post("/graphql", json={"query": COUNT}, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    view.under_way.finish(STAFF)
    assert make_client(view).post("/graphql", json={"query": COUNT}, headers=headers).status_code == 200


async def test_a_token_that_expires_ends_the_stream() -> None:
    view = make_view()
    async with (
        listening_with(make_app(view), view.watch.close) as address,
        streamed(f"http://{address}/graphql", FOREVER, token=token(STAFF, 1.2), accept=PARTS) as client,
    ):
        assert (await client.next()).content["payload"]["data"] == {"forever": 0}
        (last,) = await client.rest()
        assert (last.content["payload"], last.code, client.ended) == (None, "UNAUTHENTICATED", "--\r\n")


async def test_the_end_of_the_server_is_told() -> None:
    view = make_view()

    async def follow(url: str, began: asyncio.Event) -> tuple[list[Any], str]:
        async with streamed(url, FOREVER, token=token(STAFF), accept=PARTS) as client:
            await client.next()
            began.set()
            return await client.rest(), client.ended

    async with listening_with(make_app(view), view.watch.close) as address:
        began = asyncio.Event()
        rest = asyncio.create_task(follow(f"http://{address}/graphql", began))
        await began.wait()
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 3
    (last,), ended = await rest
    assert (last.content["payload"], last.code, ended) == (None, "SERVICE_UNAVAILABLE", "--\r\n")


async def test_nothing_begins_on_a_server_that_stops() -> None:
    view = make_view()
    await view.watch.close()
    answer = make_client(view).post("/graphql", json={"query": COUNT}, headers={"Accept": APOLLO})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_an_idle_stream_has_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WIRES[MULTIPART], "beat_seconds", 0.05)
    view = make_view()
    async with (
        listening_with(make_app(view), view.watch.close) as address,
        streamed(f"http://{address}/graphql", FOREVER, token=token(STAFF), accept=PARTS) as client,
    ):
        assert [(await client.any()).kind for _ in range(3)] == ["part", "heartbeat", "heartbeat"]
