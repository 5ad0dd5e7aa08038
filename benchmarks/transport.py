"""The least HTTP client that works, so that what is measured is the server: one connection a client, kept alive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

Json = dict[str, Any]


class Connection:
    """One connection to a server on this machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        """``token`` is the bearer's, empty for none."""
        self._reader = reader
        self._writer = writer
        self._authorization = f"Authorization: Bearer {token}\r\n" if token else ""

    async def post(self, path: str, body: bytes) -> bytes:
        """The body of the answer, which must be a success."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{self._authorization}"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        answer = await self._reader.readexactly(length)
        if b" 200 " not in lines[0]:
            raise RuntimeError(answer.decode())
        return answer

    async def operation(self, query: str, variables: Json) -> Json:
        """Data of a GraphQL operation, which must have no errors."""
        answer = orjson.loads(await self.post("/graphql", orjson.dumps({"query": query, "variables": variables})))
        if "errors" in answer:
            raise RuntimeError(str(answer["errors"]))
        data: Json = answer["data"]
        return data


@asynccontextmanager
async def connected(port: int, token: str = "") -> AsyncIterator[Connection]:
    """A connection for as long as the block lasts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    try:
        yield Connection(reader, writer, token)
    finally:
        writer.close()
