"""What a document costs, and that each limit refuses what is above it and nothing below it."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from gql_sales.kernel.principals import Audience
from gql_sales.kernel.request_errors import RequestError
from gql_sales.web.cost import ENORMOUS, Survey, check
from gql_sales.web.limits import INTROSPECTION_COST, LIMITS, Limits
from tests.web.toy import WHOLE

WIDE = replace(
    LIMITS[Audience.ADMIN], depth=1000, aliases=1000, root_fields=1000, mutations=1000, cost=2 * ENORMOUS, pairs=10**9
)


def cost(text: str, variables: dict[str, object] | None = None, limits: Limits = WIDE) -> int:
    """The cost of a document's last operation."""
    document = parse(text)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return check(Survey(WHOLE._schema, document, variables or {}), operations[-1], limits)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{hello}", 0),
        ("{order{number id}}", 1),
        ("{order{self{self{id}}}}", 3),
        ("{a:order{id} b:order{id}}", 2),
        ("{orders{nodes{id}}}", 1 + 25),
        ("{orders(first:10){nodes{id}}}", 1 + 10),
        ("{orders(last:7){nodes{id}}}", 1 + 7),
        ("{orders(first:3 last:7){nodes{id}}}", 1 + 7),
        ("{orders(first:null){nodes{id}}}", 1 + 25),
        ("{orders(first:0){nodes{id}}}", 1),
        ("{orders(first:-5){nodes{id}}}", 1),
        ("{orders(first:10){totalCount}}", 1 + 10),
        ("{orders(first:10){nodes{followers(first:10){nodes{id}}}}}", 1 + 10 * (1 + 1 + 10)),
        ("{orders(first:10){...F}} fragment F on RankedConnection{nodes{id} totalCount}", 1 + 10 + 10),
        ("{genericOrders(first:4){nodes{id}}}", 1 + 4),
        ('{nodes(ids:["a" "b" "c"]){id}}', 3),
        ("mutation{orderCancel}", 10),
        ("mutation{a:orderCancel ...M} fragment M on Mutation{b:orderCancel}", 20),
        ("subscription{count(to:1)}", 0),
        ("{__typename}", 0),
        ("{__schema{types{name}}}", INTROSPECTION_COST),
        ("{unknown{things{cost nothing}}}", 0),
        ("{order{...Missing}}", 1),
        ("{order{...on Order{self{id}} ...{self{id}}}}", 3),
    ],
)
def test_points(text: str, points: int) -> None:
    assert cost(text) == points


@pytest.mark.parametrize(
    ("variables", "rows"),
    [
        ({"n": 40}, 40),
        ({"n": 40.0}, 40),
        ({"n": 1e300}, ENORMOUS),
        ({"n": 10**30}, ENORMOUS),
        ({"n": -3}, 0),
        ({"n": None}, 25),
        ({"n": "40"}, 25),
        ({}, 30),
    ],
)
def test_page_sizes_may_be_variables(variables: dict[str, object], rows: int) -> None:
    points = cost("query($n:Int=30){orders(first:$n){nodes{id}}}", variables)
    assert points == min(ENORMOUS, 1 + rows)


def test_lists_of_ids_may_be_variables() -> None:
    assert cost("query($ids:[ID!]!){nodes(ids:$ids){id}}", {"ids": ["a"] * 90}) == 90


def test_defaults_of_another_operation_do_not_make_a_fragment_cheaper() -> None:
    text = """
    query Cheap($n: Int = 1) { ...F }
    fragment F on Query { orders(first: $n) { nodes { id } } }
    query Dear($n: Int = 100) { ...F }
    """
    assert cost(text) == 101


def test_very_long_numbers_cost_no_time() -> None:
    assert cost("{orders(first:" + "9" * 60_000 + "){nodes{id}}}") == ENORMOUS


def nested(depth: int) -> str:
    """A query whose deepest field is at this depth."""
    return "{order" + "{self" * (depth - 2) + "{id}" + "}" * (depth - 1)


def through_fragments(depth: int) -> str:
    """The same, each level in a fragment of its own."""
    levels = [f"fragment F{n} on Order{{self{{...F{n + 1}}}}}" for n in range(depth - 2)]
    return "{order{...F0}}" + "".join(levels) + f"fragment F{depth - 2} on Order{{id}}"


