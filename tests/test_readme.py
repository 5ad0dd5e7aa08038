"""What the README, the tour and the guide say is so: commands, settings, files, snippets, operations and answers."""

import json
import re
import time
from collections.abc import AsyncIterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import jwt
import pytest

from gql_sales.__main__ import COMMANDS
from gql_sales.access.tokens import ALGORITHM, read_token
from gql_sales.demo.operations import OPERATIONS
from gql_sales.settings import Settings
from tests.database import TestServer
from tests.demo_shop import Demo, demo_shop

ROOT = Path(__file__).parent.parent
DECISIONS = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "decisions").glob("*.md"))
TEXTS = ["README.md", "CONTRIBUTING.md", "examples/README.md", "docs/import.md", "docs/tour.md", *DECISIONS]
MORE = "…"
"""In an answer: further entries of a list. In a snippet: further lines."""
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"\bGQL_SALES_([A-Z_]+)")
OF_THE_TESTS = {"TEST_DATABASE_URL"}
OF_COMMANDS = {"TOKEN", "URL", "AFTER"}
LONGEST_DECISION = 60

every_text = pytest.mark.parametrize("name", TEXTS)


@cache
def text_of(name: str) -> str:
    """The text of a file."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return [body for found, body in FENCE.findall(text_of(name)) if found == language]


SNIPPETS = [*blocks("docs/tour.md", "python"), *blocks("README.md", "python"), *blocks("README.md", "js")]


def code(name: str) -> str:
    """Everything that a text shows as code: plain blocks and spans."""
    return "\n".join([*blocks(name, ""), *SPAN.findall(FENCE.sub("", text_of(name)))])


def paths(name: str) -> set[str]:
    """What a text shows as code and looks like a path of the repository."""
    words = re.findall(r"[\w./-]+", code(name))
    known = {path.name for path in ROOT.iterdir()}
    return {
        word
        for word in words
        if word.partition("/")[0] in known and ("/" in word or "." in word) and not word.startswith(".")
    }


@every_text
def test_every_target_of_make_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code(name))) <= targets


@every_text
def test_every_command_exists(name: str) -> None:
    known = {command.strip("_").replace("_", "-") for command in [*COMMANDS, "revise"]}
    assert set(re.findall(r"(?<![-\w])gql-sales ([a-z][a-z-]*)", code(name))) - {"gql-sales"} <= known


@every_text
def test_every_setting_exists(name: str) -> None:
    assert (
        set(SETTING.findall(text_of(name)))
        <= {field.upper() for field in Settings.model_fields} | OF_THE_TESTS | OF_COMMANDS
    )


@every_text
def test_every_file_exists(name: str) -> None:
    assert sorted(path for path in paths(name) if not (ROOT / path).exists()) == []


def test_the_table_of_settings_is_complete_and_has_the_defaults() -> None:
    rows = re.findall(r"^\| `GQL_SALES_([A-Z_]+)` \| (\S+) \|", text_of("README.md"), re.MULTILINE)
    plain = Settings.model_construct()
    assert {name: default.strip("`") for name, default in rows} == {
        field.upper(): shown(getattr(plain, field)) for field in Settings.model_fields
    }


def shown(default: object) -> str:
    """A default as the table shows it."""
    text = default.get_secret_value() if hasattr(default, "get_secret_value") else str(default)
    return {"": "empty", "False": "false", "True": "true"}.get(text, text)


def test_the_commands_of_the_quick_start_are_those_that_are_checked() -> None:
    assert blocks("README.md", "")[0].split("\n") == ["make demo", "make test", ""]
    assert "\nmake test\n" in text_of(".ci/run")


def test_every_promise_names_its_tests() -> None:
    rows = re.findall(r"^\| (P\d+) \| .* \| (.*) \|$", text_of("README.md"), re.MULTILINE)
    assert [name for name, _ in rows] == [f"P{number}" for number in range(1, 11)]
    for name, tests in rows:
        assert SPAN.findall(tests), name
        assert all((ROOT / path).is_file() for path in SPAN.findall(tests)), name


@pytest.mark.parametrize("name", DECISIONS)
def test_decisions_are_short_and_have_three_parts(name: str) -> None:
    assert text_of(name).startswith(f"# {Path(name).name[:4]}. ")
    assert re.findall(r"^## (.*)$", text_of(name), re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text_of(name).splitlines()) <= LONGEST_DECISION


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda text: text.splitlines()[0].split("/")[-1])
def test_snippets_are_the_code(snippet: str) -> None:
    first, *lines = snippet.rstrip("\n").split("\n")
    source = text_of(first.split(" ")[1]).split("\n")
    parts = "\n".join(lines).split(f"\n    {MORE}\n")
    places = [index_of(part.split("\n"), source) for part in parts]
    assert -1 not in places, snippet
    assert all(one < other for one, other in pairwise(places))


def index_of(part: list[str], whole: list[str]) -> int:
    """Where the lines stand together; -1 when they do not."""
    return next((i for i in range(len(whole)) if whole[i : i + len(part)] == part), -1)


def test_the_operations_are_those_of_the_demo() -> None:
    assert [text.strip() for text in blocks("README.md", "graphql")] == [text.strip() for _, _, text in OPERATIONS]
    for title, audience, _ in OPERATIONS:
        assert f"**{title}** ({audience})." in " ".join(text_of("README.md").split())


@pytest.fixture(scope="module")
async def demo(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Demo]:
    """The demo shop as a newcomer finds it."""
    async with demo_shop(test_server, f"{worker_id}_readme", settings) as found:
        yield found


async def test_the_operations_answer_as_printed(demo: Demo) -> None:
    client, callers = demo.client, {"admin": demo.staff, "storefront": demo.ada}
    for (_, audience, text), printed in zip(OPERATIONS, blocks("README.md", "json"), strict=False):
        answer = await client.execute(text, None, callers[audience])
        assert "errors" not in answer
        assert is_like({"data": answer["data"]}, json.loads(printed)), answer
    again = await client.execute(OPERATIONS[1][2], None, callers["storefront"])
    assert is_like({"data": again["data"]}, json.loads(blocks("README.md", "json")[1]))
    assert again["extensions"]["idempotency"] == {"replayed": True}


def is_like(real: object, printed: object) -> bool:
    """Whether a value is as printed, where ``…`` in a list stands for any number of further entries."""
    if isinstance(real, dict) and isinstance(printed, dict):
        return real.keys() == printed.keys() and all(is_like(real[name], printed[name]) for name in real)
    if not isinstance(real, list) or not isinstance(printed, list):
        return real == printed
    if not printed:
        return not real
    if printed[0] == MORE:
        return any(is_like(real[skipped:], printed[1:]) for skipped in range(len(real) + 1))
    return bool(real) and is_like(real[0], printed[0]) and is_like(real[1:], printed[1:])


@pytest.mark.parametrize(
    ("real", "printed", "expected"),
    [
        ([1, 2, 3], [MORE, 3], True),
        ([1, 2, 3], [1, MORE], True),
        ([1, 2, 3], [MORE, 2, MORE], True),
        ([1, 2, 3], [1, 3], False),
        ([1, 2, 3], [MORE, 2], False),
        ({"a": [1]}, {"a": []}, False),
        ({"a": 1}, {}, False),
        ("13.2", "13.20", False),
    ],
)
def test_answers_are_compared_strictly(real: object, printed: object, expected: bool) -> None:
    assert is_like(real, printed) is expected


def test_the_claims_are_those_of_a_token(settings: Settings) -> None:
    claims = json.loads(blocks("README.md", "json")[3])
    token = jwt.encode({**claims, "exp": time.time() + 60}, settings.jwt_secret.get_secret_value(), ALGORITHM)
    principal = read_token(token, settings)
    assert principal.key == "customer:ada"
    assert principal.scopes == set(claims["scope"].split())
    assert len(principal.channel_ids or ()) == 1
    named = {claim for cell in re.findall(r"^\| (`[a-z`, ]+`) \|", text_of("README.md"), re.MULTILINE)
             for claim in SPAN.findall(cell)}  # fmt: skip
    assert claims.keys() | {"role", "warehouses"} == named
