"""GraphQL over WebSocket: login, frames of every shape, limits, expiry, and errors that leave the socket open."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from gql_sales.kernel.principals import Audience, Principal
from gql_sales.web import view as view_module
from gql_sales.web.limits import LARGEST_BODY, LIMITS
from gql_sales.web.view import GraphQLView
from tests.web.conftest import Logged
from tests.web.toy import AUDITOR, ORIGIN, SECRET, STAFF, make_client, make_view, token

PROTOCOL = "graphql-transport-ws"


@contextmanager
def opened(client: TestClient | None = None, headers: dict[str, str] | None = None) -> Iterator[WebSocketTestSession]:
    """A socket before its login."""
    with (client or make_client()).websocket_connect("/graphql", [PROTOCOL], headers=headers or {}) as socket:
        yield socket


@contextmanager
def logged_in(
    principal: Principal | None = STAFF, client: TestClient | None = None, seconds: float = 600
) -> Iterator[WebSocketTestSession]:
    """A socket after its login."""
    with opened(client) as socket:
        payload = {"Authorization": f"Bearer {token(principal, seconds)}"} if principal else {}
        socket.send_json({"type": "connection_init", "payload": payload})
        assert socket.receive_json() == {"type": "connection_ack"}
        yield socket


def subscribe(socket: WebSocketTestSession, query: str, id_: str = "1", **payload: object) -> None:
    """Start an operation."""
    socket.send_json({"id": id_, "type": "subscribe", "payload": {"query": query, **payload}})


def closed_with(socket: WebSocketTestSession) -> int:
    """The code the server closes with, whatever it says before."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as closed:
        return int(closed.code)


def code(message: Any) -> str:
    """The code of an error message, whose payload must be a list."""
    assert message["type"] == "error"
    return str(message["payload"][0]["extensions"]["code"])


def test_queries_mutations_and_subscriptions() -> None:
    with logged_in() as socket:
        for query, data in (
            ("{hello}", [{"hello": "hello you"}]),
            ("mutation{orderCancel}", [{"orderCancel": "cancelled"}]),
            ("subscription{count(to:3)}", [{"count": 0}, {"count": 1}, {"count": 2}]),
        ):
            subscribe(socket, query)
            for expected in data:
                message = socket.receive_json()
                assert (message["type"], message["payload"]["data"]) == ("next", expected)
            assert socket.receive_json() == {"id": "1", "type": "complete"}


def test_extensions_reach_the_client() -> None:
    with logged_in() as socket:
        subscribe(socket, "{told}")
        extensions = socket.receive_json()["payload"]["extensions"]
        assert extensions == {"cost": {"requested": 0, "limit": 5000}, "idempotency": {"replayed": True}}


def test_each_operation_has_a_context_of_its_own() -> None:
    with logged_in() as socket:
        subscribe(socket, "{told}")
        assert "idempotency" in socket.receive_json()["payload"]["extensions"]
        socket.receive_json()
        subscribe(socket, "{hello}")
        assert "idempotency" not in socket.receive_json()["payload"]["extensions"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{helo}", "GRAPHQL_VALIDATION_FAILED"),
        ("query a{hello} query b{hello}", "OPERATION_RESOLUTION_FAILURE"),
        ("{order" + "{self" * 20 + "{id}" + "}" * 21, "COST_LIMIT_EXCEEDED"),
        ("subscription{forever}", "FORBIDDEN"),
    ],
)
def test_refused_operations_are_answered_and_leave_the_socket_open(query: str, expected: str) -> None:
    with logged_in(AUDITOR) as socket:
        subscribe(socket, query)
        assert code(socket.receive_json()) == expected
        subscribe(socket, "{hello}")
        assert socket.receive_json()["payload"]["data"] == {"hello": "hello you"}


def test_an_unknown_operation_name_is_answered() -> None:
    with logged_in() as socket:
        subscribe(socket, "query a{hello}", operationName="z")
        assert code(socket.receive_json()) == "OPERATION_RESOLUTION_FAILURE"


def test_a_persisted_query_is_answered() -> None:
    with logged_in() as socket:
        subscribe(socket, "", extensions={"persistedQuery": {"version": 1, "sha256Hash": "f" * 64}})
        assert code(socket.receive_json()) == "PERSISTED_QUERY_NOT_FOUND"


def test_defects_are_masked(logged: Logged) -> None:
    with logged_in() as socket:
        subscribe(socket, "{broken hello}")
        message = socket.receive_json()
    error = message["payload"]["errors"][0]
    assert (error["extensions"]["code"], error["path"]) == ("INTERNAL_SERVER_ERROR", ["broken"])
    assert SECRET not in str(message)
    assert [line["request_id"] for line in logged if line["event"] == "defect"] == [error["extensions"]["requestId"]]


