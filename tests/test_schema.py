"""Rules of the whole schema: exported, described, scoped, and named like the code behind it (api.md 1, 2)."""

import importlib
import inspect
import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
)

from gql_sales.api import schema_files
from gql_sales.domain.transition import CREATIONS, TRANSITIONS, mutation_name

ROOT = Path(__file__).parents[1]
SCHEMA = build_schema(schema_files()["schema.graphql"])
TYPES: list[GraphQLNamedType] = [type_ for name, type_ in SCHEMA.type_map.items() if not name.startswith("__")]
assert SCHEMA.mutation_type is not None
MUTATIONS = sorted(SCHEMA.mutation_type.fields)
TWINS = [name for name in MUTATIONS if name.endswith("Bulk")]
SINGLE = [name for name in MUTATIONS if name not in TWINS]


@pytest.mark.parametrize("path", sorted(schema_files()))
def test_the_exported_files_are_those_of_the_code(path: str) -> None:
    assert (ROOT / path).read_text() == schema_files()[path], "run make schema"


def test_every_mutation_is_a_declared_verb_and_the_other_way_round() -> None:
    declared = TRANSITIONS | CREATIONS
    assert set(SINGLE) == set(declared)
    assert set(TWINS) == {f"{name}Bulk" for name, verb in declared.items() if verb.is_bulk}


@pytest.mark.parametrize("name", TWINS)
def test_a_bulk_twin_has_no_file_of_its_own(name: str) -> None:
    """domain.md 0: it is made from its single mutation, of which its entries are the inputs."""
    declared = (TRANSITIONS | CREATIONS)[name.removesuffix("Bulk")]
    folder = Path(inspect.getfile(declared.verb)).parent
    assert list(folder.glob("*bulk*")) == []
    input_ = SCHEMA.type_map[f"{name[0].upper()}{name[1:]}Input"]
    assert isinstance(input_, GraphQLInputObjectType)
    single = name[0].upper() + name[1:].removesuffix("Bulk")
    assert str(input_.fields["entries"].type) == f"[{single}Input!]!"


@pytest.mark.parametrize("name", SINGLE)
def test_the_name_of_a_mutation_is_the_path_of_its_code_and_test(name: str) -> None:
    """architecture.md 1: a newcomer finds the code from the name in one step."""
    declared = (TRANSITIONS | CREATIONS)[name]
    module = importlib.import_module(declared.verb.__module__)
    assert mutation_name(module.__name__) == name
    assert declared.verb.__name__ == re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    folder, _, verb = module.__name__.removeprefix("gql_sales.domain.").partition(".")
    tests = "\n".join(file.read_text() for file in (ROOT / "tests" / "domain" / folder).glob("test_*.py"))
    assert f'"{name}"' in tests, f"no test below tests/domain/{folder} calls {name} ({verb})"


@pytest.mark.parametrize("name", SINGLE)
def test_a_verb_says_what_it_does_and_what_it_refuses(name: str) -> None:
    declared = (TRANSITIONS | CREATIONS)[name]
    assert declared.description.endswith(".")
    if getattr(declared, "guards", ()):
        assert "Refusals:" in (declared.verb.__doc__ or "")


def test_everything_is_described() -> None:
    missing = [type_.name for type_ in TYPES if not type_.description and type_.name not in ("ID", "Boolean")]
    for type_ in TYPES:
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            missing += [f"{type_.name}.{name}" for name, field in type_.fields.items() if not field.description]
            missing += [
                f"{type_.name}.{name}({argument}:)"
                for name, field in type_.fields.items()
                for argument, value in field.args.items()
                if not value.description
            ]
        elif isinstance(type_, GraphQLInputObjectType):
            missing += [f"{type_.name}.{name}" for name, field in type_.fields.items() if not field.description]
        elif isinstance(type_, GraphQLEnumType):
            missing += [f"{type_.name}.{name}" for name, value in type_.values.items() if not value.description]
    assert missing == []


def test_every_custom_scalar_names_its_specification_and_there_is_no_float() -> None:
    scalars = [type_ for type_ in TYPES if isinstance(type_, GraphQLScalarType)]
    builtin = {"ID", "String", "Int", "Boolean"}
    assert {one.name for one in scalars if not one.specified_by_url} <= builtin
    assert "Float" not in {one.name for one in scalars}
    assert "JSON" not in {one.name for one in scalars}


FREE_TYPES = {"AvailabilityInfo", "AvailableTransition", "Blocker", "Count", "EventAxisInfo", "Money", "PageInfo"}
FREE_TYPES |= {"PostalAddress", "Warning"}
"""Values that mean nothing without the object they hang on, whose field or type carries the scope."""
FREE_FIELDS = {"Node.id", "Query.node", "Query.nodes"}
"""Fields that are judged by what they find."""


def carries_scope(member: object) -> bool:
    """Whether the exported definition has @requiresScopes."""
    node = getattr(member, "ast_node", None)
    return node is not None and any(directive.name.value == "requiresScopes" for directive in node.directives or ())


def test_every_field_carries_a_scope_on_itself_or_on_its_type() -> None:
    """api.md 1: from the first day; what is free is named here."""
    bare = []
    for type_ in TYPES:
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) or carries_scope(type_):
            continue
        if type_.name in FREE_TYPES or type_.name.endswith(("Payload", "Error", "Effect", "Edge", "Connection")):
            continue
        for name, field in type_.fields.items():
            returned = get_named_type(field.type)
            if not carries_scope(field) and not carries_scope(returned) and f"{type_.name}.{name}" not in FREE_FIELDS:
                bare.append(f"{type_.name}.{name}")
    assert bare == []


def test_root_fields_are_nullable() -> None:
    """api.md 4: an error of one root field does not take the others with it."""
    for root in (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type):
        assert root is not None
        strict = [name for name, field in root.fields.items() if str(field.type).endswith("!")]
        assert strict == [], root.name
