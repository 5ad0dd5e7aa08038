"""Answers GraphQL over HTTP and hands sockets on: who asks, which schema, which status."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException, StarletteRequestAdapter
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData, process_result
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET, UnsetType

from gql_sales.kernel.principals import ANONYMOUS, Audience, Principal
from gql_sales.kernel.request_errors import Code, RequestError, Unauthenticated
from gql_sales.web.callers import bearer_of, bearer_of_payload
from gql_sales.web.errors import RETRY_SECONDS, CodedError, body, masked, recognize, status
from gql_sales.web.gate import EVENT_STREAM, JSON, REQUEST, BadRequest, GraphQLRequest, answer, refuse, too_large
from gql_sales.web.guarded_schema import OperationContext, SalesSchema
from gql_sales.web.limits import INIT_SECONDS
from gql_sales.web.sockets import SocketAdapter, SocketHandler, SocketSession
from gql_sales.web.streams import WIRES, Results, StreamedAnswer, restart
from gql_sales.web.watch import Judge, UnderWay, Watch

REQUEST_ID = "gql_sales.request_id"
"""Key of the request's id in the ASGI scope."""
ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}
STREAMED = {method: kinds | {OperationType.SUBSCRIPTION} for method, kinds in ALLOWED.items()}
HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    405: {"Allow": "POST"},
    429: {"Retry-After": str(RETRY_SECONDS)},
    503: {"Retry-After": str(RETRY_SECONDS)},
}

Identify = Callable[[str], Awaitable[Principal]]
"""The principal of a bearer text; raises Unauthenticated."""
MakeContext = Callable[[Principal, str, str | None], OperationContext]
"""The context of one operation, from its caller, its id, and the address it came from."""


class GateAdapter(StarletteRequestAdapter):
    """A request with what the gate found in it."""

    def __init__(self, request: Request) -> None:
        """``request`` has passed the gate."""
        super().__init__(request)
        self.asked = asked(request)


class GraphQLView(GraphQL[Any, None]):
    """One endpoint for three audiences; stands behind the gate for HTTP, in front for sockets."""

    request_adapter_class = GateAdapter
    websocket_adapter_class = SocketAdapter  # type: ignore[assignment] # narrower than Strawberry's own annotation
    graphql_transport_ws_handler_class = SocketHandler

    def __init__(
        self,
        schemas: Mapping[Audience, SalesSchema],
        identify: Identify,
        judge: Judge,
        make_context: MakeContext,
        *,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        """Pages of ``allowed_origins`` may open sockets, besides the server's own."""
        super().__init__(
            schemas[Audience.STOREFRONT],
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            multipart_uploads_enabled=False,
            allowed_origins=allowed_origins,
        )
        self.schemas = schemas
        self.identify = identify
        self.make_context = make_context
        self.watch = Watch(judge)
        self.under_way = UnderWay()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request that went through the gate, or one socket."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response: ASGIApp = await (self.stream(request) if asked(request).stream_type else self.run(request))
        except BadRequest as refused:
            response = refuse(refused, asked(request).media_type)
        except Exception as error:  # noqa: BLE001 (a defect of any kind is masked)
            # Whatever it is, the answer is JSON and tells nothing that was not meant to be told.
            response = failed(error, asked(request), request_id(request))
        await response(scope, receive, send)

    async def stream(self, request: Request) -> ASGIApp:
        """The answer piece by piece; at once where the caller takes that and nothing is to come later."""
        fields = asked(request)
        context: OperationContext = await self.get_context(request, Response())
        schema = self.schemas[context.principal.audience]
        if fields.size > schema.limits.body:
            raise too_large(schema.limits.body)
        operation = (fields.query, fields.operation_name, fields.variables, fields.extensions)
        kind = schema.kind_of(*operation)
        is_late = kind is OperationType.SUBSCRIPTION or (fields.is_stream_only and not fields.document_id)
        if not is_late or (kind is OperationType.MUTATION and request.method == "GET"):
            return await self.run(request, context)
        if self.watch.is_closing:
            raise restart()
        self.under_way.require_room(context.principal, schema.limits)
        if fields.stream_type == EVENT_STREAM:
            context.resume_after = request.headers.get("last-event-id") or None
        results = await schema.stream(
            fields.query,
            variable_values=fields.variables,
            context_value=context,
            operation_name=fields.operation_name,
            operation_extensions=fields.extensions,
            allowed_operation_types=STREAMED[request.method],
        )
        return StreamedAnswer(self, WIRES[cast("str", fields.stream_type)], context, cast("Results", results))

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:  # noqa: ANN401 (a session or a context)
        """The context of a request, or of a socket before anybody logged in."""
        if isinstance(request, WebSocket):
            return SocketSession(request_id(request), client_address(request))
        sent = request.headers.getlist("authorization")
        if len(sent) > 1:
            raise Unauthenticated("There must be one Authorization header.")
        principal = await self.principal(bearer_of(sent[0] if sent else None))
        return self.make_context(principal, request_id(request), client_address(request))

    async def principal(self, bearer: str | None) -> Principal:
        """Whoever shows nothing is anonymous; whoever shows something wrong is refused."""
        return ANONYMOUS if bearer is None else await self.identify(bearer)

    async def on_ws_connect(self, context: SocketSession) -> UnsetType | dict[str, object] | None:
        """Log a socket in with the payload of its connection_init."""
        try:
            context.principal = await self.principal(bearer_of_payload(context.connection_params))
        except Unauthenticated as error:
            raise ConnectionRejectionError from error
        unset: UnsetType = UNSET
        return unset

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """The draft of the answer, which carries status, headers and media type to ``create_response``."""
        draft = await super().get_sub_response(request)
        draft.media_type = asked(request).media_type
        return draft

    def should_render_graphql_ide(self, request: object) -> bool:
        """Never: GraphiQL has a page of its own."""
        return False

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """What the gate has read."""
        fields = cast("GateAdapter", request).asked
        return GraphQLRequestData(fields.query, fields.variables, fields.operation_name, fields.extensions)

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: OperationContext,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Run one operation on the schema of the caller's audience."""
        schema = self.schemas[context.principal.audience]
        if asked(request).size > schema.limits.body:
            raise too_large(schema.limits.body)
        if asked(request).document_id and not request_data.query:
            error = CodedError(Code.PERSISTED_DOCUMENT_NOT_FOUND, "No document is stored under this id.")
            result: ExecutionResult = PreExecutionError(data=None, errors=[error])
        else:
            result = await schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=ALLOWED[request.method],
                operation_extensions=request_data.extensions,
            )
        sub_response.status_code = http_status(result, request)
        return result

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The response; without ``data`` when nothing was executed."""
        response = process_result(result)
        if is_request_error(result):
            response.pop("data", None)
        return response

    def create_response(self, response_data: object, sub_response: Response) -> Response:
        """JSON in the negotiated type."""
        code = sub_response.status_code
        return answer(response_data, sub_response.media_type or JSON, code, HEADERS.get(code))

    def encode_json(self, data: object) -> bytes:
        """Faster than the standard library's."""
        return orjson.dumps(data)


