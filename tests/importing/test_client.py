"""The importer's client waits for a server that is away, and finds the entry that a call fails for."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import orjson
import pytest

from gql_sales.importing import client as module
from gql_sales.importing.batches import Pace, chunks, in_turns, send_all
from gql_sales.importing.client import CallError, Client, Json, RefusedError, ServerAwayError

Reply = httpx2.Response | Exception


class Server:
    """Answers calls one after another with what it was given, the last one for ever."""

    def __init__(self, *replies: Reply | Callable[[Json], Json]) -> None:
        """Functions make the data of an answer from the variables."""
        self.replies = list(replies)
        self.asked: list[Json] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """The next reply."""
        self.asked.append(orjson.loads(request.content)["variables"])
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return (
            reply if isinstance(reply, httpx2.Response) else httpx2.Response(200, json={"data": reply(self.asked[-1])})
        )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long in a test."""
    monkeypatch.setattr(module, "FIRST_WAIT", 0.001)


def client_of(server: Server, patience: float = 5) -> Client:
    """A client of it."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(server), base_url="http://server")
    return Client(http, patience=patience)


def data(value: Json) -> httpx2.Response:
    """An answer."""
    return httpx2.Response(200, json={"data": value})


def failed(code: str, status: int = 200) -> httpx2.Response:
    """An answer with an error of the call."""
    return httpx2.Response(status, json={"errors": [{"message": code.lower(), "extensions": {"code": code}}]})


@pytest.mark.parametrize(
    "trouble",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadError("cut off"),
        httpx2.Response(502, text="<html>bad gateway</html>"),
        failed("SERVICE_UNAVAILABLE", 503),
        failed("SERVICE_UNAVAILABLE"),
        failed("THROTTLED", 429),
    ],
)
async def test_a_server_that_is_away_is_waited_for(trouble: Reply) -> None:
    server = Server(trouble, trouble, data({"answer": 42}))
    assert await client_of(server).query("{ answer }", {"key": "one"}) == {"answer": 42}
    assert server.asked == [{"key": "one"}] * 3
    with pytest.raises(ServerAwayError) as away:
        await client_of(Server(trouble), patience=0.01).query("{ answer }")
    assert away.value.is_hopeless


@pytest.mark.parametrize(
    ("reply", "code", "is_hopeless"),
    [
        (failed("UNAUTHENTICATED", 401), "UNAUTHENTICATED", True),
        (failed("FORBIDDEN"), "FORBIDDEN", True),
        (failed("BAD_USER_INPUT", 400), "BAD_USER_INPUT", False),
        (failed("INTERNAL_SERVER_ERROR"), "INTERNAL_SERVER_ERROR", False),
        (failed("DEADLINE_EXCEEDED", 503), "DEADLINE_EXCEEDED", False),
        (httpx2.Response(404, text="not found"), "NO_GRAPHQL", False),
        (httpx2.Response(200, json=[]), "NO_GRAPHQL", False),
    ],
)
async def test_other_errors_are_told_at_once(reply: Reply, code: str, is_hopeless: bool) -> None:
    server = Server(reply)
    with pytest.raises(CallError) as told:
        await client_of(server).query("{ answer }")
    assert (told.value.code, told.value.is_hopeless, len(server.asked)) == (code, is_hopeless, 1)


async def test_a_locked_row_is_waited_for_with_the_same_key_and_a_refusal_is_not() -> None:
    def payload(*codes: str) -> httpx2.Response:
        return data({"stockReceive": {"userErrors": [{"code": code, "message": ""} for code in codes]}})

    server = Server(payload("LOCK_TIMEOUT"), payload("IDEMPOTENCY_KEY_IN_USE"), payload())
    await client_of(server).do("stockReceive", "", {})
    assert len({asked["input"]["idempotencyKey"] for asked in server.asked}) == 1
    assert len(server.asked) == 3
    with pytest.raises(RefusedError, match="INVALID_INPUT"):
        await client_of(Server(payload("INVALID_INPUT"))).do("stockReceive", "", {})


def test_keys_come_from_the_content_and_the_company() -> None:
    client = client_of(Server(data({})))
    key = client.key("orderCreate", {"a": 1, "b": 2})
    assert key == client.key("orderCreate", {"b": 2, "a": 1})
    assert 16 <= len(key) <= 64
    client.scope = "com_1"
    others = {client.key("orderCreate", {"a": 1, "b": 2}), client.key("orderCreate", {"a": 1}), client.key("x", {})}
    assert len(others | {key}) == 4


def bulk(answer: Callable[[Json], list[str]]) -> Callable[[Json], Json]:
    """A server that answers each entry with the codes."""

    def reply(variables: Json) -> Json:
        entries: list[Json] = variables["input"]["entries"]
        results = [
            {"index": index, "userErrors": [{"code": code, "message": "", "path": None} for code in answer(entry)]}
            for index, entry in enumerate(entries)
        ]
        return {"orderCreateBulk": {"results": results, "userErrors": []}}

    return reply


async def test_only_locked_entries_are_sent_again() -> None:
    seen: list[int] = []

    def answer(entry: Json) -> list[str]:
        seen.append(entry["n"])
        return ["LOCK_TIMEOUT"] if entry["n"] == 1 and seen.count(1) == 1 else []

    server = Server(bulk(answer))
    answers = await send_all(client_of(server), "orderCreate", "", [{"n": n} for n in range(3)])
    assert [one["userErrors"] for one in answers] == [[], [], []]
    assert seen == [0, 1, 2, 1]


@pytest.mark.parametrize("code", ["BAD_USER_INPUT", "INTERNAL_SERVER_ERROR"])
async def test_the_entry_that_a_call_fails_for_is_found(code: str) -> None:
    class Picky(Server):
        def __call__(self, request: httpx2.Request) -> httpx2.Response:
            entries = orjson.loads(request.content)["variables"]["input"]["entries"]
            return failed(code, 400) if any(entry["n"] == 5 for entry in entries) else super().__call__(request)

    answers = await send_all(client_of(Picky(bulk(lambda _: []))), "orderCreate", "", [{"n": n} for n in range(9)])
    assert [[error["code"] for error in one["userErrors"]] for one in answers] == [
        [code] if n == 5 else [] for n in range(9)
    ]


async def test_a_call_that_is_too_slow_is_made_smaller_and_patiently() -> None:
    server = Server(failed("DEADLINE_EXCEEDED", 503), failed("DEADLINE_EXCEEDED", 503), bulk(lambda _: []))
    answers = await send_all(client_of(server), "orderCreate", "", [{"n": 0}, {"n": 1}])
    assert [one["userErrors"] for one in answers] == [[], []]
    assert [len(asked["input"]["entries"]) for asked in server.asked] == [2, 1, 1, 1]


async def test_a_hopeless_error_ends_the_whole_import() -> None:
    with pytest.raises(CallError, match="FORBIDDEN"):
        await send_all(client_of(Server(failed("FORBIDDEN"))), "orderCreate", "", [{"n": 0}, {"n": 1}])


async def test_a_call_that_is_refused_as_a_whole_is_told_for_every_entry() -> None:
    whole = {"results": [], "userErrors": [{"code": "TOO_MANY_ENTRIES", "message": "", "path": None}]}
    answers = await send_all(client_of(Server(data({"orderCreateBulk": whole}))), "orderCreate", "", [{"n": 0}] * 2)
    assert [one["userErrors"][0]["code"] for one in answers] == ["TOO_MANY_ENTRIES"] * 2


def test_calls_are_bounded_by_number_and_by_size() -> None:
    assert [len(chunk) for chunk in chunks(range(7), 3)] == [3, 3, 1]
    assert [len(chunk) for chunk in chunks(range(3), 3, lambda _: 150_000)] == [1, 1, 1]
    assert list(chunks([], 3)) == []


async def test_calls_are_as_long_as_the_server_is_quick() -> None:
    """At first short; soon long on a quick server, and one entry each on one that is nearly too slow."""
    pace = Pace(100)
    taken = [len(chunk) for chunk in chunks(range(25), pace)]
    assert taken == [10, 10, 5]
    for entries, seconds, size in [(10, 0.1, 40), (40, 0.1, 100), (100, 6.0, 50), (50, 300.0, 1), (1, 0.0, 4)]:
        pace.note(entries, seconds)
        assert pace.size == size
    sent = Pace(100)
    await send_all(client_of(Server(bulk(lambda _: []))), "orderCreate", "", [{"n": 0}] * 10, sent)
    assert sent.size == 40


async def test_work_is_done_so_many_at_a_time_and_an_error_ends_it() -> None:
    now = most = 0
    done: list[int] = []

    async def work(number: int) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1
        done.append(number)

    await in_turns(range(10), 3, work)
    assert (sorted(done), most) == (list(range(10)), 3)

    async def fail(number: int) -> Any:
        raise CallError("FORBIDDEN", str(number))

    with pytest.raises(CallError):
        await in_turns(range(10), 3, fail)
