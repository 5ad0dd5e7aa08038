"""Documents are refused in bounded time whatever they hold, and valid ones are remembered within bounds."""

import time
from dataclasses import replace
from typing import Any

import pytest

from gql_sales.kernel.principals import Audience
from gql_sales.web import documents
from gql_sales.web.documents import Documents, Prepared, Refused
from gql_sales.web.limits import LIMITS
from tests.web.toy import CLOSED, WHOLE

LONGEST_SECONDS = 0.25


def made(audience: Audience = Audience.ADMIN, *, is_open: bool = False) -> Documents:
    """An empty cache over the toy schema."""
    return Documents(CLOSED[audience]._schema, LIMITS[audience], is_open=is_open)


def codes(text: str, name: str | None = None, cache: Documents | None = None) -> set[str]:
    """The codes a document is refused with, nothing when it is not."""
    try:
        (cache or made()).prepare(text, name, None)
    except Refused as refused:
        found: Any = [(error.extensions or {})["code"] for error in refused.errors]
        return set(found)
    return set()


def bombs(tokens: int, pairs: int) -> dict[str, str]:
    """Documents at or above the limits of an audience, each made to be dear in one way."""
    width = int((2 * pairs) ** 0.5) - 1
    third = tokens // 3
    mesh = int((tokens / 2) ** 0.5) - 5
    doubled = [f"fragment F{n} on Order{{a:self{{...F{n + 1}}} b:self{{...F{n + 1}}}}}" for n in range(30)]
    flat = [f"fragment F{n} on Order{{...F{n + 1} ...F{n + 1}}}" for n in range(30)]
    meshed = [f"fragment F{n} on Order{{id {' '.join(f'...F{m}' for m in range(n + 1, mesh))}}}" for n in range(mesh)]
    cyclic = [f"fragment F{n} on Order{{id {' '.join(f'...F{m}' for m in range(mesh))}}}" for n in range(mesh)]
    alike = [f"fragment F{n} on Order{{id number}}" for n in range(tokens // 12)]
    return {
        "one field as often as fits": "{" + "hello " * (tokens - 3) + "}",
        "as many pairs as are allowed": "{" + "hello " * width + "}",
        "merged objects": "{" + "order{id number id number id number}" * (width // 8) + "}",
        "aliases": "{" + "".join(f"a{n}:hello " for n in range(tokens // 3 - 2)) + "}",
        "names nobody knows": "{" + " ".join(f"generic_Orderz{n}" for n in range(tokens - 3)) + "}",
        "types nobody knows": "{hello}" + "".join(f"fragment F{n} on Orderx{n}{{id}}" for n in range(tokens // 7)),
        "nested fields": "{a" * third + "}" * third,
        "nested inline fragments": "{" + "...{" * (third - 5) + "hello" + "}" * (third - 4),
        "nested lists": "{nodes(ids:" + "[" * (tokens // 2 - 10) + "]" * (tokens // 2 - 10) + "){id}}",
        "doubling fragments": "{order{...F0}}" + "".join(doubled) + "fragment F30 on Order{id}",
        "doubling fragments in one set": "{order{...F0}}" + "".join(flat) + "fragment F30 on Order{id}",
        "fragments that spread all others": "{order{...F0}}" + "".join(meshed),
        "fragments in every cycle": "{order{...F0}}" + "".join(cyclic),
        "fragments that are alike": "{order{"
        + " ".join(f"...F{n}" for n in range(tokens // 12))
        + "}}"
        + "".join(alike),
        "operations": "".join(f"query Q{n}{{...F}} " for n in range(tokens // 6 - 2)) + "fragment F on Query{hello}",
        "variables": "query(" + "".join(f"$v{n}:String " for n in range(tokens // 5)) + "){hello}",
        "one argument often": "{hello(" + 'name:"a" ' * (tokens // 4) + ")}",
        "directives": "{hello " + "@skip(if:true) " * (tokens // 7) + "}",
        "a long name": "{" + "a" * 60_000 + "}",
        "a long number": "{orders(first:" + "9" * 60_000 + "){nodes{id}}}",
        "comments": "#\n" * 30_000 + "{hello}",
        "commas": "," * 60_000 + "{hello}",
        "a block string": '{hello(name:"""' + "\n a" * 20_000 + '""")}',
    }


KINDS = sorted(bombs(1, 1))


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("kind", KINDS)
def test_no_document_holds_others_up(audience: Audience, kind: str) -> None:
    text = bombs(LIMITS[audience].tokens, LIMITS[audience].pairs)[kind]
    for is_open in (False, True):
        # The fastest of three: a collection of this whole test process's garbage is not the document's doing.
        assert min(seconds(text, audience, is_open=is_open) for _ in range(3)) < LONGEST_SECONDS


def seconds(text: str, audience: Audience, *, is_open: bool) -> float:
    """CPU time that a document takes where nothing of it is known yet."""
    cache = made(audience, is_open=is_open)
    started = time.process_time()
    codes(text, cache=cache)
    return time.process_time() - started


def test_tokens_are_limited() -> None:
    few = Documents(WHOLE._schema, replace(LIMITS[Audience.ADMIN], tokens=20), is_open=False)
    assert codes("{" + "hello " * 18 + "}", cache=few) == set()
    assert codes("{" + "hello " * 19 + "}", cache=few) == {"COST_LIMIT_EXCEEDED"}
    assert codes("{hello}" + "#\n" * 20, cache=few) == set()
    assert codes("{hello}" + "#\n" * 21, cache=few) == {"COST_LIMIT_EXCEEDED"}


def test_cycles_are_told_as_such() -> None:
    assert codes("{order{...A}} fragment A on Order{self{...A}}") == {"GRAPHQL_VALIDATION_FAILED"}


def test_errors_of_validation_are_few_and_short() -> None:
    with pytest.raises(Refused) as caught:
        made().prepare("{order{" + " ".join(f"a{n}" for n in range(500)) + "}}", None, None)
    assert len(caught.value.errors) <= documents.MOST_ERRORS + 1
    with pytest.raises(Refused) as caught:
        made().prepare("{" + "a" * 5000 + "}", None, None)
    assert len(caught.value.errors[0].message) <= 500


def test_a_valid_document_is_parsed_and_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made()
    first = cache.prepare("query a{hello} query b{told}", "a", None)
    monkeypatch.setattr(documents, "parse", None)
    monkeypatch.setattr(documents, "validate", None)
    again = cache.prepare("query a{hello} query b{told}", "b", None)
    assert again.document is first.document
    assert (
        first.operation.name and first.operation.name.value,
        again.operation.name and again.operation.name.value,
    ) == (
        "a",
        "b",
    )


def test_a_remembered_document_is_measured_again() -> None:
    cache = made(Audience.STOREFRONT)
    text = "query($n:Int){orders(first:$n){nodes{id}}}"
    assert isinstance(cache.prepare(text, None, {"n": 10}), Prepared)
    with pytest.raises(Refused):
        cache.prepare(text, None, {"n": 500})


def test_refused_documents_are_not_remembered() -> None:
    cache = made()
    codes("{helo}", cache=cache)
    assert not cache._valid


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "CACHED_DOCUMENTS", 3)
    cache = made()
    for number in range(5):
        cache.prepare(f"query q{number}{{hello}}", None, None)
    cache.prepare("query q2{hello}", None, None)
    cache.prepare("query q5{hello}", None, None)
    assert list(cache._valid) == ["query q4{hello}", "query q2{hello}", "query q5{hello}"]
    monkeypatch.setattr(documents, "CACHED_CHARACTERS", 40)
    cache.prepare("query q6{hello}" + " " * 10, None, None)
    assert list(cache._valid) == ["query q5{hello}", "query q6{hello}" + " " * 10]
    assert cache._characters == 40
