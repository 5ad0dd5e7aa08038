"""A client of the graphql-transport-ws protocol over a real connection to a real server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from gql_sales.app import create_app
from gql_sales.commands.http import LARGEST_FRAME, Server
from gql_sales.db.engine import Database
from gql_sales.settings import Settings

Json = dict[str, Any]


class QuietServer(Server):
    """The server as it is, but signals are left to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None are captured."""
        yield


@asynccontextmanager
async def served(settings: Settings, database: Database) -> AsyncIterator[str]:
    """The WebSocket address of the application over the database, jobs included."""
    app = create_app(settings, database)
    async with listening_with(app, app.state.watch.close) as address:
        yield f"ws://{address}/graphql"


@asynccontextmanager
async def listening_with(app: Starlette, before_stop: Callable[[], Awaitable[None]]) -> AsyncIterator[str]:
    """Host and port of a server with the application, which has stopped after the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_max_size=LARGEST_FRAME,
            ws_per_message_deflate=False,
            log_config=None,
            lifespan="on",
            timeout_graceful_shutdown=10,
        )
        server = QuietServer(config, lambda: None, before_stop)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await task


class SocketClient:
    """One logged-in connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, message: Json) -> None:
        """One frame."""
        await self.connection.send(json.dumps(message))

    async def next(self, seconds: float = 10) -> Json:
        """The next message, pings left out."""
        async with asyncio.timeout(seconds):
            while True:
                message: Json = json.loads(await self.connection.recv())
                if message["type"] != "ping":
                    return message

    async def subscribe(self, query: str, variables: Json | None = None, id_: str = "1") -> None:
        """Start an operation, and wait until the server has begun with it."""
        await self.send({"id": id_, "type": "subscribe", "payload": {"query": query, "variables": variables or {}}})
        await asyncio.sleep(0.1)

    async def data(self, seconds: float = 10) -> Json:
        """The data of the next result, which must have no errors."""
        message = await self.next(seconds)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        found: Json = message["payload"]["data"]
        return found

    async def code(self) -> str:
        """The code of the error that the next message must be."""
        message = await self.next()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        found: str = errors[0]["extensions"]["code"]
        return found

    async def is_silent(self, seconds: float = 0.4) -> bool:
        """Whether nothing comes for a while."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def logged_in(url: str, token: str) -> AsyncIterator[SocketClient]:
    """A connection that has shown the token."""
    async with connect(url, subprotocols=["graphql-transport-ws"]) as connection:  # type: ignore[list-item]
        client = SocketClient(connection)
        await client.send({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}})
        assert (await client.next())["type"] == "connection_ack"
        yield client
