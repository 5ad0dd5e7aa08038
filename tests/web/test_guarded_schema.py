"""What an audience can never reach does not exist for it, and what a caller may not is refused where it stands."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLObjectType, default_field_resolver
from strawberry.types.execution import PreExecutionError

from gql_sales.kernel.principals import ANONYMOUS, Audience, Principal
from gql_sales.web.guarded_schema import SalesSchema, pruned
from gql_sales.web.limits import LIMITS
from tests.web.toy import AUDITOR, CLOSED, CUSTOMER, ROOTS, STAFF, WHOLE, ToyContext


async def run(query: str, principal: Principal, schema: SalesSchema | None = None) -> Any:
    """The result of an operation by this caller."""
    return await (schema or CLOSED[principal.audience]).execute(query, context_value=ToyContext(principal))


def told(result: Any) -> list[tuple[str, list[str | int] | None]]:
    """Codes and paths of the errors."""
    return [(error.extensions["code"], error.path) for error in result.errors or ()]


def fields(audience: Audience | None, type_: str) -> set[str]:
    """Names of a type's fields for an audience."""
    found = (CLOSED[audience] if audience else WHOLE)._schema.get_type(type_)
    return set(found.fields) if isinstance(found, GraphQLObjectType) else set()


def test_the_whole_schema_has_everything() -> None:
    assert {"apiKey", "order"} <= fields(None, "Query")
    assert fields(None, "Mutation") == {"orderCancel", "apiKeyCreate"}
    assert "margin" in fields(None, "Order")


def test_shoppers_have_only_what_they_can_reach() -> None:
    assert "apiKey" not in fields(Audience.STOREFRONT, "Query")
    assert fields(Audience.STOREFRONT, "Mutation") == {"orderCancel"}
    assert "margin" not in fields(Audience.STOREFRONT, "Order")
    assert CLOSED[Audience.STOREFRONT]._schema.get_type("ApiKey") is None
    assert CLOSED[Audience.STOREFRONT]._schema.get_type("Decimal") is None


def test_staff_has_everything_in_its_schema() -> None:
    for type_ in ("Query", "Mutation", "Order", "ApiKey"):
        assert fields(Audience.ADMIN, type_) == fields(None, type_)


def test_a_root_of_which_nothing_is_left_vanishes() -> None:
    only_staff = replace(ROOTS, mutation=staff_mutation())
    assert pruned(SalesSchema(only_staff), Audience.STOREFRONT)._schema.mutation_type is None
    assert pruned(SalesSchema(only_staff), Audience.ADMIN)._schema.mutation_type is not None


def staff_mutation() -> type:
    """A mutation root that is out of reach for shoppers."""
    import strawberry

    from gql_sales.schema.directives import scopes

    @strawberry.type(name="Mutation")
    class StaffMutation:
        api_key_create: str = strawberry.field(directives=[scopes("api_keys:create")])

    return StaffMutation


@pytest.mark.parametrize(
    ("query", "principal", "errors"),
    [
        ("{order{number}}", CUSTOMER, []),
        ("{order{number}}", STAFF, []),
        ("{order{number}}", ANONYMOUS, [("UNAUTHENTICATED", ["order"])]),
        ("{order{number}}", AUDITOR, [("FORBIDDEN", ["order"])]),
        ("{hello order{number}}", AUDITOR, [("FORBIDDEN", ["order"])]),
        ("{order{number margin}}", STAFF, [("FORBIDDEN", ["order", "margin"])]),
        ("{orders{totalCount}}", AUDITOR, [("FORBIDDEN", ["orders"])]),
        ("{genericOrders{__typename}}", AUDITOR, [("FORBIDDEN", ["genericOrders"])]),
        ('{node(id:"ord_1"){id}}', STAFF, []),
        ('{node(id:"ord_1"){id}}', AUDITOR, [("FORBIDDEN", ["node"])]),
        ('{node(id:"key_1"){id}}', STAFF, [("FORBIDDEN", ["node"])]),
        ('{nodes(ids:["ord_1"]){id}}', AUDITOR, [("FORBIDDEN", ["nodes", 0])]),
        ("mutation{orderCancel}", STAFF, []),
        ("mutation{orderCancel}", AUDITOR, [("FORBIDDEN", ["orderCancel"])]),
        ("mutation{orderCancel}", CUSTOMER, [("FORBIDDEN", ["orderCancel"])]),
        ("mutation{orderCancel}", ANONYMOUS, [("UNAUTHENTICATED", ["orderCancel"])]),
    ],
)
async def test_scopes_are_checked(query: str, principal: Principal, errors: list[tuple[str, list[str | int]]]) -> None:
    result = await run(query, principal)
    assert told(result) == errors


