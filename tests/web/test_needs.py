"""Scopes in alternatives: what is met, what is implied, and what types ask for through what they carry."""

import pytest

from gql_sales.web.guards import demand
from gql_sales.web.needs import FREE, Needs, both, is_implied, is_met
from tests.web.toy import WHOLE


def needs(*alternatives: str) -> Needs:
    """Alternatives, the scopes of each separated by spaces."""
    return frozenset(frozenset(alternative.split()) for alternative in alternatives)


@pytest.mark.parametrize(
    ("wanted", "held", "expected"),
    [
        (FREE, "", True),
        (needs("a"), "", False),
        (needs("a"), "a b", True),
        (needs("a b"), "a", False),
        (needs("a b"), "a b", True),
        (needs("a", "b"), "b", True),
        (needs("a b", "c"), "a", False),
    ],
)
def test_met(wanted: Needs, held: str, expected: bool) -> None:
    assert is_met(wanted, frozenset(held.split())) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FREE, FREE, FREE),
        (needs("a"), FREE, needs("a")),
        (FREE, needs("a"), needs("a")),
        (needs("a"), needs("b"), needs("a b")),
        (needs("a"), needs("a"), needs("a")),
        (needs("a", "b"), needs("c"), needs("a c", "b c")),
        (needs("a", "b"), needs("a"), needs("a")),
    ],
)
def test_both(one: Needs, other: Needs, expected: Needs) -> None:
    assert both(one, other) == expected


@pytest.mark.parametrize(
    ("wanted", "held", "expected"),
    [
        (FREE, FREE, True),
        (FREE, needs("a"), True),
        (needs("a"), FREE, False),
        (needs("a"), needs("a"), True),
        (needs("a"), needs("a b"), True),
        (needs("a b"), needs("a"), False),
        (needs("a", "b"), needs("b"), True),
        (needs("a"), needs("a", "b"), False),
    ],
)
def test_implied(wanted: Needs, held: Needs, expected: bool) -> None:
    assert is_implied(wanted, held) is expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("Order", needs("orders:read")),
        ("RankedConnection", needs("orders:read")),
        ("OrderConnection", needs("orders:read")),
        ("ApiKey", needs("api_keys:read")),
        ("Node", FREE),
        ("Query", FREE),
        ("String", FREE),
    ],
)
def test_types(type_: str, expected: Needs) -> None:
    assert WHOLE.type_needs[type_] == expected


def test_what_is_asked_for_is_told_in_order() -> None:
    from gql_sales.kernel.request_errors import RequestError
    from tests.web.toy import AUDITOR

    with pytest.raises(RequestError) as caught:
        demand(AUDITOR, needs("z y", "a"))
    assert caught.value.details == {"requiredScopes": [["a"], ["y", "z"]]}
