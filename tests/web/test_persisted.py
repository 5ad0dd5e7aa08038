"""Automatic persisted queries over HTTP, SSE and sockets: learned by hash, bounded, and only what is valid."""

import hashlib
import json
from typing import Any

import pytest

from gql_sales.kernel.request_errors import RequestError
from gql_sales.web.limits import PERSISTED_BODIES
from gql_sales.web.persisted import PersistedQueries
from tests.stream_client import EVENTS
from tests.web.toy import STAFF, login, make_client, make_view


def named(query: str, **changes: Any) -> dict[str, Any]:
    """Extensions that name the document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest(), **changes}}


def answered(client: Any, **fields: Any) -> Any:
    """The answer: its data, or the code of its one error."""
    answer = client.post("/graphql", json=fields).json()
    return answer["data"] if "data" in answer else answer["errors"][0]["extensions"]["code"]


def test_a_document_is_learned_with_its_first_request() -> None:
    client = make_client(make_view(is_open=True))
    query = "{hello}"
    assert answered(client, extensions=named(query)) == "PERSISTED_QUERY_NOT_FOUND"
    assert answered(client, query=query, extensions=named(query)) == {"hello": "hello you"}
    assert answered(client, extensions=named(query)) == {"hello": "hello you"}
    got = client.get("/graphql", params={"extensions": json.dumps(named(query))})
    assert (got.status_code, got.json()["data"]) == (200, {"hello": "hello you"})
    events = client.post("/graphql", json={"extensions": named(query)}, headers={"Accept": EVENTS})
    assert '"hello":"hello you"' in events.text


def test_a_miss_is_answered_with_200_so_that_clients_read_it() -> None:
    client = make_client(make_view(is_open=True))
    for headers in ({}, {"Accept": "application/graphql-response+json"}):
        answer = client.get("/graphql", params={"extensions": json.dumps(named("{a}"))}, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (200, "PersistedQueryNotFound")


def test_another_documents_hash_is_refused_and_nothing_is_learned() -> None:
    client = make_client(make_view(is_open=True))
    assert answered(client, query="{hello}", extensions=named("{other}")) == "BAD_USER_INPUT"
    assert answered(client, extensions=named("{other}")) == "PERSISTED_QUERY_NOT_FOUND"


def test_what_is_not_valid_is_not_learned() -> None:
    client = make_client(make_view(is_open=True))
    assert answered(client, query="{nope}", extensions=named("{nope}")) == "GRAPHQL_VALIDATION_FAILED"
    assert answered(client, extensions=named("{nope}")) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("extension", "code"),
    [
        ({"version": 2, "sha256Hash": "f" * 64}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ("text", "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"version": 1}, "BAD_USER_INPUT"),
        ({"version": 1, "sha256Hash": "F" * 64}, "BAD_USER_INPUT"),
        ({"version": 1, "sha256Hash": 7}, "BAD_USER_INPUT"),
    ],
)
def test_other_shapes_are_told_apart(extension: Any, code: str) -> None:
    assert answered(make_client(), extensions={"persistedQuery": extension}) == code


def test_audiences_learn_apart() -> None:
    client = make_client(make_view(is_open=True))
    answered(client, query="{hello}", extensions=named("{hello}"))
    answer = client.post("/graphql", json={"extensions": named("{hello}")}, headers=login(STAFF))
    assert answer.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


def test_the_memory_is_bounded_and_forgets_what_was_not_used_for_longest() -> None:
    known = PersistedQueries(body=100)
    texts = [f"{{hello{number:03}}}".ljust(100) for number in range(PERSISTED_BODIES + 1)]
    for text in texts[:-1]:
        known.remember(text, named(text))
    assert known.text_of(None, named(texts[0])) == texts[0]
    known.remember(texts[-1], named(texts[-1]))
    assert known.text_of(None, named(texts[0])) == texts[0]
    with pytest.raises(RequestError, match="PersistedQueryNotFound"):
        known.text_of(None, named(texts[1]))


def test_over_a_socket_too() -> None:
    client = make_client(make_view(is_open=True))
    answered(client, query="{hello}", extensions=named("{hello}"))
    with client.websocket_connect("/graphql", ["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        payload = {"query": "", "extensions": named("{hello}")}
        socket.send_json({"type": "subscribe", "id": "1", "payload": payload})
        assert socket.receive_json()["payload"]["data"] == {"hello": "hello you"}
