"""The gate in front of /graphql: what is not a well-formed GraphQL request goes no further (reliability.md 1)."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gql_sales.kernel.request_errors import Code
from gql_sales.web.errors import CodedError, body
from gql_sales.web.limits import BODY_SECONDS, JSON_NESTING, LARGEST_BODY

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"
CHARSET = re.compile(r'charset="?utf-?8"?', re.IGNORECASE)
SUBSCRIPTION_SPEC = re.compile(r"""subscriptionspec=["']?1\.0["']?""")
REQUEST = "gql_sales.request"
"""Key of the checked request in the ASGI scope."""


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A request whose outer shape is right."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    document_id: str | None
    size: int
    """Bytes of the body or of the query string."""
    media_type: str
    """Of an answer that is given at once."""
    stream_type: str | None = None
    """Of an answer that comes piece by piece, if the caller takes one."""
    is_stream_only: bool = False
    """Whether the caller takes nothing else."""


class BadRequest(Exception):
    """Not a well-formed request."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        """``headers`` join the answer's."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


class ClientGone(Exception):
    """The client left before its request was complete."""


class Gate:
    """Refuses malformed requests and hands the others on with ``scope[REQUEST]`` set."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` need not read the body any more."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        media_type = JSON
        try:
            headers = Headers(scope=scope)
            accept = headers.get("accept")
            chosen = negotiate(accept)
            media_type = chosen or JSON
            scope[REQUEST] = await read(scope, headers, receive, chosen, stream_type(accept, scope["method"]))
        except BadRequest as refused:
            await refuse(refused, media_type)(scope, receive, send)
        except ClientGone:
            return
        else:
            await self._app(scope, receive, send)


async def read(
    scope: Scope, headers: Headers, receive: Receive, media_type: str | None, stream: str | None
) -> GraphQLRequest:
    """The request as it was sent; BadRequest when it is malformed in any way."""
    method = scope["method"]
    if method not in ("GET", "POST"):
        raise BadRequest(405, "Use GET or POST.", {"Allow": "GET, POST"})
    if media_type is None and stream is None:
        raise BadRequest(406, f"The answer is {GRAPHQL_JSON}, {JSON}, {EVENT_STREAM} or {MULTIPART}.")
    if method == "GET":
        text = scope["query_string"]
        fields = query_fields(text)
    else:
        check_content(headers)
        text = await read_body(headers, receive)
        fields = parse_object(text)
    request = shaped(fields, len(text), media_type or GRAPHQL_JSON)
    return replace(request, stream_type=stream, is_stream_only=media_type is None)


def check_content(headers: Headers) -> None:
    """Only JSON in UTF-8 gets in: a page of another site cannot send that without asking first."""
    content_type = headers.get("content-type", "")
    kind, *parameters = [part.strip() for part in content_type.split(";")]
    if kind.lower() != JSON or len(headers.getlist("content-type")) > 1:
        raise BadRequest(415, f"The body must be {JSON}.", {"Accept-Post": JSON})
    if any(part.lower().startswith("charset") and not CHARSET.fullmatch(part) for part in parameters):
        raise BadRequest(415, "The body must be UTF-8.", {"Accept-Post": JSON})
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequest(415, "The body must not be compressed.", {"Accept-Encoding": "identity"})


async def read_body(headers: Headers, receive: Receive) -> bytes:
    """The body, at most as long as the most generous audience's, and within a bounded time."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 12 or int(declared) > LARGEST_BODY):
        raise too_large(LARGEST_BODY)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > LARGEST_BODY:
                    raise too_large(LARGEST_BODY)
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise BadRequest(400, "The body took too long to arrive.", {"Connection": "close"}) from None


def too_large(limit: int) -> BadRequest:
    """The refusal of a body above the limit."""
    return BadRequest(413, f"The body may have at most {limit} bytes.")


def query_fields(text: bytes) -> dict[str, Any]:
    """The parameters of a GET, with the JSON ones parsed; empty ones count as absent."""
    try:
        pairs = parse_qsl(text.decode("ascii"), strict_parsing=False, max_num_fields=50, errors="strict")
    except ValueError:
        raise BadRequest(400, "The query string is malformed.") from None
    fields: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = None if fields[name].strip() == "null" else parse_object(fields[name])
    return fields


def parse_object(text: str | bytes) -> dict[str, Any]:
    """The JSON object a text holds; BadRequest for anything else, and for one nested too deeply."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadRequest(400, "Not valid JSON in UTF-8.") from None
    if isinstance(value, list):
        raise BadRequest(400, "A JSON object is wanted; batches are not taken.")
    if not isinstance(value, dict):
        raise BadRequest(400, "A JSON object is wanted.")
    check_nesting(value)
    return value


def check_nesting(value: dict[str, Any]) -> None:
    """Go down level by level, so that deep nesting costs no stack."""
    level: Sequence[Any] = [value]
    for _ in range(JSON_NESTING):
        inner = [item for outer in level for item in (outer.values() if isinstance(outer, dict) else outer)]
        level = [item for item in inner if isinstance(item, dict | list)]
        if not level:
            return
    raise BadRequest(400, f"JSON may be nested at most {JSON_NESTING} deep.")


def shaped(fields: dict[str, Any], size: int, media_type: str) -> GraphQLRequest:
    """The parameters of a request with the types they must have; null counts as absent."""
    request = GraphQLRequest(
        query=typed(fields, "query", str),
        variables=typed(fields, "variables", dict),
        operation_name=typed(fields, "operationName", str),
        extensions=typed(fields, "extensions", dict),
        document_id=typed(fields, "documentId", str),
        size=size,
        media_type=media_type,
    )
    if not request.query and not request.document_id and "persistedQuery" not in (request.extensions or {}):
        raise BadRequest(400, "The request has no query.")
    return request


def typed(fields: dict[str, Any], name: str, type_: type) -> Any:  # noqa: ANN401 (of the given type, or None)
    """One parameter; BadRequest when it has another type."""
    value = fields.get(name)
    if value is None or isinstance(value, type_):
        return value
    raise BadRequest(400, f"{name} must be {'an object' if type_ is dict else 'a string'}.")


def negotiate(accept: str | None) -> str | None:
    """The media type to answer with, None when the caller takes neither.

    The newer type is only sent to those who name it: its statuses mean something else than those of plain JSON.
    """
    if not accept or not accept.strip():
        return JSON
    qualities = {kind: quality(parameters) for kind, parameters in media_ranges(accept)}
    wild = qualities.get("application/*", qualities.get("*/*", 0.0))
    newer = qualities.get(GRAPHQL_JSON, 0.0)
    plain = qualities.get(JSON, wild)
    if newer > 0 and newer >= qualities.get(JSON, 0.0):
        return GRAPHQL_JSON
    return JSON if plain > 0 else None


def stream_type(accept: str | None, method: str) -> str | None:
    """The first kind of stream that the caller names; nothing but EventSource, which cannot POST, gets one by GET."""
    for kind, parameters in media_ranges(accept or ""):
        is_events = kind == EVENT_STREAM
        is_parts = kind == MULTIPART and method == "POST" and any(map(SUBSCRIPTION_SPEC.fullmatch, parameters))
        if (is_events or is_parts) and quality(parameters) > 0:
            return kind
    return None


def media_ranges(accept: str) -> Iterator[tuple[str, list[str]]]:
    """The media types of an Accept header in lower case, each with its parameters."""
    for part in accept.split(","):
        kind, *parameters = [piece.strip().lower() for piece in part.split(";")]
        yield kind, parameters


def quality(parameters: Sequence[str]) -> float:
    """The q of one media range, 1 without or with one that makes no sense."""
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(1.0, max(0.0, float(parameter[2:])))
            except ValueError:
                return 1.0
    return 1.0


def answer(content: object, media_type: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer with the headers that every answer of /graphql has."""
    common = {"Cache-Control": "no-store", "Vary": "Accept"}
    return Response(
        orjson.dumps(content),
        status,
        {**common, **(headers or {})},
        media_type=f"{media_type}; charset=utf-8",
    )


def refuse(refused: BadRequest, media_type: str) -> Response:
    """The answer to a malformed request: JSON as well, so that clients can read why."""
    return answer(body([CodedError(Code.BAD_REQUEST, refused.message)]), media_type, refused.status, refused.headers)