def asked(request: HTTPConnection) -> GraphQLRequest:
    """What the gate found in the request."""
    found: GraphQLRequest = request.scope[REQUEST]
    return found


def request_id(request: HTTPConnection) -> str:
    """The id that log lines and answers share; made here where no outer layer made one."""
    made: str = request.scope.setdefault(REQUEST_ID, secrets.token_hex(16))
    return made


def client_address(request: HTTPConnection) -> str | None:
    """The other end of the connection, or whom a trusted proxy names as that (GQL_SALES_TRUSTED_PROXIES)."""
    return request.client.host if request.client else None


def is_request_error(result: ExecutionResult) -> bool:
    """Whether the operation failed before its execution; variables are checked where that begins."""
    if isinstance(result, PreExecutionError):
        return True
    codes = {error.code for error in result.errors or () if isinstance(error, CodedError) and error.path is None}
    return result.data is None and codes == {Code.BAD_USER_INPUT}


def http_status(result: ExecutionResult, request: Request) -> int:
    """200 for what was executed, however it went; the code's own for what was not."""
    if not is_request_error(result):
        return 200
    first = next(error for error in result.errors or () if isinstance(error, CodedError))
    if first.code is Code.BAD_REQUEST and request.method == "GET":
        return 405
    return status(first.code, is_legacy=asked(request).media_type == JSON)


def failed(error: Exception, fields: GraphQLRequest, id_: str) -> Response:
    """The answer when something outside of execution raised, such as the login."""
    known = error if isinstance(error, RequestError) else recognize(error)
    if known is not None:
        code = status(known.code, is_legacy=fields.media_type == JSON and fields.stream_type is None)
        shown = CodedError(known.code, known.message, details=known.details)
    elif isinstance(error, HTTPException):
        code, shown = error.status_code, CodedError(Code.BAD_REQUEST, error.reason)
    else:
        code, shown = 500, masked(None, error, id_)
    return answer(body([shown]), fields.media_type, code, HEADERS.get(code))
