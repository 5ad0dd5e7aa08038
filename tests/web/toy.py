"""A small schema and a view over it, so that the web floor is tested without a database."""

# strawberry.field(...) as a decorator is untyped to mypy.
# mypy: disallow-untyped-decorators=False

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeVar, cast

import strawberry
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from strawberry.schema.config import StrawberryConfig

from gql_sales.access.tokens import issue_token, read_token
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import ANONYMOUS, Audience, Principal, PrincipalKind
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.directives import Cost, scopes
from gql_sales.settings import Settings
from gql_sales.web.edge import Edge
from gql_sales.web.gate import Gate
from gql_sales.web.guarded_schema import Roots, SalesSchema, pruned
from gql_sales.web.limits import LIMITS, Limits
from gql_sales.web.view import GraphQLView

T = TypeVar("T")
SECRET = "a text that nobody may see"
SETTINGS = Settings(jwt_secret=SecretStr("k" * 32))
ORIGIN = "https://shop.example"
REVOKED: set[Principal] = set()
"""Whoever would not be let in again; tests add somebody of their own."""

STAFF = Principal(
    PrincipalKind.STAFF,
    Audience.ADMIN,
    "anna",
    frozenset({"orders:read", "orders:cancel"}),
    company_id=decode_id("Company", "com_" + "1" * 32),
)
AUDITOR = Principal(PrincipalKind.STAFF, Audience.ADMIN, "bert", frozenset(), company_id=STAFF.company_id)
CUSTOMER = Principal(
    PrincipalKind.CUSTOMER, Audience.STOREFRONT, "carl", frozenset({"orders:read"}), company_id=STAFF.company_id
)


@dataclass
class ToyContext:
    """What the web floor wants of a context, and no database."""

    principal: Principal = ANONYMOUS
    request_id: str = "r" * 32
    client_address: str | None = None
    extensions: dict[str, object] = field(default_factory=dict)
    resume_after: str | None = None
    cursor: str | None = None


@strawberry.interface(description="Something with an id.")
class Node:
    """Found by id."""

    id: strawberry.ID = strawberry.field(description="Opaque.")


@strawberry.type(description="An order.", directives=[scopes("orders:read")])
class Order(Node):
    """With a field that needs more."""

    number: str = strawberry.field(description="Its number.")
    margin: Decimal | None = strawberry.field(
        description="Gross margin.", directives=[scopes("journals:read")], default=Decimal(1)
    )

    @strawberry.field(description="The same order again.")
    def self(self) -> "Order":
        """A way to go deep."""
        return self

    @strawberry.field(description="Those that follow.")
    def followers(self, first: int | None = None, last: int | None = None) -> "RankedConnection":
        """A way to multiply."""
        return RankedConnection(nodes=[self] * (first or last or 25))


@strawberry.type(description="A key that only staff sees.", directives=[scopes("api_keys:read")])
class ApiKey(Node):
    """Out of reach for shoppers."""

    name: str = strawberry.field(description="Its name.")


@strawberry.type(description="A page of orders.")
class RankedConnection:
    """Without a directive of its own."""

    nodes: list[Order] = strawberry.field(description="Orders.")

    @strawberry.field(description="How many.", directives=[Cost(weight=10)])
    def total_count(self) -> int:
        """Costs extra."""
        return len(self.nodes)


@strawberry.type(description="A page of anything.")
class Connection(Generic[T]):
    """As the real ones are made."""

    nodes: list[T] = strawberry.field(description="Objects.")


ORDER = Order(id=strawberry.ID("ord_1"), number="S-1")


@strawberry.enum(description="Colors.")
class Color(Enum):
    """For suggestions."""

    RED = "RED"
    BLUE = "BLUE"


