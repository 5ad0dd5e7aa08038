"""The outermost layer: gives every request an id, every answer its security headers, and the log one line for each."""

import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql_sales.web.view import REQUEST_ID

log = structlog.get_logger(__name__)

PATH_LENGTH = 100
"""Characters of a path that are logged."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-site",
}
QUIET = ("/health", "/ready")
"""Paths that are asked all the time and tell nothing."""


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` finds the id in ``scope[REQUEST_ID]``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket; lifespan passes through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        # Always our own: an id that callers choose would let them write into the log.
        id_ = scope[REQUEST_ID] = secrets.token_hex(16)
        started = time.perf_counter()
        status = 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = id_
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=id_):
            try:
                await self._app(scope, receive, tell)
            finally:
                if scope["path"] not in QUIET:
                    milliseconds = round((time.perf_counter() - started) * 1000, 1)
                    path = scope["path"][:PATH_LENGTH]
                    log.info("request", kind=scope["type"], path=path, status=status, milliseconds=milliseconds)
