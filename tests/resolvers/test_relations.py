"""Every relation of the schema takes as many statements below twelve parents as below one (C-45).

Nobody lists the relations: they are read from the schema, so that a new field is tested as soon as it is there.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from gql_sales.api import audience_schemas
from gql_sales.db.engine import Database
from gql_sales.kernel.principals import Audience
from gql_sales.schema.context import Context
from gql_sales.settings import Settings
from gql_sales.web.sdl import sdl
from tests.client import Client, Json
from tests.resolvers.relation_world import PARENTS, furnish
from tests.shop import Shop, open_shop
from tests.test_reading import statements

ADMIN = audience_schemas()[Audience.ADMIN]
SCHEMA: GraphQLSchema = build_schema(sdl(ADMIN))
NOTHING_WRONG = "nothing is wrong in the company; tests/resolvers/test_anomalies.py makes something so"
ALONE = {"AnomalyInfo.amount": NOTHING_WRONG, "AnomalyInfo.order": NOTHING_WRONG}
"""Relations that the company of this test has not got from several parents, and why."""
BY_TYPE = {"TimelineEvent.document": "documents of several types, and one statement for each type"}
"""Relations of which the statements grow with the types that they lead to, and with nothing else."""


class Step(NamedTuple):
    """One field on the way; ``type_name`` is the type of the object that has it."""

    type_name: str
    field: str
    is_connection: bool


def inner(field: GraphQLField) -> tuple[Any, bool]:
    """The type that a field leads to, below its connection, and whether there is one."""
    type_ = get_named_type(field.type)
    if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection"):
        return get_named_type(type_.fields["nodes"].type), True
    return type_, False


def objects(type_: Any) -> list[GraphQLObjectType]:
    """The type, or all that an interface stands for; Node stands for too many."""
    if not is_abstract_type(type_):
        return [type_]
    return [] if type_.name == "Node" else list(SCHEMA.get_possible_types(type_))


def relations(type_: GraphQLObjectType) -> Iterator[tuple[Step, Any]]:
    """Fields of a type that lead to objects and need no argument."""
    for name, field in type_.fields.items():
        target, is_connection = inner(field)
        if not is_leaf_type(target) and not any(map(is_required_argument, field.args.values())):
            yield Step(type_.name, name, is_connection), target


def walk() -> dict[str, list[list[Step]]]:
    """Every relation below the root lists, named like ``Order.items``, with the ways to it, short ones first."""
    assert SCHEMA.query_type is not None
    found: dict[str, list[list[Step]]] = {}
    waiting: deque[tuple[GraphQLObjectType, list[Step]]] = deque()
    for step, target in relations(SCHEMA.query_type):
        if step.is_connection:
            waiting += [(type_, [step]) for type_ in objects(target)]
    seen: set[str] = set()
    while waiting:
        type_, way = waiting.popleft()
        is_new = type_.name not in seen
        seen.add(type_.name)
        for step, target in relations(type_):
            found.setdefault(f"{step.type_name}.{step.field}", []).append([*way, step])
            if is_new:
                waiting += [(other, [*way, step]) for other in objects(target)]
    return found


RELATIONS = walk()


def query_of(way: list[Step], first: int) -> str:
    """A query that reads the whole way for the newest ``first`` objects of the root list."""
    text = "__typename"
    for number, step in reversed(list(enumerate(way))):
        page = f"(first: {first if number == 0 else 3})" if step.is_connection else ""
        text = f"{{ nodes {{ {text} }} }}" if step.is_connection else f"{{ {text} }}"
        text = f"__typename ... on {step.type_name} {{ {step.field}{page} {text} }}"
    return f"{{ {text.removeprefix('__typename ')} }}"


def parents(data: Any, way: list[Step]) -> Iterator[Json]:
    """The objects that have the last field of the way, as far as it leads."""
    if isinstance(data, list):
        for one in data:
            yield from parents(one, way)
    elif isinstance(data, dict) and data.get("__typename", "Query") == way[0].type_name:
        if len(way) == 1:
            yield data
        else:
            found = data[way[0].field]
            yield from parents(found["nodes"] if way[0].is_connection and found else found, way[1:])


def leads_on(parent: Json, step: Step) -> bool:
    """Whether there is anything behind the field."""
    found = parent[step.field]
    return bool(found and found["nodes"] if step.is_connection else found)


@pytest.fixture(scope="module")
async def world(client: Client) -> Shop:
    """The company, furnished once; nothing here changes it."""
    shop = await open_shop(client)
    await furnish(shop)
    return shop


async def read(shop: Shop, database: Database, settings: Settings, query: str) -> tuple[Json, list[str]]:
    """The data, and the statements that it took; limits of requests are not asked, since it is not about them."""
    context = Context(shop.staff, database, settings, "relations")
    with statements(database) as sent:
        result = await ADMIN.execute(query, context_value=context)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data, sent


def types(data: Json, way: list[Step]) -> int:
    """How many types the end of the way has."""
    ends = [parent[way[-1].field] for parent in parents(data, way) if leads_on(parent, way[-1])]
    return len({end["__typename"] for end in ends})


def led(data: Json, way: list[Step]) -> int:
    """How many parents have something at the end of the way."""
    return sum(leads_on(parent, way[-1]) for parent in parents(data, way))


@pytest.mark.parametrize("name", sorted(RELATIONS))
async def test_a_relation_is_read_for_all_parents_at_once(
    name: str, world: Shop, database: Database, settings: Settings
) -> None:
    way, (all_, many) = RELATIONS[name][0], await read(world, database, settings, query_of(RELATIONS[name][0], 100))
    for other in RELATIONS[name][1:]:
        if led(all_, way) < PARENTS:
            way, (all_, many) = other, await read(world, database, settings, query_of(other, 100))
    if name in ALONE:
        assert led(all_, way) < PARENTS, "an exception is no longer needed"
        return
    assert led(all_, way) >= PARENTS, f"only {led(all_, way)} parents have it"
    first, (data, one) = 1, await read(world, database, settings, query_of(way, 1))
    while not led(data, way):
        first += 1
        data, one = await read(world, database, settings, query_of(way, first))
    assert len(list(parents(data, way))) < len(list(parents(all_, way)))
    allowed = types(all_, way) - types(data, way) if name in BY_TYPE else 0
    assert len(one) + allowed == len(many), (one, many)


def test_exceptions_are_relations() -> None:
    assert (ALONE.keys() | BY_TYPE.keys()) <= RELATIONS.keys()
