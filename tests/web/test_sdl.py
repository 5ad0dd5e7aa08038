"""The printed schema is sorted, complete, and the same whenever it is printed."""

from typing import Any

import strawberry
from graphql import ObjectTypeDefinitionNode, build_schema, parse
from strawberry.schema_directive import Location

from gql_sales.kernel.principals import Audience
from gql_sales.web.guarded_schema import Roots, SalesSchema
from gql_sales.web.sdl import sdl
from tests.web.toy import CLOSED, ROOTS, WHOLE


def test_it_is_a_schema_and_ends_with_one_newline() -> None:
    text = sdl(WHOLE)
    build_schema(text)
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


def test_types_fields_arguments_and_values_are_sorted() -> None:
    types = [node for node in parse(sdl(WHOLE)).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    assert [node.name.value for node in types] == sorted(node.name.value for node in types)
    for type_ in types:
        names = [field.name.value for field in type_.fields or ()]
        assert names == sorted(names, key=str.lower)
    text = sdl(WHOLE)
    assert text.index("  BLUE") < text.index("  RED")
    assert "hello(color: Color! = RED, name: String!" in text


def test_directives_and_descriptions_are_there() -> None:
    text = sdl(WHOLE)
    assert 'type Order implements Node @requiresScopes(scopes: [["orders:read"]]) {' in text
    assert 'margin: Decimal @requiresScopes(scopes: [["journals:read"]])' in text
    assert "totalCount: Int! @cost(weight: 10)" in text
    assert "directive @cost(" in text
    assert '"""Its number."""' in text


def test_printing_again_gives_the_same() -> None:
    assert sdl(WHOLE) == sdl(WHOLE) == sdl(SalesSchema(ROOTS))


def test_a_pruned_schema_prints_without_what_is_out_of_reach() -> None:
    text = sdl(CLOSED[Audience.STOREFRONT])
    assert "ApiKey" not in text
    assert "margin" not in text


def test_arguments_of_directives_are_described_and_standard_directives_left_out() -> None:
    described: Any = strawberry.directive_field(name="why")
    described.description = "The reason."

    @strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], description="Noted.")
    class Noted:
        why: str = described

    @strawberry.input(one_of=True)
    class By:
        id: strawberry.Maybe[strawberry.ID]
        number: strawberry.Maybe[str]

    def resolve(by: By) -> str:
        return str(by)

    @strawberry.type(name="Query")
    class Root:
        found: str = strawberry.field(resolver=resolve, directives=[Noted(why="because")])

    text = sdl(SalesSchema(Roots(Root)))
    assert '"""Noted."""\ndirective @noted(\n  """The reason."""\n  why: String!\n) on FIELD_DEFINITION' in text
    assert 'found(by: By!): String! @noted(why: "because")' in text
    assert "input By @oneOf {" in text
    assert "directive @oneOf" not in text
