"""Statuses, codes, logins and transports of GraphQL over HTTP, with every error masked."""

import asyncio
import json
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from gql_sales.kernel.request_errors import Code
from gql_sales.web.gate import GRAPHQL_JSON, JSON
from gql_sales.web.limits import KIB
from tests.web.conftest import Logged
from tests.web.toy import AUDITOR, CUSTOMER, SECRET, STAFF, login, make_app, make_client, make_view, token

CLIENT = make_client()
NEW = {"Accept": GRAPHQL_JSON}


def ask(query: str, headers: dict[str, str] | None = None, **fields: object) -> Any:
    """The answer to a POST by somebody who takes the newer type."""
    return CLIENT.post("/graphql", json={"query": query, **fields}, headers={**NEW, **(headers or {})})


def codes(answer: Any) -> list[str]:
    """The codes of an answer's errors, each of which must have one of the list."""
    return [Code(error["extensions"]["code"]).value for error in answer.json().get("errors", [])]


def test_a_query_is_answered_in_the_type_that_was_asked_for() -> None:
    new, old = ask("{hello}"), ask("{hello}", {"Accept": JSON})
    assert new.json()["data"] == old.json()["data"] == {"hello": "hello you"}
    assert new.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    assert old.headers["content-type"] == f"{JSON}; charset=utf-8"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "syntax": ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    "only a comment": ({"query": "# nothing"}, "GRAPHQL_PARSE_FAILED"),
    "unknown field": ({"query": "{helo}"}, "GRAPHQL_VALIDATION_FAILED"),
    "bad literal": ({"query": "{hello(name:7)}"}, "GRAPHQL_VALIDATION_FAILED"),
    "type system": ({"query": "type A{a:Int}"}, "OPERATION_RESOLUTION_FAILURE"),
    "two operations": ({"query": "query a{hello} query b{hello}"}, "OPERATION_RESOLUTION_FAILURE"),
    "unknown operation": ({"query": "query a{hello}", "operationName": "b"}, "OPERATION_RESOLUTION_FAILURE"),
    "no operation": ({"query": "fragment f on Query{hello}"}, "OPERATION_RESOLUTION_FAILURE"),
    "subscription": ({"query": "subscription{count(to:2)}"}, "OPERATION_RESOLUTION_FAILURE"),
    "bad variable": ({"query": "query($a:String!){hello(name:$a)}", "variables": {"a": 7}}, "BAD_USER_INPUT"),
    "missing variable": ({"query": "query($a:String!){hello(name:$a)}"}, "BAD_USER_INPUT"),
    "too deep": ({"query": "{order" + "{self" * 10 + "{id}" + "}" * 11}, "COST_LIMIT_EXCEEDED"),
    "stored document": ({"documentId": "sha256:0"}, "PERSISTED_DOCUMENT_NOT_FOUND"),
}


@pytest.mark.parametrize(("fields", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_fails_before_execution_has_a_status(fields: dict[str, Any], code: str) -> None:
    answer = CLIENT.post("/graphql", json=fields, headers=NEW)
    assert (answer.status_code, set(codes(answer))) == (400, {code})
    assert "data" not in answer.json()


@pytest.mark.parametrize(("fields", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_the_older_type_gets_200_for_what_is_well_formed(fields: dict[str, Any], code: str) -> None:
    answer = CLIENT.post("/graphql", json=fields)
    assert (answer.status_code, set(codes(answer))) == (200, {code})
    assert "data" not in answer.json()


def test_a_client_learns_that_its_way_of_persisting_is_not_known() -> None:
    answer = CLIENT.post("/graphql", json={"extensions": {"persistedQuery": {"version": 2}}}, headers=NEW)
    assert (answer.status_code, codes(answer)) == (200, ["PERSISTED_QUERY_NOT_SUPPORTED"])


def test_one_of_two_operations_is_run_by_its_name() -> None:
    query = 'query a{hello(name:"a")} query b{hello(name:"b")}'
    assert ask(query, operationName="b").json()["data"] == {"hello": "hello b"}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
def test_mutations_need_post(accept: str) -> None:
    answer = CLIENT.get(
        "/graphql", params={"query": "mutation{orderCancel}"}, headers={"Accept": accept, **login(STAFF)}
    )
    assert (answer.status_code, answer.headers["allow"], codes(answer)) == (405, "POST", ["BAD_REQUEST"])
    assert ask("mutation{orderCancel}", login(STAFF)).json()["data"] == {"orderCancel": "cancelled"}


def test_errors_for_the_caller_keep_code_message_and_details() -> None:
    answer = ask("{refused}")
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["message"], error["path"]) == (200, "That cursor is not ours.", ["refused"])
    assert error["extensions"] == {"code": "INVALID_CURSOR", "hint": "begin again"}


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("broken", "INTERNAL_SERVER_ERROR"),
        ("mistyped", "INTERNAL_SERVER_ERROR"),
        ("lost", "SERVICE_UNAVAILABLE"),
        ('decode(id: "nonsense")', "BAD_USER_INPUT"),
        ('decode(id: "com_00000000000000000000000000000000")', "BAD_USER_INPUT"),
    ],
)
def test_errors_of_fields_have_codes_and_leave_the_rest(field: str, code: str) -> None:
    answer = ask(f"{{hello failing: {field}}}")
    assert (answer.status_code, codes(answer)) == (200, [code])
    assert answer.json()["data"] == {"hello": "hello you", "failing": None}
    assert SECRET not in answer.text


def test_a_defect_is_logged_once_under_the_id_that_is_answered(logged: Logged) -> None:
    answer = ask("{broken}")
    defects = [line for line in logged if line["event"] == "defect"]
    assert len(defects) == 1
    assert SECRET in str(defects[0]["exc_info"][1])
    assert defects[0]["request_id"] == answer.json()["errors"][0]["extensions"]["requestId"]
    assert defects[0]["request_id"] == answer.headers["x-request-id"]


def test_mistakes_of_callers_are_not_logged_as_errors(logged: Logged, caplog: pytest.LogCaptureFixture) -> None:
    for fields, _ in REFUSED.values():
        CLIENT.post("/graphql", json=fields)
    assert {line["log_level"] for line in logged} == {"info"}
    assert [record for record in caplog.records if record.name.startswith("strawberry")] == []


async def test_200_failures_at_once_leak_nothing() -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(make_app()), base_url="http://test") as client:
        answers = await asyncio.gather(
            *(client.post("/graphql", json={"query": "{broken lost mistyped}"}) for _ in range(200))
        )
    assert [answer.text for answer in answers if SECRET in answer.text or "Traceback" in answer.text] == []
    assert {tuple(sorted(codes(answer))) for answer in answers} == {
        ("INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE")
    }
    ids = {error["extensions"].get("requestId") for answer in answers for error in answer.json()["errors"]}
    assert len(ids - {None}) == 200