BAD_FRAMES = {
    "array": "[1]",
    "null": "null",
    "number": "7",
    "text": '"connection_init"',
    "no JSON": "{",
    "nothing": "",
    "too deep": '{"type":"ping","payload":' + "[" * 5000 + "]" * 5000 + "}",
    "huge number": '{"type":"ping","payload":' + "9" * 5000 + "}",
    "no type": "{}",
    "type is a number": '{"type":1}',
    "type is unknown": '{"type":"zzz"}',
    "old protocol": '{"type":"start","id":"1","payload":{"query":"{hello}"}}',
    "subscribe without id": '{"type":"subscribe","payload":{"query":"{hello}"}}',
    "subscribe with a number as id": '{"type":"subscribe","id":1,"payload":{"query":"{hello}"}}',
    "subscribe with an empty id": '{"type":"subscribe","id":"","payload":{"query":"{hello}"}}',
    "subscribe with a very long id": '{"type":"subscribe","id":"' + "x" * 5000 + '","payload":{"query":"{hello}"}}',
    "subscribe without payload": '{"type":"subscribe","id":"1"}',
    "subscribe with a list as payload": '{"type":"subscribe","id":"1","payload":[]}',
    "subscribe without query": '{"type":"subscribe","id":"1","payload":{}}',
    "query is a number": '{"type":"subscribe","id":"1","payload":{"query":7}}',
    "variables are a list": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":[]}}',
    "operationName is a number": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","operationName":1}}',
    "extensions are text": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","extensions":"x"}}',
    "complete without id": '{"type":"complete"}',
    "complete with a list as id": '{"type":"complete","id":[]}',
}


@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
@pytest.mark.parametrize("is_logged_in", [True, False])
def test_frames_outside_the_protocol_close_with_4400(frame: str, is_logged_in: bool, logged: Logged) -> None:
    with logged_in() if is_logged_in else opened() as socket:
        socket.send_text(frame)
        assert closed_with(socket) == 4400
    assert [line for line in logged if line["log_level"] == "error"] == []


def test_binary_frames_close_with_4400() -> None:
    with logged_in() as socket:
        socket.send_bytes(b'{"type":"ping"}')
        assert closed_with(socket) == 4400


def test_frames_above_the_largest_limit_close_with_1009() -> None:
    with logged_in() as socket:
        socket.send_text('{"type":"ping"}'.ljust(LARGEST_BODY + 1))
        assert closed_with(socket) == 1009


def test_frames_above_the_limit_of_the_audience_are_refused() -> None:
    with logged_in(None) as socket:
        limit = LIMITS[Audience.STOREFRONT].body
        text = '{"id":"1","type":"subscribe","payload":{"query":"{hello}"}}'
        socket.send_text(text.ljust(limit + 1))
        assert code(socket.receive_json()) == "BAD_REQUEST"
        socket.send_text(text.ljust(limit))
        assert socket.receive_json()["type"] == "next"


def test_ping_is_answered_and_unknown_ids_are_ignored() -> None:
    with logged_in() as socket:
        socket.send_json({"type": "complete", "id": "unknown"})
        socket.send_json({"type": "pong"})
        socket.send_json({"type": "ping", "payload": {"a": 1}})
        assert socket.receive_json() == {"type": "pong"}


def test_subscribing_before_login_closes_with_4401() -> None:
    with opened() as socket:
        subscribe(socket, "{hello}")
        assert closed_with(socket) == 4401


def test_a_second_login_closes_with_4429() -> None:
    with logged_in() as socket:
        socket.send_json({"type": "connection_init"})
        assert closed_with(socket) == 4429


def test_an_id_in_use_closes_with_4409() -> None:
    with logged_in() as socket:
        subscribe(socket, "subscription{forever}")
        subscribe(socket, "subscription{forever}")
        assert closed_with(socket) == 4409


def test_a_socket_without_login_times_out_with_4408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_module, "INIT_SECONDS", 0.05)
    with opened(make_client(make_view())) as socket:
        assert closed_with(socket) == 4408


def test_the_wait_for_a_login_is_three_seconds() -> None:
    assert make_view().connection_init_wait_timeout.total_seconds() == 3


@pytest.mark.parametrize(
    "payload",
    [
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "nonsense"},
        {"Authorization": 7},
        {"authorization": "Bearer nonsense"},
        {"Authorization": f"Bearer {token(STAFF, -1)}"},
    ],
)
def test_a_wrong_login_closes_with_4403(payload: dict[str, object]) -> None:
    with opened() as socket:
        socket.send_json({"type": "connection_init", "payload": payload})
        assert closed_with(socket) == 4403


