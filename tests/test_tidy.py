"""What keeps the code readable for the next person: short files and functions, plain names, a reason in every file."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "gql_sales"
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services", "handler", "misc"}

LONG_FUNCTIONS: dict[str, str] = {}
"""``path:function`` to the reason why it may be long."""

# A private machine shows in paths and addresses; uv.lock names the public registry by nature.
PRIVATE = re.compile(
    r"(?<![\w.])/(?:home|Users|root|work|mnt|opt)/[\w.-]+|file://|https?://[\w.-]*(?:pypi|pythonhosted|npmjs)[\w.-]*|--(?:extra-)?index-url"
)
UNCHECKED = {"uv.lock", "tests/test_tidy.py"}


@cache
def tracked() -> list[str]:
    """Paths that git knows, and new ones that it does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for path in listed.splitlines() if (ROOT / path).is_file()]


def modules(*folders: Path) -> list[Path]:
    """Python files that people write; generated migrations are left out."""
    found = (path for folder in folders for path in folder.rglob("*.py"))
    return sorted(path for path in found if "versions" not in path.parts and "__pycache__" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, nested ones and methods too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring, since a long explanation is no long function."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_files_are_short() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(SOURCE, ROOT / "tests")}
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{function.name}": length(function)
        for path in modules(SOURCE, ROOT / "tests")
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    }
    assert {name: size for name, size in long.items() if name not in LONG_FUNCTIONS} == {}
    assert LONG_FUNCTIONS.keys() <= long.keys(), "an exception is no longer needed"


def test_names_say_something() -> None:
    parts = {
        part: path for path in modules(SOURCE, ROOT / "tests") for part in path.relative_to(ROOT).with_suffix("").parts
    }
    assert {str(path.relative_to(ROOT)) for part, path in parts.items() if BANNED_NAMES & set(part.split("_"))} == set()


def test_every_file_says_why_it_exists() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules(SOURCE, ROOT / "tests")
        if tree(path).body and not first_sentence(ast.get_docstring(tree(path)) or "").endswith(".")
    ]
    assert silent == []


def first_sentence(docstring: str) -> str:
    """Up to the first blank line, which must end as a sentence does."""
    return docstring.strip().partition("\n\n")[0]


def test_packages_export_nothing() -> None:
    assert [str(path) for path in modules(SOURCE) if path.name == "__init__.py" and tree(path).body[1:]] == []


def test_public_functions_are_described() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in modules(SOURCE)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


def test_only_commands_print() -> None:
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules(SOURCE)
        if not path.is_relative_to(SOURCE / "commands")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_no_private_places_in_tracked_files() -> None:
    found = []
    for path in tracked():
        if path in UNCHECKED:
            continue
        text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path}: {match[0]}" for match in PRIVATE.finditer(text)]
    assert found == []


def test_contracts_name_every_package() -> None:
    """A new floor has to be placed on the staircase; import-linter itself runs in ``make check``."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    floors = [path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [name for name in floors if f'"{name}"' not in text and f'"({name})"' not in text] == []