async def test_a_refusal_says_what_is_missing_and_leaves_the_rest() -> None:
    result = await run("{hello order{number margin}}", STAFF)
    assert result.data == {"hello": "hello you", "order": {"number": "S-1", "margin": None}}
    assert result.errors[0].extensions["requiredScopes"] == [["journals:read"]]


async def test_what_is_pruned_cannot_even_be_asked_for() -> None:
    result = await run("{order{margin}}", CUSTOMER)
    assert isinstance(result, PreExecutionError)
    assert told(result) == [("GRAPHQL_VALIDATION_FAILED", None)]


async def test_subscriptions_are_checked_before_they_start() -> None:
    schema = CLOSED[Audience.ADMIN]
    stream: Any = await schema.stream("subscription{forever}", context_value=ToyContext(AUDITOR))
    assert [told(result) async for result in stream] == [[("FORBIDDEN", ["forever"])]]


def test_plain_fields_are_resolved_as_if_nobody_checked() -> None:
    order = WHOLE._schema.get_type("Order")
    assert isinstance(order, GraphQLObjectType)
    plain, guarded = order.fields["number"].resolve, order.fields["margin"].resolve
    assert getattr(plain, "_is_default", False) or plain is default_field_resolver
    assert guarded is not None
    assert guarded.__name__ == "check_then_resolve"


def test_resolvers_can_ask_about_types_by_name() -> None:
    schema = CLOSED[Audience.ADMIN]
    assert schema.allows(STAFF, "Order")
    assert not schema.allows(AUDITOR, "Order")
    assert not schema.allows(STAFF, "ApiKey")
    assert not schema.allows(STAFF, "Nothing")
    assert not CLOSED[Audience.STOREFRONT].allows(CUSTOMER, "ApiKey")


async def test_an_operation_ends_at_its_deadline() -> None:
    hasty = pruned(WHOLE, Audience.ADMIN, limits=replace(LIMITS[Audience.ADMIN], deadline=0.05))
    late = await run("{hello slow(seconds:10)}", STAFF, hasty)
    assert (late.data, told(late)) == (None, [("DEADLINE_EXCEEDED", None)])
    early = await run("{slow(seconds:0)}", STAFF, hasty)
    assert early.data == {"slow": "done"}


async def test_a_timeout_of_a_resolver_is_not_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = pruned(WHOLE, Audience.ADMIN, limits=replace(LIMITS[Audience.ADMIN], deadline=5))
    original = asyncio.sleep

    async def times_out(_seconds: float) -> None:
        await original(0)
        raise TimeoutError

    monkeypatch.setattr(asyncio, "sleep", times_out)
    result = await run("{slow(seconds:1)}", STAFF, hasty)
    assert told(result) == [("INTERNAL_SERVER_ERROR", ["slow"])]


async def test_the_cost_is_told() -> None:
    context = ToyContext(STAFF)
    result = await CLOSED[Audience.ADMIN].execute("{orders(first:10){nodes{id}}}", context_value=context)
    assert result.extensions == {"cost": {"requested": 11, "limit": 5000}}