@strawberry.type(description="Entry points for reading.")
class Query:
    """Every way to fail."""

    @strawberry.field(description="Says hello.")
    def hello(self, name: str = "you", color: Color = Color.RED) -> str:
        """Free for all."""
        return f"hello {name}"

    @strawberry.field(description="Breaks.")
    async def broken(self) -> str | None:
        """As defects do."""
        await asyncio.sleep(0)
        raise RuntimeError(SECRET)

    @strawberry.field(description="Refuses politely.")
    def refused(self) -> str | None:
        """With an error made for the caller."""
        raise RequestError(Code.INVALID_CURSOR, "That cursor is not ours.", hint="begin again")

    @strawberry.field(description="Loses the database.")
    def lost(self) -> str | None:
        """As drivers tell it."""
        raise ConnectionRefusedError(SECRET)

    @strawberry.field(description="Decodes an id.")
    def decode(self, id: strawberry.ID) -> str | None:
        """MalformedId for nonsense."""
        return str(decode_id("Order", id))

    @strawberry.field(description="Gives a list where a string belongs.")
    def mistyped(self) -> int | None:
        """graphql-core complains about the result."""
        return cast("int", SECRET)

    @strawberry.field(description="Takes its time.")
    async def slow(self, seconds: float) -> str | None:
        """Longer than any deadline."""
        await asyncio.sleep(seconds)
        return "done"

    @strawberry.field(description="An order.")
    def order(self) -> Order | None:
        """Needs what its type needs."""
        return ORDER

    @strawberry.field(description="Orders.")
    def orders(self, first: int | None = None, last: int | None = None) -> RankedConnection | None:
        """Needs what its rows need."""
        return RankedConnection(nodes=[ORDER] * (first or last or 25))

    @strawberry.field(description="Orders again.")
    def generic_orders(self, first: int | None = None) -> Connection[Order] | None:
        """By way of a generic type."""
        return Connection(nodes=[ORDER])

    @strawberry.field(description="By id.")
    def node(self, id: strawberry.ID) -> Node | None:
        """Only the found type tells what it needs."""
        return ORDER if id.startswith("ord") else ApiKey(id=id, name="k")

    @strawberry.field(description="By ids.")
    def nodes(self, ids: list[strawberry.ID]) -> list[Node | None]:
        """Costs what is asked for."""
        return [ORDER for _ in ids]

    @strawberry.field(description="A key.")
    def api_key(self) -> ApiKey | None:
        """Staff only."""
        return ApiKey(id=strawberry.ID("key_1"), name="k")

    @strawberry.field(description="Adds to the extensions.")
    def told(self, info: strawberry.Info[ToyContext, None]) -> str:
        """As idempotent replays do."""
        info.context.extensions["idempotency"] = {"replayed": True}
        return "told"


@strawberry.type(description="Entry points for changes.")
class Mutation:
    """One."""

    @strawberry.mutation(description="Cancels.", directives=[scopes("orders:cancel")])
    def order_cancel(self) -> str | None:
        """Needs a scope of its own."""
        return "cancelled"

    @strawberry.mutation(description="Makes a key.", directives=[scopes("api_keys:create")])
    def api_key_create(self) -> str | None:
        """Staff only."""
        return "made"


@strawberry.type(description="Entry points for live changes.")
class Subscription:
    """Two."""

    @strawberry.subscription(description="Counts.")
    async def count(
        self, to: int, info: strawberry.Info[ToyContext, None], after: int = -1
    ) -> AsyncGenerator[int, None]:
        """Ends; each number is its own cursor."""
        for number in range(int(info.context.resume_after or after) + 1, to):
            info.context.cursor = str(number)
            yield number

    @strawberry.subscription(description="Never ends.", directives=[scopes("orders:read")])
    async def forever(self) -> AsyncGenerator[int | None, None]:
        """Needs a scope."""
        yield 0
        await asyncio.sleep(3600)


ROOTS = Roots(Query, Mutation, Subscription, (Order, ApiKey), StrawberryConfig)
WHOLE = SalesSchema(ROOTS)
CLOSED = {audience: pruned(WHOLE, audience) for audience in Audience}


def make_view(*, is_open: bool = False, limits: Limits | None = None) -> GraphQLView:
    """A view over the toy; without arguments the closed one, whose schemas are shared."""
    schemas = CLOSED
    if is_open or limits:
        schemas = {
            audience: pruned(WHOLE, audience, limits=limits or LIMITS[audience], is_open=is_open)
            for audience in Audience
        }

    async def who(bearer: str) -> Principal:
        if bearer == "outage":
            raise ConnectionRefusedError(SECRET)
        if bearer == "defect":
            raise RuntimeError(SECRET)
        return read_token(bearer, SETTINGS)

    async def judge(principals: frozenset[Principal]) -> frozenset[Principal]:
        return principals & REVOKED

    return GraphQLView(schemas, who, judge, ToyContext, allowed_origins=[ORIGIN])


def make_app(view: GraphQLView | None = None) -> Starlette:
    """The routes and layers that matter here."""
    view = view or make_view()
    routes = [Route("/graphql", Gate(view)), WebSocketRoute("/graphql", view)]
    return Starlette(routes=routes, middleware=[Middleware(Edge)])


def make_client(view: GraphQLView | None = None) -> TestClient:
    """A client that hears of exceptions only what the server answers."""
    return TestClient(make_app(view), raise_server_exceptions=False)


def token(principal: Principal, seconds: float = 600) -> str:
    """A token of the principal."""
    return issue_token(principal, SETTINGS, ttl=timedelta(seconds=seconds))


def login(principal: Principal) -> dict[str, str]:
    """The header that shows it."""
    return {"Authorization": f"Bearer {token(principal)}"}
