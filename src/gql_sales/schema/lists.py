"""Fields for lists: filter, sort and search are made from what the list offers (db/listings)."""

import inspect
from enum import Enum
from types import GenericAlias
from typing import Annotated, Any

import strawberry

from gql_sales.db.listings.listing import CREATED_AT, Asked, Listing, Sorting
from gql_sales.db.listings.registry import LISTINGS
from gql_sales.db.listings.search import LONGEST
from gql_sales.db.pages import PageRequest, capped_count, window
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.connections import After, Before, Connection, First, Last, cursors_of
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.filters import KEYWORDS, input_of, wanted_of
from gql_sales.schema.nodes import optional

MOST_SORTS = 3


@strawberry.enum(description="Which end of a list comes first.")
class SortDirection(Enum):
    """Applies to one key."""

    ASC = strawberry.enum_value("ASC", description="Smallest, oldest or first in the alphabet.")
    DESC = strawberry.enum_value("DESC", description="Largest, newest or last in the alphabet.")


def _filter_input(listing: Listing) -> type:
    name = f"{listing.type_name}Filter"
    own = Annotated[name, strawberry.lazy(__name__)]  # type: ignore[valid-type]
    body: dict[str, Any] = {"__doc__": "Made from what the list offers.", "__module__": __name__}
    notes: dict[str, Any] = {}
    for field_name, field in listing.fields.items():
        notes[field_name] = input_of(field) | None
        body[field_name] = optional(field.description)
    for word, type_, description in (
        ("and", list[own], "All of these, at most 20; filters go at most 3 deep."),
        ("or", list[own], "At least one of these, at most 20."),
        ("not", own, "What this does not fit."),
    ):
        notes[KEYWORDS[word]] = type_ | None
        body[KEYWORDS[word]] = strawberry.field(name=word, description=description, default=strawberry.UNSET)
    made = type(name, (), {**body, "__annotations__": notes})
    globals()[name] = made = strawberry.input(made, description=f"Conditions on {_plural(listing)}; all must hold.")
    return made


def _sort_input(listing: Listing) -> type:
    described = {CREATED_AT: "When it was made."} | {name: sort.description for name, sort in listing.sorts.items()}
    values = {name: strawberry.enum_value(name, description=text) for name, text in sorted(described.items())}
    members: Any = Enum(f"{listing.type_name}SortKey", values)  # type: ignore[misc]
    keys = strawberry.enum(
        members,
        description=f"What {_plural(listing)} can be sorted by.",
    )
    body = {
        "__doc__": "Ties are broken by the next key, in the end by the id.",
        "__module__": __name__,
        "__annotations__": {"key": keys, "direction": SortDirection},
        "key": strawberry.field(description="What to sort by."),
        "direction": strawberry.field(description="Which end comes first.", default=SortDirection.DESC),
    }
    made = type(f"{listing.type_name}Sort", (), body)
    return strawberry.input(made, description=f"One key of the order of {_plural(listing)}.")


def _plural(listing: Listing) -> str:
    return _WORDS.get(listing.type_name, f"objects of type {listing.type_name}")


_WORDS: dict[str, str] = {}


def listed(type_name: str, name: str, scope: str, words: str) -> Any:  # noqa: ANN401 (a field)
    """The list of a type as a root field called ``name``: pages in both directions of what the caller may see."""
    listing = LISTINGS[type_name]
    _WORDS[type_name] = words

    async def resolve(info: Info, **given: Any) -> Any:  # noqa: ANN401 (inputs that are made below, and a connection)
        filter_, sort, query = given["filter"], given["sort"], given.get("query")
        asked = Asked(wanted_of(filter_, listing.fields) if filter_ else {}, sorting_of(sort or []), query_of(query))
        request = PageRequest(given["first"], given["after"], given["last"], given["before"])
        return await _page(info, name, listing, asked, request)

    resolve.__signature__ = _signature(listing)  # type: ignore[attr-defined] # functions have it once it is set
    return strawberry.field(
        resolver=resolve,
        description=f"{words[:1].upper()}{words[1:]} visible to the caller, newest first.",
        directives=[scopes(scope), SemanticNonNull()],
    )


def _signature(listing: Listing) -> inspect.Signature:
    """The arguments of a list; free text where it offers that."""
    arguments: dict[str, Any] = {"first": First, "after": After, "last": Last, "before": Before}
    arguments["filter"] = _argument(_filter_input(listing), "Conditions.")
    arguments["sort"] = _argument(
        GenericAlias(list, (_sort_input(listing),)),
        f"Keys to sort by, at most {MOST_SORTS}; newest first without any.",
    )
    if listing.branches is not None:
        sentence = f"Text to look for: {listing.searched}; accents and case do not count."
        arguments["query"] = _argument(str, sentence)
    own = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in arguments.items()
    ]
    return inspect.Signature([own, *made], return_annotation=Any)


def _argument(type_: Any, description: str) -> Any:  # noqa: ANN401 (types)
    return Annotated[type_ | None, strawberry.argument(description=description)]


def sorting_of(sort: list[Any]) -> tuple[Sorting, ...]:
    """The keys of a list's order; BAD_USER_INPUT when there are too many or one comes twice."""
    if len(sort) > MOST_SORTS:
        raise RequestError(Code.BAD_USER_INPUT, f"A list is sorted by at most {MOST_SORTS} keys.")
    found = tuple(Sorting(key.key.value, key.direction is SortDirection.DESC) for key in sort)
    if len({key.name for key in found}) < len(found):
        raise RequestError(Code.BAD_USER_INPUT, "A list is sorted by each key once.")
    return found


def query_of(query: str | None) -> str | None:
    """The text to look for; None when there is none. BAD_USER_INPUT when it is too long."""
    text = (query or "").strip()
    if len(text) > LONGEST:
        raise RequestError(Code.BAD_USER_INPUT, f"A text to look for has at most {LONGEST} characters.")
    return text or None


async def _page(info: Info, name: str, listing: Listing, asked: Asked, request: PageRequest) -> Connection[Any]:
    """One page; its cursors are bound to the list with its filter, order and text."""
    context, keys = info.context, listing.keys(asked.sort)
    cursors = cursors_of(info, name, [asked.filter, [(key.name, key.is_descending) for key in asked.sort], asked.query])
    wanted = window(request, cursors, keys)
    parts = await listing.parts(context.database, context.principal, asked)
    rows = await context.database.read(listing.page(parts, wanted))

    async def count() -> tuple[int, bool]:
        return capped_count((await context.database.read(listing.count(parts)))[0][0])

    return Connection(page=wanted.page(rows, cursors, count))
