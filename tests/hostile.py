"""Hostile values for every kind of input field, and every input that has one of them in one place."""

import copy
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    get_named_type,
    get_nullable_type,
)

from tests.client import Json
from tests.shop import ADDRESS

LONG = "x" * 10_000
HUGE = "999999999999999999"
TEXTS: list[Any] = ["", "\t\n", LONG, "a\x00b", "a\ud800b", "\u202eabc\u0007", "💥" * 300, "'; DROP TABLE x; --"]
NUMBERS: list[Any] = ["0", "-0", "-1", "0.000001", HUGE, f"-{HUGE}", f"{HUGE}.999999", "999999999999", "99999999999999"]
NUMBERS += ["NaN", "Infinity", "1e5", "\u0661\u0662", "9" * 5000, "", "1.0000001", 1, 1.5]
DAYS: list[Any] = ["0001-01-01", "9999-12-31", "1582-10-10", "2026-02-30", "20261123", "", LONG, "2026-W01-1"]
INSTANTS: list[Any] = [
    "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999Z",
    "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "", LONG, "1969-12-31T23:59:59+23:59",
]  # fmt: skip
IDS: list[Any] = [
    "",
    " ",
    LONG,
    "a\x00b",
    "ord_",
    "ord_" + "0" * 32,
    "ord_" + "z" * 32,
    "com_" + "f" * 32,
    "\u0661" * 36,
]
VALUES: dict[str, list[Any]] = {
    "String": TEXTS,
    "ID": IDS,
    "Decimal": NUMBERS,
    "Date": DAYS,
    "DateTime": INSTANTS,
    "Int": [0, -1, 2**31 - 1, -(2**31), 2**31, 2**63, 10**400, 1.5, "1"],
    "Boolean": ["true", 1],
    "EmailAddress": [*TEXTS, "a\x00@b.c", "a@b." + LONG, "@", "a@b", "a@b.c\x00", "ü@ü.ü"],
    "CurrencyCode": [*TEXTS, "eur", "XXX", "XTS", "KWD", "JPY", "ZZZ"],
    "CountryCode": [*TEXTS, "de", "ZZ", "XX"],
    "IdempotencyKey": [*TEXTS, "x" * 15, "x" * 65, "ü" * 20],
}
LONGEST_LIST = 501
SAMPLES: dict[str, Any] = {
    "String": "text", "ID": "ord_" + "0" * 32, "Decimal": "1", "Date": "2026-01-01", "DateTime": "2026-01-01T00:00:00Z",
    "Int": 1, "Boolean": True, "EmailAddress": "a@b.example", "CurrencyCode": "EUR", "CountryCode": "DE",
    "PostalAddressInput": ADDRESS, "AddressEntryInput": ADDRESS,
}  # fmt: skip


def hostile_inputs(type_: GraphQLInputObjectType, valid: Json) -> Iterator[tuple[str, Json]]:
    """Where the hostile value is and the whole input; ``valid`` with one place changed, or with all numbers huge."""
    for name, field in type_.fields.items():
        if name not in {"dryRun", "acknowledgeWarnings"}:
            for place, value in _variants(field.type, valid.get(name)):
                yield f"{name}{place}", {**valid, name: value}
    for number in (HUGE, "999999999999", "99999999999999"):
        yield f"all numbers {number}", _with_numbers(type_, valid, number)


def _variants(type_: GraphQLInputType, valid: Any) -> Iterator[tuple[str, Any]]:
    """Hostile values of a type; inside of lists and objects one at a time, the rest of ``valid`` around it."""
    inner = get_nullable_type(type_)
    yield "", None
    if isinstance(inner, GraphQLList):
        first = valid[0] if valid else sample(inner.of_type)
        yield "", []
        yield "", [None]
        yield "", [first] * 2
        yield "", [first] * LONGEST_LIST
        for place, value in _variants(inner.of_type, first):
            yield f"[0]{place}", [value, *(valid or [])[1:]]
    elif isinstance(inner, GraphQLInputObjectType):
        around = valid if valid is not None else sample(inner)
        yield "", {}
        yield "", {**around, "isAdmin": True}
        for name, field in inner.fields.items():
            for place, value in _variants(field.type, around.get(name)):
                yield f".{name}{place}", {**around, name: value}
    elif isinstance(inner, GraphQLEnumType):
        yield from (("", value) for value in ["", "NONSENSE", 1, *inner.values])
    else:
        for value in VALUES[inner.name]:
            yield f"={str(value)[:40]!r}", value


def sample(type_: GraphQLInputType) -> Any:
    """Some value of a type."""
    inner = get_nullable_type(type_)
    if isinstance(inner, GraphQLList):
        return [sample(inner.of_type)]
    named: GraphQLNamedType = get_named_type(type_)
    if named.name in SAMPLES:
        return SAMPLES[named.name]
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    assert isinstance(named, GraphQLInputObjectType), named.name
    required = {name: field for name, field in named.fields.items() if get_nullable_type(field.type) is not field.type}
    return {name: sample(field.type) for name, field in required.items()}


def _with_numbers(type_: GraphQLInputObjectType, valid: Json, number: str) -> Json:
    """The valid input with the number in every decimal place."""
    changed = copy.deepcopy(valid)
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if named.name == "Decimal":
            changed[name] = number
        elif isinstance(named, GraphQLInputObjectType) and isinstance(changed.get(name), list):
            changed[name] = [_with_numbers(named, one, number) for one in changed[name]]
    return changed
