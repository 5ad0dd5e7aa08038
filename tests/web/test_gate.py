"""Every malformed request is refused in JSON before anything reads it, and what is well-formed passes."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Message

from gql_sales.web.gate import EVENT_STREAM, GRAPHQL_JSON, JSON, MULTIPART, negotiate, stream_type
from gql_sales.web.limits import JSON_NESTING, LARGEST_BODY
from tests.web.toy import make_app, make_client

CLIENT = make_client()
TYPE = {"Content-Type": JSON}


def nested(depth: int) -> bytes:
    """A request whose JSON is ``depth`` containers deep, including itself and ``variables``."""
    return b'{"query":"{hello}","variables":{"a":' + b"[" * (depth - 2) + b"]" * (depth - 2) + b"}}"


MALFORMED = {
    "nothing": b"",
    "null": b"null",
    "number": b"7",
    "string": b'"{hello}"',
    "boolean": b"true",
    "array": b"[]",
    "batch": b'[{"query":"{hello}"}]',
    "no JSON": b"{hello}",
    "cut off": b'{"query":"{hello}"',
    "twice": b'{"query":"{hello}"}{"query":"{hello}"}',
    "not UTF-8": b'{"query":"\xff\xfe"}',
    "UTF-16": '{"query":"{hello}"}'.encode("utf-16"),
    "lone surrogate": b'{"query":"{hello}","variables":{"a":"\\ud800"}}',
    "5000 digits": b'{"query":"{hello}","variables":{"a":' + b"9" * 5000 + b"}}",
    "huge exponent": b'{"query":"{hello}","variables":{"a":1e999999}}',
    "NaN": b'{"query":"{hello}","variables":{"a":NaN}}',
    "Infinity": b'{"query":"{hello}","variables":{"a":-Infinity}}',
    "5000 deep": b'{"query":"{hello}","variables":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
    "100,000 deep": b"[" * 100_000,
    "a little too deep": nested(JSON_NESTING + 1),
    "query is a number": b'{"query":7}',
    "query is an object": b'{"query":{}}',
    "query is absent": b'{"variables":{}}',
    "query is null": b'{"query":null}',
    "query is empty": b'{"query":""}',
    "variables are a list": b'{"query":"{hello}","variables":[]}',
    "variables are text": b'{"query":"{hello}","variables":"{}"}',
    "operationName is a number": b'{"query":"{hello}","operationName":1}',
    "extensions are text": b'{"query":"{hello}","extensions":"{}"}',
    "documentId is a number": b'{"documentId":1}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
def test_malformed_bodies_are_refused(body: bytes, accept: str) -> None:
    answer = CLIENT.post("/graphql", content=body, headers={**TYPE, "Accept": accept})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["BAD_REQUEST"]
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "body",
    [
        b'{"query":"{hello}"}',
        b'{"query":"{hello}","variables":null,"operationName":null,"extensions":null}',
        b'{"query":"{hello}","variables":{},"extensions":{},"unknown":[1]}',
        '{"query":"{hello(name: \\"Jos\u00e9\\")}"}'.encode(),
        nested(JSON_NESTING),
    ],
)
def test_well_formed_bodies_pass(body: bytes) -> None:
    answer = CLIENT.post("/graphql", content=body, headers=TYPE)
    assert (answer.status_code, list(answer.json()["data"])) == (200, ["hello"])


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/plain; application/json",
        "application/graphql",
        "application/json-seq",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "",
    ],
)
def test_only_json_gets_in(content_type: str) -> None:
    answer = CLIENT.post("/graphql", content=b'{"query":"{hello}"}', headers={"Content-Type": content_type})
    assert (answer.status_code, answer.headers["accept-post"]) == (415, JSON)
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("content_type", ["application/json", 'Application/JSON; charset="UTF-8"', "application/json;"])
def test_json_gets_in_however_it_is_written(content_type: str) -> None:
    answer = CLIENT.post("/graphql", content=b'{"query":"{hello}"}', headers={"Content-Type": content_type})
    assert answer.status_code == 200


def test_a_body_without_a_type_is_refused() -> None:
    assert CLIENT.post("/graphql", content=b'{"query":"{hello}"}').status_code == 415


def test_compressed_bodies_are_refused() -> None:
    headers = {**TYPE, "Content-Encoding": "gzip"}
    assert CLIENT.post("/graphql", content=b"\x1f\x8b", headers=headers).status_code == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(method: str) -> None:
    answer = CLIENT.request(method, "/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, application/json", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.9, application/json;q=0.1", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.1, application/json;q=0.9", JSON),
        (f"{GRAPHQL_JSON};q=0, */*", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("application/json;q=nonsense", JSON),
        ("application/json;q=0", None),
        ("application/json;q=0, */*", None),
        ("text/html", None),
        ("text/event-stream", None),
        ("image/*", None),
    ],
)
def test_negotiation(accept: str | None, chosen: str | None) -> None:
    assert negotiate(accept) == chosen


@pytest.mark.parametrize(
    ("accept", "method", "chosen"),
    [
        (None, "POST", None),
        ("*/*", "POST", None),
        ("text/*", "POST", None),
        (EVENT_STREAM, "POST", EVENT_STREAM),
        (EVENT_STREAM, "GET", EVENT_STREAM),
        ("application/json, Text/Event-Stream;charset=utf-8", "POST", EVENT_STREAM),
        (f"{EVENT_STREAM};q=0", "POST", None),
        ('multipart/mixed;boundary="graphql";subscriptionSpec="1.0", application/json', "POST", MULTIPART),
        ("multipart/mixed; subscriptionSpec=1.0", "POST", MULTIPART),
        ('multipart/mixed;subscriptionSpec="1.0"', "GET", None),
        ("multipart/mixed", "POST", None),
        ("multipart/mixed;deferSpec=20220824, application/json", "POST", None),
        ('multipart/mixed;subscriptionSpec="2.0"', "POST", None),
        (f'multipart/mixed;subscriptionSpec="1.0", {EVENT_STREAM}', "POST", MULTIPART),
    ],
)
def test_streams_are_only_for_those_who_name_them(accept: str | None, method: str, chosen: str | None) -> None:
    assert stream_type(accept, method) == chosen


def test_a_caller_who_takes_neither_type_hears_it_in_json() -> None:
    answer = CLIENT.post("/graphql", json={"query": "{hello}"}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/json; charset=utf-8")
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_every_answer_says_what_it_varies_by() -> None:
    for answer in (CLIENT.post("/graphql", json={"query": "{hello}"}), CLIENT.post("/graphql"), CLIENT.put("/graphql")):
        assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept", "no-store")


def test_bodies_above_the_largest_limit_are_refused_by_what_they_declare() -> None:
    answer = CLIENT.post("/graphql", content=b"{}", headers={**TYPE, "Content-Length": str(LARGEST_BODY + 1)})
    assert answer.status_code == 413
    answer = CLIENT.post("/graphql", content=b"{}", headers={**TYPE, "Content-Length": "9" * 5000})
    assert answer.status_code == 413


async def streamed(messages: Sequence[Message]) -> list[Message]:
    """What the application answers to a request that arrives in these pieces."""
    answered: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "http_version": "1.1",
        "scheme": "http",
    }
    pieces = iter(messages)

    async def receive() -> Message:
        return next(pieces)

    async def send(message: Message) -> None:
        answered.append(message)

    await make_app()(scope, receive, send)
    return answered


async def test_bodies_above_the_largest_limit_are_refused_while_they_arrive() -> None:
    endless: list[Message] = [{"type": "http.request", "body": b" " * 65536, "more_body": True} for _ in range(10)]
    assert (await streamed(endless))[0]["status"] == 413


async def test_bodies_may_arrive_in_pieces() -> None:
    text = json.dumps({"query": "{hello}"}).encode()
    pieces: list[Message] = [
        {"type": "http.request", "body": text[index : index + 1], "more_body": True} for index in range(len(text))
    ]
    assert (await streamed([*pieces, {"type": "http.request"}]))[0]["status"] == 200


async def test_a_client_that_leaves_is_not_answered() -> None:
    pieces: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    assert await streamed(pieces) == []


@pytest.mark.parametrize(
    "query",
    [
        "query={hello}",
        "query={hello}&variables=&extensions=&operationName=",
        "query={hello}&variables={}&extensions={}",
        "query={hello}&variables=null",
        "query=%7Bhello%7D",
    ],
)
def test_queries_by_get(query: str) -> None:
    assert CLIENT.get(f"/graphql?{query}").json()["data"] == {"hello": "hello you"}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "query=",
        "variables={}",
        "query={hello}&variables=[]",
        "query={hello}&variables=7",
        "query={hello}&variables={",
        "query={hello}&extensions=7",
        "query=%FF",
        "&".join(f"a{index}=1" for index in range(60)),
    ],
)
def test_malformed_queries_by_get(query: str) -> None:
    answer = CLIENT.get(f"/graphql?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
