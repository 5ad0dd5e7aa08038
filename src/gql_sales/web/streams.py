"""One operation answered piece by piece over HTTP: Server-Sent Events, or Apollo's multipart subscriptions."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from starlette.types import Receive, Scope, Send
from strawberry.http import process_result
from strawberry.types.execution import ExecutionResult, PreExecutionError

from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.web.errors import CodedError, body, masked
from gql_sales.web.gate import EVENT_STREAM, MULTIPART
from gql_sales.web.guarded_schema import OperationContext

if TYPE_CHECKING:
    from gql_sales.web.view import GraphQLView

HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "Vary": "Accept",
    # nginx would hold events back until it has a buffer full of them.
    "X-Accel-Buffering": "no",
}
SEND_SECONDS = 60.0
"""How long a client may take to make room for one piece; the connection keeps no more than that one."""
FAREWELL_SECONDS = 1.0

Results = AsyncGenerator[ExecutionResult, None]


class Wire(Protocol):
    """How pieces are written."""

    content_type: str
    opening: bytes
    heartbeat: bytes
    beat_seconds: float
    closing: bytes
    """After the last result."""

    def piece(self, result: ExecutionResult, cursor: str | None) -> bytes:
        """One result; ``cursor`` is where a client that has seen it resumes."""

    def farewell(self, error: RequestError | None) -> bytes:
        """The end of an unfinished stream: by an error of the caller, or because the server stops."""


class EventStreamWire:
    """GraphQL over SSE in distinct connections mode."""

    content_type = EVENT_STREAM
    # A comment, so that headers go out through every proxy at once.
    opening = b":\n\n"
    heartbeat = b":\n\n"
    beat_seconds = 12.0
    # EventSource ignores events without data.
    closing = b"event: complete\ndata: \n\n"

    def piece(self, result: ExecutionResult, cursor: str | None) -> bytes:
        """An event ``next``, with the cursor as its id."""
        id_ = b"" if cursor is None else b"id: " + cursor.encode() + b"\n"
        return b"event: next\n" + id_ + b"data: " + orjson.dumps(shown(result)) + b"\n\n"

    def farewell(self, error: RequestError | None) -> bytes:
        """Nothing when the server stops: without ``complete`` clients connect again, and resume by Last-Event-ID."""
        if error is None:
            return b""
        return b"event: next\ndata: " + orjson.dumps(error_body(error)) + b"\n\n" + self.closing


def part(content: Mapping[str, object]) -> bytes:
    """A part with the delimiter behind it."""
    return b"\r\nContent-Type: application/json\r\n\r\n" + orjson.dumps(content) + b"\r\n--graphql"


class MultipartWire:
    """Multipart subscriptions as Apollo's clients speak them.

    A delimiter follows each part at once, because clients wait for it, so the last one needs only its end.
    """

    content_type = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'
    opening = b"--graphql"
    heartbeat = part({})
    beat_seconds = 5.0
    closing = b"--\r\n"

    def piece(self, result: ExecutionResult, cursor: str | None) -> bytes:
        """The result as a payload; an error that ends the whole stream stands beside it."""
        content = shown(result)
        is_located = any(error.path for error in result.errors or ())
        is_fatal = isinstance(result, PreExecutionError) or (result.data is None and not is_located)
        return part({"payload": None, **content} if is_fatal else {"payload": content})

    def farewell(self, error: RequestError | None) -> bytes:
        """The error, which tells a client to resume where the server stops."""
        return part({"payload": None, **error_body(error or restart())}) + self.closing


WIRES: Mapping[str, Wire] = MappingProxyType({EVENT_STREAM: EventStreamWire(), MULTIPART: MultipartWire()})


def shown(result: ExecutionResult) -> dict[str, Any]:
    """The result as clients know it; without ``data`` when there is none."""
    content: dict[str, Any] = dict(process_result(result))
    if content["data"] is None:
        del content["data"]
    return content


def restart() -> RequestError:
    """Why nothing more comes from a server that stops."""
    return RequestError(Code.SERVICE_UNAVAILABLE, "The server restarts; resume from the last cursor.")


def error_body(error: RequestError) -> dict[str, object]:
    """The error as a response without data."""
    return body([CodedError(error.code, error.message, details=error.details)])


class StreamedAnswer:
    """The answer of one operation, as an ASGI application.

    A result is asked for when the last one has been sent, so a slow client holds one piece and its position.
    """

    def __init__(self, view: "GraphQLView", wire: Wire, context: OperationContext, results: Results) -> None:
        """``results`` has not been started."""
        self._view = view
        self._wire = wire
        self.context = context
        self._results = results
        self._stopped: asyncio.Future[RequestError | None] = asyncio.get_running_loop().create_future()
        self._done = asyncio.Event()

    @property
    def principal(self) -> Principal:
        """Whoever asked."""
        return self.context.principal

    async def end(self, error: RequestError | None) -> None:
        """Stop now, and wait until the client has been told or does not listen."""
        if not self._stopped.done():
            self._stopped.set_result(error)
        await self._done.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send pieces until the results end, the client leaves, or the stream is stopped."""
        self._view.under_way.begin(self.principal)
        self._view.watch.add(self)
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._start(send)
            tasks += [asyncio.create_task(self._pump(send)), asyncio.create_task(until_gone(receive))]
            awaited: list[asyncio.Future[Any]] = [*tasks, self._stopped]
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            has_left = any(task.done() for task in tasks)
            await cancelled(*tasks)
            if not has_left:
                await self._say_farewell(send, self._stopped.result())
        finally:
            await cancelled(*tasks)
            self._view.watch.discard(self)
            self._view.under_way.finish(self.principal)
            self._done.set()

    async def _pump(self, send: Send) -> None:
        """Everything there is to say; a defect is logged, and ends the stream without an end."""
        try:
            async with aclosing(self._pieces()) as pieces:
                async for piece in pieces:
                    async with asyncio.timeout(SEND_SECONDS):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (OSError, TimeoutError):
            return
        except Exception as error:  # noqa: BLE001 (a defect of any kind is masked)
            masked(None, error, self.context.request_id)

    async def _start(self, send: Send) -> None:
        headers = {"Content-Type": self._wire.content_type, **HEADERS}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        """The results as they come, and heartbeats while none comes."""
        yield self._wire.opening
        async with aclosing(self._results) as results:
            while True:
                coming = asyncio.create_task(following(results))
                try:
                    while not (await asyncio.wait([coming], timeout=self._wire.beat_seconds))[0]:
                        yield self._wire.heartbeat
                    result = coming.result()
                finally:
                    await cancelled(coming)
                if result is None:
                    break
                yield self._wire.piece(result, self.context.cursor if result.data else None)
        yield self._wire.closing

    async def _say_farewell(self, send: Send, error: RequestError | None) -> None:
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await send({"type": "http.response.body", "body": self._wire.farewell(error)})
        except (OSError, TimeoutError):
            # It does not read; the connection is closed under it.
            return


async def following(results: Results) -> ExecutionResult | None:
    """The next result, None at the end."""
    return await anext(results, None)


async def until_gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def cancelled(*tasks: asyncio.Future[Any]) -> None:
    """Wait until the tasks have ended, by being cancelled if they had not."""
    if running := [task for task in tasks if task.cancel()]:
        await asyncio.wait(running)
