"""A client of the GraphQL API, over HTTP or in this process, that waits for a server which is away for a while."""

import asyncio
import hashlib
import time
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import orjson
from starlette.types import ASGIApp

from gql_sales.access.tokens import issue_token
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings

Json = dict[str, Any]

TOKEN_LIFE = timedelta(hours=12)
PATIENCE = 300.0
"""Seconds that a server may be away or a row be locked before the client gives up."""
FIRST_WAIT, LONGEST_WAIT = 0.05, 2.0
AWAY = {429, 502, 503, 504}
"""Statuses of a server that does not answer now, or of a proxy before it."""
LATER = {"SERVICE_UNAVAILABLE", "THROTTLED"}
RETRIED = {"LOCK_TIMEOUT", "IDEMPOTENCY_KEY_IN_USE"}
"""Refusals that mean nothing but: not now."""
SLOW = "DEADLINE_EXCEEDED"
HOPELESS = {"UNAUTHENTICATED", "FORBIDDEN", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}
"""Errors that every further call would have as well."""
HEADERS = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}


class CallError(Exception):
    """A call that was not executed, or that the server answered with an error; ``code`` is that of the answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    @property
    def is_hopeless(self) -> bool:
        """Whether there is no use in calling again."""
        return self.code in HOPELESS or isinstance(self, ServerAwayError | RefusedError)


class ServerAwayError(CallError):
    """The server has not been there for as long as the client is patient."""


class RefusedError(CallError):
    """A mutation that has to succeed was refused."""


class Client:
    """One principal's calls."""

    def __init__(self, http: httpx2.AsyncClient, *, patience: float = PATIENCE) -> None:
        """``http`` carries the address and the token."""
        self._http = http
        self.patience = patience
        self.scope = ""
        """What keys are made for besides the content of a call: the company, since a principal may act for several."""

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def query(self, query: str, variables: Json | None = None) -> Json:
        """The data of an operation; CallError when it has errors, ServerAwayError when nobody answers for too long."""
        body = orjson.dumps({"query": query, "variables": variables or {}})
        trouble = ""
        async for _ in waits(self.patience):
            try:
                response = await self._http.post("/graphql", content=body, headers=HEADERS)
            except httpx2.TransportError as error:
                trouble = str(error) or type(error).__name__
                continue
            answer = _answer(response)
            code, message = _first_error(response, answer)
            if code in LATER or (response.status_code in AWAY and code != SLOW):
                trouble = message
                continue
            if code:
                raise CallError(code, message)
            data: Json = answer["data"]
            return data
        raise ServerAwayError("SERVER_AWAY", trouble)

    def key(self, name: str, values: Json) -> str:
        """A key that the same call has in every run, whatever was done in between."""
        content = orjson.dumps([self.scope, name, values], option=orjson.OPT_SORT_KEYS)
        return f"import-{hashlib.sha256(content).hexdigest()[:48]}"

    async def do(self, name: str, fields: str, values: Json, *, key: str = "") -> Json:
        """The payload of a mutation that has to succeed, RefusedError when it does not.

        Without a key it is one of its own: for mutations that may be repeated without harm, since they only set
        something.
        """
        payload = await self.attempt(name, fields, values, key=key)
        for error in payload["userErrors"]:
            raise RefusedError(error["code"], f"{name}: {error['message']}")
        return payload

    async def attempt(self, name: str, fields: str, values: Json, *, key: str = "") -> Json:
        """The payload of a mutation, refused or not."""
        kind = name[0].upper() + name[1:]
        query = (
            f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ code message }} }} }}"
        )
        variables = {"input": {"idempotencyKey": key or uuid.uuid4().hex, **values}}
        payload: Json = {}
        async for _ in waits(self.patience):
            payload = (await self.query(query, variables))[name]
            if not RETRIED & {error["code"] for error in payload["userErrors"]}:
                break
        return payload


def _answer(response: httpx2.Response) -> Json:
    """The JSON object of a response; empty when it is none, as those of proxies are."""
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _first_error(response: httpx2.Response, answer: Json) -> tuple[str, str]:
    """Code and message of what is wrong with an answer; both empty when nothing is."""
    for error in answer.get("errors") or ():
        return error.get("extensions", {}).get("code", "UNKNOWN"), error.get("message", "")
    if "data" not in answer:
        return "NO_GRAPHQL", f"status {response.status_code} without an answer of GraphQL"
    return "", ""


def plain(number: Decimal) -> str:
    """A number as the API takes it, without an exponent."""
    return format(number, "f")


async def waits(patience: float) -> AsyncIterator[None]:
    """Turns at once, then after longer and longer waits, until the patience is over."""
    end, wait = time.monotonic() + patience, FIRST_WAIT
    while True:
        yield
        if time.monotonic() >= end:
            return
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def in_process(app: ASGIApp, settings: Settings, principal: Principal) -> httpx2.AsyncClient:
    """The way to the application in this process, with a token made for the principal."""
    token = issue_token(principal, settings, ttl=TOKEN_LIFE)
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://in-process",
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )


def remote(url: str, token: str) -> httpx2.AsyncClient:
    """The way to a running server; the URL may end in /graphql or not."""
    return httpx2.AsyncClient(
        base_url=url.rstrip("/").removesuffix("/graphql"),
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