def fields(count: int) -> str:
    """A query with this many different root fields, without aliases beyond what is needed."""
    names = ["hello", "told", "broken", "lost", "refused", "mistyped"]
    return "{" + " ".join(names[:count]) + "}"


LIMITED: dict[str, tuple[Limits, str, str]] = {
    "depth": (replace(WIDE, depth=10), nested(10), nested(11)),
    "depth by fragments": (replace(WIDE, depth=10), through_fragments(10), through_fragments(11)),
    "aliases": (replace(WIDE, aliases=3), "{a:hello b:hello c:hello}", "{a:hello b:hello c:hello d:hello}"),
    "aliases in fragments": (
        replace(WIDE, aliases=2),
        "{order{...F}} fragment F on Order{a:id b:id}",
        "{order{...F}} fragment F on Order{a:id b:id c:id}",
    ),
    "root fields": (replace(WIDE, root_fields=5), fields(5), fields(6)),
    "root fields by fragments": (
        replace(WIDE, root_fields=2),
        "{hello ...F ...F} fragment F on Query{hello told}",
        "{hello ...F} fragment F on Query{told ...{broken}}",
    ),
    "mutations": (
        replace(WIDE, mutations=1),
        "mutation{orderCancel}",
        "mutation{orderCancel ...M} fragment M on Mutation{b:orderCancel}",
    ),
    "cost": (replace(WIDE, cost=100), "{orders(first:99){nodes{id}}}", "{orders(first:100){nodes{id}}}"),
    "introspection lists": (
        WIDE,
        "{__schema{types{fields{type{name}}}}}",
        "{__schema{types{fields{type{fields{name}}}}}}",
    ),
    "introspection lists by fragments": (
        WIDE,
        "{__schema{types{...T}}} fragment T on __Type{fields{type{name}}}",
        "{__schema{types{...T}}} fragment T on __Type{fields{type{...P}}} fragment P on __Type{possibleTypes{name}}",
    ),
    "introspection depth": (
        WIDE,
        '{__type(name:"Order"){' + "ofType{" * 18 + "name" + "}" * 20,
        '{__type(name:"Order"){' + "ofType{" * 25 + "name" + "}" * 27,
    ),
    "introspections": (
        WIDE,
        '{__schema{queryType{name}} __type(name:"Order"){name}}',
        "{a:__schema{queryType{name}} b:__schema{queryType{name}} c:__schema{queryType{name}}}",
    ),
    "nesting": (WIDE, "{" + "...{" * 50 + "hello" + "}" * 51, "{" + "...{" * 70 + "hello" + "}" * 71),
}


@pytest.mark.parametrize(("limits", "fits", "exceeds"), LIMITED.values(), ids=LIMITED.keys())
def test_each_limit(limits: Limits, fits: str, exceeds: str) -> None:
    cost(fits, limits=limits)
    with pytest.raises(RequestError) as caught:
        cost(exceeds, limits=limits)
    details: Any = caught.value.details["cost"]
    assert caught.value.code == "COST_LIMIT_EXCEEDED"
    assert details["requested"] > details["limit"]


def test_the_standard_introspection_query_fits() -> None:
    from graphql import get_introspection_query

    query = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    for audience in Audience:
        assert cost(query, limits=LIMITS[audience]) == INTROSPECTION_COST


def test_a_chain_of_doubling_fragments_is_walked_once() -> None:
    levels = [f"fragment F{n} on Order{{a:self{{...F{n + 1}}} b:self{{...F{n + 1}}}}}" for n in range(25)]
    text = "{order{...F0}}" + "".join(levels) + "fragment F25 on Order{id}"
    assert cost(text) == 2**26 - 1


def test_cycles_end_and_are_told() -> None:
    document = parse("{order{...A}} fragment A on Order{self{...B}} fragment B on Order{self{...A}}")
    survey = Survey(WHOLE._schema, document, {})
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    check(survey, operation, WIDE)
    assert survey.is_cyclic
    straight = Survey(WHOLE._schema, parse("{order{...A ...A}} fragment A on Order{id}"), {})
    operation = straight.document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    check(straight, operation, WIDE)
    assert not straight.is_cyclic
