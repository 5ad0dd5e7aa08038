"""GraphQL over WebSocket (graphql-transport-ws): login, limits, expiry, and frames that are not what they should be."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson
import structlog
from graphql import GraphQLError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation

from gql_sales.kernel.principals import ANONYMOUS, Principal
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.web.errors import CodedError, masked, recognize
from gql_sales.web.gate import BadRequest, parse_object
from gql_sales.web.guarded_schema import SalesSchema
from gql_sales.web.limits import LARGEST_BODY

if TYPE_CHECKING:
    from gql_sales.web.view import GraphQLView

log = structlog.get_logger(__name__)

OPTIONAL = {"variables": dict, "operationName": str, "extensions": dict}
"""Types of what the payload of a subscribe message may leave out."""
ID_LENGTH = 200


@dataclass(slots=True)
class SocketSession:
    """One connection: nobody's until its connection_init."""

    request_id: str
    client_address: str | None = None
    principal: Principal = ANONYMOUS
    connection_params: dict[str, Any] | None = None


class SocketAdapter(AsyncWebSocketAdapter):
    """Frames in and out; a frame in is a JSON object or the end."""

    def __init__(self, view: "GraphQLView", request: WebSocket, response: WebSocket) -> None:
        """Both of the latter are the same socket."""
        super().__init__(view)
        self.ws = response
        self.size = 0
        """Characters of the last frame."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        """Objects until the client leaves or a frame is none."""
        while self.ws.application_state is not WebSocketState.DISCONNECTED:
            message = await self.ws.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                raise NonTextMessageReceived
            self.size = len(text)
            if self.size > LARGEST_BODY:
                await self.close(1009, "The message is too large")
                return
            try:
                yield parse_object(text)
            except BadRequest:
                raise NonJsonMessageReceived from None

    async def send_json(self, message: Mapping[str, object]) -> None:
        """A text frame, since bytes would go out as a binary one."""
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            # Starlette raises a plain RuntimeError for a socket that was closed in the meantime.
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """Close once; whoever comes second finds it done."""
        if self.ws.application_state is not WebSocketState.DISCONNECTED:
            try:
                await self.ws.close(code=code, reason=reason)
            except (WebSocketDisconnect, RuntimeError):
                log.debug("socket was gone before its close", code=code)


class SocketOperation(Operation[SocketSession, None]):
    """An operation with the extensions of its request, which Strawberry's own drops."""

    __slots__ = ["extensions"]

    def __init__(self, handler: "SocketHandler", id_: str, payload: Mapping[str, Any]) -> None:
        """``payload`` is that of a checked subscribe message."""
        super().__init__(handler, id_, payload["query"], payload.get("variables"), payload.get("operationName"))
        self.extensions: dict[str, Any] | None = payload.get("extensions")


class SocketHandler(BaseGraphQLTransportWSHandler[SocketSession, None]):
    """The protocol on one socket; Strawberry's, with the caller's schema, limits and expiry."""

    view: "GraphQLView"
    websocket: SocketAdapter
    schema: SalesSchema

    @property
    def principal(self) -> Principal:
        """Whoever has logged in."""
        return self.context.principal

    async def end(self, error: RequestError | None) -> None:
        """Close with 4403 for a login that is over, with 1012 when the server stops."""
        code, reason = (1012, "The server restarts") if error is None else (4403, error.message)
        await self.websocket.close(code, reason)

    async def handle(self) -> None:
        """Serve the socket to its end."""
        self.view.watch.add(self)
        try:
            await super().handle()
        finally:
            self.view.watch.discard(self)

    async def handle_message(self, message: Any) -> None:  # noqa: ANN401 (any JSON object)
        """One frame; what has not the shape of the protocol ends the connection."""
        if (wrong := misshapen(message)) is not None:
            await self.handle_invalid_message(wrong)
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:  # noqa: ANN401 (checked)
        """Log in, then serve the caller's audience until the login expires."""
        if message.get("payload") is None:
            message.pop("payload", None)
        try:
            await super().handle_connection_init(message)
        except Exception as error:  # noqa: BLE001 (a defect of any kind is masked)
            # The database may be away: then the client hears when to come back, instead of losing its login.
            is_outage = recognize(error) is not None
            if not is_outage:
                masked(None, error, self.context.request_id)
            code, reason = (1013, "Try again later") if is_outage else (1011, "Internal error")
            await self.websocket.close(code, reason)
            return
        self.schema = self.view.schemas[self.principal.audience]

    async def handle_subscribe(self, message: Any) -> None:  # noqa: ANN401 (checked)
        """Start an operation, unless too many are under way."""
        if not self.connection_acknowledged:
            await self.websocket.close(4401, "Unauthorized")
        elif message["id"] in self.operations:
            await self.websocket.close(4409, f"Subscriber for {message['id']} already exists")
        elif (refused := self._refusal()) is not None:
            await self.send_message({"id": message["id"], "type": "error", "payload": [refused.formatted]})
        else:
            self._start(SocketOperation(self, message["id"], message["payload"]))

    async def run_operation(self, operation: Operation[SocketSession, None]) -> None:
        """Send everything an operation yields; each has a context of its own, since loaders remember."""
        id_ = secrets.token_hex(16)
        try:
            results = await self.schema.stream(
                operation.query,
                variable_values=operation.variables,
                context_value=self.view.make_context(self.context.principal, id_, self.context.client_address),
                operation_name=operation.operation_name,
                operation_extensions=cast("SocketOperation", operation).extensions,
            )
            async with aclosing(results):
                await self._send_result_stream(operation, results)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            return
        except Exception as error:  # noqa: BLE001 (a defect of any kind is masked)
            # A defect of this floor: logged once, told without its text.
            await operation.send_initial_errors([masked(None, error, id_)])

    async def handle_task_exception(self, error: Exception) -> None:
        """A defect in one of the tasks of this floor."""
        masked(None, error, self.context.request_id)

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        """None: a bad document is answered with an error message and leaves the socket open."""
        return None

    def _start(self, operation: SocketOperation) -> None:
        principal = self.principal
        self.view.under_way.begin(principal)
        operation.task = asyncio.create_task(self.run_operation(operation))
        operation.task.add_done_callback(lambda _: self.view.under_way.finish(principal))
        operation.task.add_done_callback(self._task_done)
        self.operations[operation.id] = operation

    def _refusal(self) -> CodedError | None:
        """Why nothing more may be started now."""
        limits = self.schema.limits
        if self.websocket.size > limits.body:
            return CodedError(Code.BAD_REQUEST, f"A message may have at most {limits.body} bytes.")
        if len(self.operations) >= limits.socket_operations:
            return CodedError(Code.THROTTLED, f"At most {limits.socket_operations} operations run on one socket.")
        try:
            self.view.under_way.require_room(self.principal, limits)
        except RequestError as error:
            return CodedError(error.code, error.message)
        return None


def misshapen(message: object) -> str | None:
    """What is wrong with the shape of a message, None when it is as the protocol wants it."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message is an object with a type"
    if message["type"] not in ("subscribe", "complete"):
        return None
    if not isinstance(message.get("id"), str) or not 0 < len(message["id"]) <= ID_LENGTH:
        return "The id must be a string"
    return misshapen_payload(message.get("payload")) if message["type"] == "subscribe" else None


def misshapen_payload(payload: object) -> str | None:
    """The same for the payload of a subscribe message."""
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return "A subscribe message has a payload with a query"
    for name, type_ in OPTIONAL.items():
        if payload.get(name) is not None and not isinstance(payload[name], type_):
            return f"{name} has the wrong type"
    return None
