"""The GraphiQL page loads pinned files only, from here when they are installed here."""

import re
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from gql_sales.web.graphiql import SCRIPTS, STYLE, graphiql_routes


def client(folder: Path) -> TestClient:
    """The page over a folder."""
    return TestClient(Starlette(routes=graphiql_routes(folder)))


def install(folder: Path) -> None:
    """Put a file where npm would put it."""
    for package, _, path, _ in (STYLE, *SCRIPTS):
        target = folder / "node_modules" / package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"/* {package} */")


def loaded(page: str) -> list[str]:
    """Addresses the page loads from."""
    return re.findall(r'(?:src|href)="([^"]+)"', page)


def test_everything_from_the_cdn_is_pinned(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/")
    assert all(re.fullmatch(r"https://unpkg\.com/[a-z-]+@\d+\.\d+\.\d+/.+", address) for address in loaded(answer.text))
    assert len(re.findall(r'integrity="sha384-[A-Za-z0-9+/]{64}"', answer.text)) == len(loaded(answer.text)) == 4


def test_nothing_else_may_run_on_the_page(tmp_path: Path) -> None:
    policy = client(tmp_path).get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src https://unpkg\.com 'sha256-[^']+';", policy)


def test_installed_packages_are_served_from_here(tmp_path: Path) -> None:
    install(tmp_path)
    served = client(tmp_path)
    answer = served.get("/")
    assert all(address.startswith("/graphiql/") for address in loaded(answer.text))
    assert [served.get(address).status_code for address in loaded(answer.text)] == [200] * 4
    assert "unpkg" not in answer.text + answer.headers["content-security-policy"]


def test_half_an_installation_is_none(tmp_path: Path) -> None:
    install(tmp_path)
    (tmp_path / "node_modules/react/umd/react.production.min.js").unlink()
    assert "unpkg.com" in client(tmp_path).get("/").text


def test_files_outside_of_the_packages_are_not_served(tmp_path: Path) -> None:
    install(tmp_path)
    (tmp_path / "secret").write_text("x")
    assert client(tmp_path).get("/graphiql/%2e%2e/secret").status_code == 404
