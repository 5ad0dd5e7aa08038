"""Pairs that validation would compare are counted as execution merges them."""

import pytest
from graphql import parse

from gql_sales.kernel.request_errors import RequestError
from gql_sales.web.overlaps import count_overlaps

PAIRS = {
    "none": ("{a b c{d e} f{d e}}", 0),
    "same field": ("{a a a}", 3),
    "same alias": ("{x:a x:b}", 1),
    "below merged fields": ("{a{x y} a{x y}}", 1 + 2),
    "deeper": ("{a{b{c}} a{b{c}} a{b{c}}}", 3 + 3 + 3),
    "through a fragment": ("{a ...F} fragment F on T{a}", 1),
    "one fragment twice": ("{...F ...F} fragment F on T{a}", 0),
    "two fragments": ("{...F ...G} fragment F on T{a} fragment G on T{a}", 1 + 1),
    "inline fragments": ("{...{a} ...on T{a}}", 1),
    "unused fragment": ("{a} fragment F on T{a a}", 1),
    "two operations": ("query A{a a} query B{a a}", 2),
    "mistyped spread": ("{a ...Missing}", 0),
}


@pytest.mark.parametrize(("text", "pairs"), PAIRS.values(), ids=PAIRS.keys())
def test_pairs(text: str, pairs: int) -> None:
    assert count_overlaps(parse(text), 1000) == pairs


def test_the_limit_holds_for_pairs() -> None:
    assert count_overlaps(parse("{" + "a " * 45 + "}"), 1000) == 990
    with pytest.raises(RequestError) as caught:
        count_overlaps(parse("{" + "a " * 46 + "}"), 1000)
    assert caught.value.code == "COST_LIMIT_EXCEEDED"


def test_the_limit_holds_for_steps_so_that_doubling_ends_soon() -> None:
    levels = [f"fragment F{n} on T{{a{{...F{n + 1}}} b{{...F{n + 1}}}}}" for n in range(40)]
    with pytest.raises(RequestError):
        count_overlaps(parse("{...F0}" + "".join(levels) + "fragment F40 on T{c}"), 1000)