@pytest.mark.parametrize("payload", [[], "x", 7])
def test_a_login_that_is_no_object_closes_with_4400(payload: object) -> None:
    with opened() as socket:
        socket.send_json({"type": "connection_init", "payload": payload})
        assert closed_with(socket) == 4400


@pytest.mark.parametrize(("bearer", "expected"), [("outage", 1013), ("defect", 1011)])
def test_a_login_that_fails_on_our_side_says_so(bearer: str, expected: int) -> None:
    with opened() as socket:
        socket.send_json({"type": "connection_init", "payload": {"Authorization": f"Bearer {bearer}"}})
        assert closed_with(socket) == expected


@pytest.mark.parametrize("message", [{}, {"payload": None}, {"payload": {}}])
def test_nobody_is_anonymous(message: dict[str, object]) -> None:
    with opened() as socket:
        socket.send_json({"type": "connection_init", **message})
        assert socket.receive_json() == {"type": "connection_ack"}
        subscribe(socket, "{order{id}}")
        assert socket.receive_json()["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_login_expires_with_4403() -> None:
    with logged_in(seconds=1.2) as socket:
        subscribe(socket, "subscription{forever}")
        started = time.monotonic()
        assert closed_with(socket) == 4403
        assert time.monotonic() - started < 3


def small(**changes: int) -> GraphQLView:
    """A view with other limits."""
    return make_view(limits=replace(LIMITS[Audience.ADMIN], **changes))


def test_operations_on_one_socket_are_limited() -> None:
    with logged_in(client=make_client(small(socket_operations=2))) as socket:
        for id_ in ("1", "2"):
            subscribe(socket, "subscription{forever}", id_)
            assert socket.receive_json()["type"] == "next"
        subscribe(socket, "{hello}", "3")
        assert code(socket.receive_json()) == "THROTTLED"
        socket.send_json({"type": "complete", "id": "1"})
        subscribe(socket, "{hello}", "3")
        assert socket.receive_json()["type"] == "next"


def test_operations_of_one_caller_are_limited_over_all_sockets() -> None:
    view = small(principal_operations=2)
    with TestClient(make_client(view).app) as client, logged_in(client=client) as one, logged_in(client=client) as two:
        for socket in (one, two):
            subscribe(socket, "subscription{forever}")
            assert socket.receive_json()["type"] == "next"
        subscribe(two, "{hello}", "2")
        assert code(two.receive_json()) == "THROTTLED"
        with logged_in(AUDITOR, client) as other:
            subscribe(other, "{hello}")
            assert other.receive_json()["type"] == "next"
        assert view.under_way == {STAFF.key: 2}


def test_what_ended_is_not_counted() -> None:
    view = make_view()
    with logged_in(client=make_client(view)) as socket:
        subscribe(socket, "subscription{forever}")
        socket.receive_json()
        subscribe(socket, "subscription{count(to:1)}", "2")
        socket.receive_json()
        socket.receive_json()
        assert view.under_way == {STAFF.key: 1}
        assert len(view.watch.open) == 1
    assert not view.under_way
    assert not view.watch.open


def test_nothing_follows_after_the_client_completed() -> None:
    with logged_in() as socket:
        subscribe(socket, "subscription{forever}")
        socket.receive_json()
        socket.send_json({"type": "complete", "id": "1"})
        subscribe(socket, "{hello}")
        assert [socket.receive_json()["type"] for _ in range(2)] == ["next", "complete"]


async def test_shutdown_closes_with_1012() -> None:
    view = make_view()
    with TestClient(make_client(view).app) as client, logged_in(client=client) as socket:
        assert client.portal is not None
        client.portal.call(view.watch.close)
        assert closed_with(socket) == 1012


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil.example"])
def test_pages_of_other_sites_are_refused_at_the_handshake(origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), opened(headers={"origin": origin}):
        pytest.fail("the handshake went through")


@pytest.mark.parametrize("headers", [{}, {"origin": ORIGIN}, {"origin": "http://testserver"}])
def test_programs_our_own_pages_and_allowed_ones_get_in(headers: dict[str, str]) -> None:
    with opened(headers=headers) as socket:
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json() == {"type": "connection_ack"}


@pytest.mark.parametrize("protocols", [["graphql-ws"], ["zzz"], None])
def test_other_protocols_are_not_spoken(protocols: list[str] | None) -> None:
    with make_client().websocket_connect("/graphql", protocols) as socket:
        assert closed_with(socket) == 4406