@pytest.mark.parametrize(
    "authorization",
    ["Bearer nonsense", "Bearer ", "Basic YTpi", "nonsense", "Bearer " + "a" * 9000, f"Bearer {token(STAFF, -1)}"],
)
def test_a_wrong_login_is_refused_before_anything_runs(authorization: str) -> None:
    answer = ask("{hello}", {"Authorization": authorization})
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "data" not in answer.json()


def test_two_logins_are_refused() -> None:
    headers = [("Accept", GRAPHQL_JSON), ("Authorization", "Bearer a"), ("Authorization", "Bearer b")]
    assert CLIENT.post("/graphql", json={"query": "{hello}"}, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("bearer", "status", "code"), [("outage", 503, "SERVICE_UNAVAILABLE"), ("defect", 500, "INTERNAL_SERVER_ERROR")]
)
def test_a_login_that_fails_on_our_side_is_masked(bearer: str, status: int, code: str) -> None:
    answer = ask("{hello}", {"Authorization": f"Bearer {bearer}"})
    assert (answer.status_code, codes(answer)) == (status, [code])
    assert SECRET not in answer.text


@pytest.mark.parametrize(("principal", "limit"), [(None, 64), (CUSTOMER, 64), (STAFF, 256)])
def test_each_audience_has_its_own_body_limit(principal: Any, limit: int) -> None:
    headers = {**NEW, "Content-Type": JSON, **(login(principal) if principal else {})}
    text = json.dumps({"query": "{hello}"})
    fits = CLIENT.post("/graphql", content=text.ljust(limit * KIB), headers=headers)
    exceeds = CLIENT.post("/graphql", content=text.ljust(limit * KIB + 1), headers=headers)
    assert (fits.status_code, exceeds.status_code, codes(exceeds)) == (200, 413, ["BAD_REQUEST"])


def test_what_resolvers_tell_is_in_the_extensions() -> None:
    extensions = ask("{told}").json()["extensions"]
    assert extensions == {"cost": {"requested": 0, "limit": 500}, "idempotency": {"replayed": True}}


def test_limits_come_from_the_audience_of_the_caller() -> None:
    assert ask("{hello}", login(AUDITOR)).json()["extensions"]["cost"]["limit"] == 5000


@pytest.mark.parametrize("query", ["{helo}", "query($c:Colr){hello}", "{hello(color:REB)}", "{hello(nam:1)}"])
def test_suggestions_are_made_only_where_introspection_is_open(query: str) -> None:
    opened = TestClient(make_app(make_view(is_open=True)))
    assert "Did you mean" in opened.post("/graphql", json={"query": query}).text
    assert "Did you mean" not in ask(query).text


def test_suggestions_for_variables_are_hidden_too() -> None:
    fields = {"query": "query($c:Color!){hello(color:$c)}", "variables": {"c": "REB"}}
    opened = TestClient(make_app(make_view(is_open=True)))
    assert "RED" in opened.post("/graphql", json=fields).text
    assert "RED" not in CLIENT.post("/graphql", json=fields).text


@pytest.mark.parametrize("query", ["{__schema{queryType{name}}}", '{__type(name:"Order"){name}}'])
def test_introspection_is_closed_unless_opened(query: str) -> None:
    assert codes(ask(query))[0] == "GRAPHQL_VALIDATION_FAILED"
    opened = TestClient(make_app(make_view(is_open=True)))
    assert "errors" not in opened.post("/graphql", json={"query": query}).json()
    assert ask("{__typename}").json()["data"] == {"__typename": "Query"}
