"""The ASGI application: routes, the layers around them, and what starts and stops with the process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from gql_sales.access.tokens import signing_key
from gql_sales.api import audience_schemas
from gql_sales.db.engine import Database
from gql_sales.db.queries.readiness import ANSWERS
from gql_sales.jobs.runtime import Jobs
from gql_sales.kernel.principals import Principal
from gql_sales.schema.context import Context
from gql_sales.settings import Settings
from gql_sales.web.board_page import board_routes
from gql_sales.web.callers import identify, judge
from gql_sales.web.edge import Edge
from gql_sales.web.gate import Gate
from gql_sales.web.graphiql import graphiql_routes
from gql_sales.web.view import GraphQLView

log = structlog.get_logger(__name__)

READY_SECONDS = 2.0
PREFLIGHT_SECONDS = 3600
ASKED_HEADERS = ("Authorization", "Content-Type", "Last-Event-ID")
TOLD_HEADERS = ("Retry-After", "X-Request-Id")


def create_app(settings: Settings, database: Database) -> Starlette:
    """The application over a migrated database, which the caller closes; ValueError when the token key is too short."""
    signing_key(settings)
    view = graphql_view(settings, database)
    routes: list[BaseRoute] = [
        Route("/graphql", Gate(view)),
        WebSocketRoute("/graphql", view),
        Route("/health", health),
        Route("/ready", readiness(database)),
    ]
    if settings.is_development:
        routes += [*graphiql_routes(settings.data_folder / "graphiql"), *board_routes()]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=("GET", "POST"),
        allow_headers=ASKED_HEADERS,
        expose_headers=TOLD_HEADERS,
        max_age=PREFLIGHT_SECONDS,
    )
    jobs = Jobs(database, is_working=settings.is_running_jobs)
    app = Starlette(routes=routes, middleware=[Middleware(Edge), cors], lifespan=lifespan(view, jobs))
    app.state.watch = view.watch
    return app


def graphql_view(settings: Settings, database: Database) -> GraphQLView:
    """The endpoint with everything it needs from other floors."""

    async def who(bearer: str) -> Principal:
        return await identify(bearer, settings, database)

    async def judge_all(principals: frozenset[Principal]) -> frozenset[Principal]:
        return await judge(principals, database)

    def make_context(principal: Principal, request_id: str, client_address: str | None) -> Context:
        return Context(principal, database, settings, request_id, client_address)

    schemas = audience_schemas(is_development=settings.is_development)
    return GraphQLView(schemas, who, judge_all, make_context, allowed_origins=settings.allowed_origins)


def lifespan(view: GraphQLView, jobs: Jobs) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Start the jobs with the process; at its end send clients away before the jobs stop."""

    @asynccontextmanager
    async def run(_app: Starlette) -> AsyncIterator[None]:
        await jobs.start()
        try:
            yield
        finally:
            await view.watch.close()
            await jobs.stop()

    return run


async def health(_request: Request) -> Response:
    """The process runs and its loop turns; says nothing about the database."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def readiness(database: Database) -> Callable[[Request], Awaitable[Response]]:
    """Whether requests can be answered: the database replies in time."""

    async def ready(_request: Request) -> Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                await database.read(ANSWERS)
        except Exception as error:  # noqa: BLE001 (whatever it is, the answer is: not ready)
            log.warning("not ready", reason=type(error).__name__)
            headers = {"Cache-Control": "no-store", "Retry-After": "1"}
            return JSONResponse({"status": "unavailable"}, 503, headers=headers)
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    return ready
