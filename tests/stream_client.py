"""Clients of the answers that come piece by piece over HTTP: Server-Sent Events and multipart subscriptions."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

Json = dict[str, Any]

EVENTS = "text/event-stream"
PARTS = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'


@dataclass(frozen=True)
class Piece:
    """An event or a part; ``kind`` of a part is ``part``, and ``heartbeat`` of whatever says nothing."""

    kind: str
    content: Json
    id: str | None = None

    @property
    def code(self) -> str:
        """The code of the one error that it tells."""
        (error,) = self.content["errors"]
        found: str = error["extensions"]["code"]
        return found


class StreamClient:
    """What one open answer says, piece by piece."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self.is_parts = response.headers["content-type"].startswith("multipart/mixed")
        self.ended = ""
        """What came behind the last piece."""
        self._pieces = self._read()

    async def next(self, seconds: float = 10) -> Piece:
        """The next piece that is no heartbeat; EOFError at the end."""
        async with asyncio.timeout(seconds):
            while (piece := await self.any()).kind == "heartbeat":
                pass
            return piece

    async def any(self) -> Piece:
        """The next piece, heartbeats too."""
        piece = await anext(self._pieces, None)
        if piece is None:
            raise EOFError
        return piece

    async def rest(self) -> list[Piece]:
        """Everything that is still to come, heartbeats left out."""
        return [piece async for piece in self._pieces if piece.kind != "heartbeat"]

    async def is_silent(self, seconds: float = 0.4) -> bool:
        """Whether nothing comes for a while; the stream cannot be read on after that."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False

    async def _read(self) -> AsyncIterator[Piece]:
        rest = ""
        mark = "\r\n--graphql" if self.is_parts else "\n\n"
        # The first delimiter need not stand on a line of its own.
        is_open = not self.is_parts
        async for text in self.response.aiter_text():
            rest = self.ended = rest + text
            if not is_open and len(rest) >= len("--graphql"):
                assert rest.startswith("--graphql"), rest
                rest, is_open = rest[len("--graphql") :], True
            while mark in rest:
                piece, _, rest = rest.partition(mark)
                self.ended = rest
                yield part(piece) if self.is_parts else event(piece)


def part(text: str) -> Piece:
    """A part of a multipart answer, whose headers end with an empty line."""
    headers, _, content = text.removeprefix("\r\n").partition("\r\n\r\n")
    assert headers == "Content-Type: application/json", text
    found = json.loads(content)
    return Piece("part" if found else "heartbeat", found)


def event(text: str) -> Piece:
    """An event of an event stream."""
    fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(":"))
    data = json.loads(fields["data"]) if fields.get("data") else {}
    return Piece(fields.get("event", "heartbeat"), data, fields.get("id"))


@asynccontextmanager
async def streamed(
    url: str,
    query: str,
    variables: Json | None = None,
    *,
    token: str | None = None,
    accept: str = EVENTS,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[StreamClient]:
    """An operation whose answer is open within the block; leaving it cuts the connection."""
    sent = {"Accept": accept, **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
    body = {"query": query, "variables": variables or {}}
    async with (
        httpx2.AsyncClient(timeout=30, verify=False) as http,
        http.stream("POST", url, json=body, headers=sent) as response,
    ):
        yield StreamClient(response)
