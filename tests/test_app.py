"""The application as a whole: probes, pages, origins, start and end, and the schema files it stands for."""

from typing import Any

import httpx2
import pytest
from graphql import GraphQLObjectType, build_schema
from pydantic import SecretStr
from starlette.applications import Starlette

from gql_sales.access.scopes import SCOPES
from gql_sales.api import audience_schemas, schema_files, whole_schema
from gql_sales.app import create_app
from gql_sales.db.engine import Database
from gql_sales.kernel.principals import Audience
from gql_sales.settings import Settings
from gql_sales.web.guarded_schema import DEFINITION
from gql_sales.web.needs import of_field

ORIGIN = "https://shop.example"
KEY = SecretStr("a-secret-of-at-least-32-bytes-for-tests")


def made(database: Database, **changes: Any) -> httpx2.AsyncClient:
    """A client of an application with these settings."""
    return client_of(create_app(Settings(jwt_secret=KEY, **changes), database))


def client_of(app: Starlette) -> httpx2.AsyncClient:
    """A client of an application."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://testserver")


async def test_probes(database: Database) -> None:
    async with made(database) as http:
        for path in ("/health", "/ready"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_database_that_is_away_is_not_ready_but_alive() -> None:
    nowhere = Database("postgresql://nobody:nothing@127.0.0.1:1/none")
    async with made(nowhere) as http:
        assert (await http.get("/health")).status_code == 200
        answer = await http.get("/ready")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    await nowhere.close()


async def test_a_database_that_is_away_makes_keys_unavailable_not_wrong() -> None:
    nowhere = Database("postgresql://nobody:nothing@127.0.0.1:1/none")
    async with made(nowhere) as http:
        headers = {"Authorization": "Bearer gqs_abcdefgh_" + "x" * 43, "Accept": "application/graphql-response+json"}
        answer = await http.post("/graphql", json={"query": "{__typename}"}, headers=headers)
    await nowhere.close()
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


async def test_queries_by_get_and_post(database: Database) -> None:
    async with made(database) as http:
        by_get = await http.get("/graphql", params={"query": "{__typename}"})
        by_post = await http.post("/graphql", json={"query": "{__typename}"})
    assert by_get.json()["data"] == by_post.json()["data"] == {"__typename": "Query"}


async def test_graphiql_is_for_development_only(database: Database) -> None:
    async with made(database) as http:
        assert (await http.get("/")).status_code == 404
    async with made(database, is_development=True) as http:
        assert "GraphiQL" in (await http.get("/")).text


async def test_introspection_is_for_partners_and_development_only(database: Database) -> None:
    question = {"query": "{__schema{queryType{name}}}"}
    async with made(database) as http:
        assert "errors" in (await http.post("/graphql", json=question)).json()
    async with made(database, is_development=True) as http:
        assert "errors" not in (await http.post("/graphql", json=question)).json()
    assert {audience for audience, schema in audience_schemas().items() if schema.is_open} == {Audience.PARTNER}


@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://evil.example", None), ("null", None)])
async def test_only_named_origins_may_call(database: Database, origin: str, allowed: str | None) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    async with made(database, allowed_origins=[ORIGIN]) as http:
        preflight = await http.options("/graphql", headers={"Origin": origin, **asks})
        answer = await http.post("/graphql", json={"query": "{__typename}"}, headers={"Origin": origin})
    assert preflight.status_code == (200 if allowed else 400)
    for response in (preflight, answer):
        assert response.headers.get("access-control-allow-origin") == allowed
        assert "access-control-allow-credentials" not in response.headers
    assert {"Accept", "Origin"} <= {part.strip() for part in answer.headers["vary"].split(",")} | (
        set() if allowed else {"Origin"}
    )


def test_a_short_key_stops_the_start(database: Database) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        create_app(Settings(jwt_secret=SecretStr("short")), database)


async def test_jobs_live_as_long_as_the_application(database: Database) -> None:
    before = len(database.listeners)
    app = create_app(Settings(jwt_secret=KEY), database)
    async with app.router.lifespan_context(app):
        assert len(database.listeners) == before + 1
    assert len(database.listeners) == before


def test_schema_files_are_schemas() -> None:
    files = schema_files()
    assert list(files) == ["schema.graphql", "docs/schema.storefront.graphql", "docs/schema.partner.graphql"]
    for text in files.values():
        build_schema(text)
    assert schema_files() == files


def test_every_scope_of_the_schema_is_declared() -> None:
    used = set()
    for type_ in whole_schema()._schema.type_map.values():
        parent: Any = type_.extensions.get(DEFINITION)
        for field in getattr(type_, "fields", {}).values() if isinstance(type_, GraphQLObjectType) else ():
            own = field.extensions.get(DEFINITION)
            used |= {scope for alternative in of_field(own, parent) for scope in alternative} if own else set()
    assert used
    assert used - SCOPES.keys() == set()
