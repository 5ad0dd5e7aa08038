"""Every answer has an id of ours and the security headers, and the log one short line for it."""

from tests.web.conftest import Logged
from tests.web.toy import make_client

CLIENT = make_client()


def test_headers() -> None:
    for answer in (CLIENT.post("/graphql", json={"query": "{hello}"}), CLIENT.get("/nowhere"), CLIENT.put("/graphql")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert len(answer.headers["x-request-id"]) == 32
        assert "server" not in answer.headers


def test_ids_are_ours_and_differ() -> None:
    ids = {CLIENT.get("/nowhere", headers={"X-Request-Id": "mine"}).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert "mine" not in ids


def test_one_line_for_each_request(logged: Logged) -> None:
    CLIENT.get("/" + "x" * 5000)
    (line,) = logged
    assert (line["event"], line["status"], len(line["path"])) == ("request", 404, 100)


def test_a_thousand_bad_requests_leave_less_than_a_megabyte(logged: Logged) -> None:
    for _ in range(1000):
        CLIENT.post("/graphql", json={"query": "{" + "x" * 1000 + "}"})
    assert len(logged) == 1000
    assert sum(len(str(line)) for line in logged) < 1_000_000


def test_probes_are_not_logged(logged: Logged) -> None:
    CLIENT.get("/health")
    CLIENT.get("/ready")
    assert logged == []
