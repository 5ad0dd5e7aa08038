"""Which exceptions the caller may know, and how a database that is away is told from a defect."""

from errno import ENOENT
from typing import Any

import pytest
from graphql import GraphQLError, parse
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gql_sales.kernel.ids import MalformedId
from gql_sales.kernel.request_errors import Code, RequestError, Unauthenticated
from gql_sales.web.errors import STATUS, CodedError, body, coded, present, recognize, status
from tests.web.conftest import Logged
from tests.web.toy import SECRET


class Told(Exception):
    """What the driver raises, as far as it matters."""

    def __init__(self, sqlstate: str) -> None:
        """The text is nobody's business."""
        super().__init__(SECRET)
        self.sqlstate = sqlstate


def wrapped(state: str) -> DBAPIError:
    """A database error with this SQLSTATE, as SQLAlchemy raises it."""
    return DBAPIError("SELECT 1", None, Told(state))


RECOGNIZED: dict[str, tuple[BaseException, str | None]] = {
    "made for the caller": (RequestError(Code.INVALID_CURSOR, "no"), "INVALID_CURSOR"),
    "login": (Unauthenticated(), "UNAUTHENTICATED"),
    "malformed id": (MalformedId("x is not an id."), "BAD_USER_INPUT"),
    "refused connection": (ConnectionRefusedError(SECRET), "SERVICE_UNAVAILABLE"),
    "wrapped refused connection": (OperationalError("", None, ConnectionResetError(SECRET)), "SERVICE_UNAVAILABLE"),
    "starting up": (wrapped("57P03"), "SERVICE_UNAVAILABLE"),
    "shutting down": (wrapped("57P01"), "SERVICE_UNAVAILABLE"),
    "connection failure": (wrapped("08006"), "SERVICE_UNAVAILABLE"),
    "too many connections": (wrapped("53300"), "SERVICE_UNAVAILABLE"),
    "lost in the middle": (DBAPIError("", None, Exception(SECRET), connection_invalidated=True), "SERVICE_UNAVAILABLE"),
    "no connection in time": (PoolTimeout(SECRET, code="3o7r"), "SERVICE_UNAVAILABLE"),
    "statement timeout": (wrapped("57014"), "DEADLINE_EXCEEDED"),
    "broken constraint": (wrapped("23505"), None),
    "syntax": (wrapped("42601"), None),
    "plain value error": (ValueError(SECRET), None),
    "missing socket": (FileNotFoundError(ENOENT, SECRET), "SERVICE_UNAVAILABLE"),
    "missing file": (FileNotFoundError(ENOENT, SECRET, "prices.csv"), None),
    "missing something": (FileNotFoundError(SECRET), None),
}


@pytest.mark.parametrize(("error", "code"), RECOGNIZED.values(), ids=RECOGNIZED.keys())
def test_recognized(error: BaseException, code: str | None) -> None:
    known = recognize(error)
    assert (known.code if known else None) == code
    assert known is None or SECRET not in known.message


@pytest.mark.parametrize(
    "error",
    [
        GraphQLError(SECRET, path=["a"]),
        GraphQLError(SECRET, path=["a"], original_error=RuntimeError(SECRET)),
        GraphQLError(SECRET, original_error=RuntimeError(SECRET)),
        GraphQLError(SECRET, path=["a"], extensions={"code": "MINE", "text": SECRET}),
        GraphQLError(SECRET, path=["a"], original_error=GraphQLError(SECRET, original_error=ValueError(SECRET))),
    ],
)
def test_defects_are_masked_and_logged_once(error: GraphQLError, logged: Logged) -> None:
    (shown,) = present([error], "id-1")
    assert shown.formatted["extensions"] == {"requestId": "id-1", "code": "INTERNAL_SERVER_ERROR"}
    assert SECRET not in str(shown.formatted)
    assert shown.path == error.path
    assert [(line["event"], line["request_id"]) for line in logged] == [("defect", "id-1")]


DOCUMENT = parse("query($a: Int!) { hello(name: $a) }")
OPERATION: Any = DOCUMENT.definitions[0]
VARIABLE = OPERATION.variable_definitions[0]
FIELD = OPERATION.selection_set.selections[0]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GraphQLError("Variable '$a' is wrong.", VARIABLE), "BAD_USER_INPUT"),
        (GraphQLError("Variable '$a' is wrong.", VARIABLE, original_error=ValueError("x")), "BAD_USER_INPUT"),
        (GraphQLError("$a is wrong.", VARIABLE, original_error=RequestError("INVALID_CURSOR", "x")), "INVALID_CURSOR"),
        (GraphQLError("Argument is wrong.", FIELD.arguments[0].value, path=["hello"]), "BAD_USER_INPUT"),
        (GraphQLError("Too many errors."), "BAD_USER_INPUT"),
        (GraphQLError("x", VARIABLE, original_error=RuntimeError("x")), "INTERNAL_SERVER_ERROR"),
        (GraphQLError("x", FIELD, path=["hello"], original_error=ValueError("x")), "INTERNAL_SERVER_ERROR"),
        (GraphQLError("x", FIELD, path=["hello"]), "INTERNAL_SERVER_ERROR"),
        (GraphQLError("x", OPERATION), "INTERNAL_SERVER_ERROR"),
    ],
)
def test_input_that_was_refused_is_told_from_results_that_are_wrong(error: GraphQLError, code: str) -> None:
    (shown,) = present([error], "id-1")
    assert (shown.extensions or {})["code"] == code
    assert code == "INTERNAL_SERVER_ERROR" or shown.message == error.message


def test_causes_in_a_circle_end() -> None:
    one, two = RuntimeError("1"), RuntimeError("2")
    one.__cause__, two.__cause__ = two, one
    assert recognize(one) is None


def test_codes_outside_the_list_cannot_be_raised() -> None:
    with pytest.raises(ValueError, match="MINE"):
        RequestError("MINE", "no")


@pytest.mark.parametrize("code", list(Code))
def test_statuses(code: Code) -> None:
    expected = {
        "UNAUTHENTICATED": 401,
        "THROTTLED": 429,
        "DEADLINE_EXCEEDED": 503,
        "SERVICE_UNAVAILABLE": 503,
        **dict.fromkeys(
            (
                "FORBIDDEN",
                "INTERNAL_SERVER_ERROR",
                "PERSISTED_QUERY_NOT_FOUND",
                "PERSISTED_QUERY_NOT_SUPPORTED",
                "CURSOR_EXPIRED",
                "HISTORY_INCOMPLETE",
                "SLOW_CONSUMER",
            ),
            200,
        ),
    }.get(code, 400)
    assert status(code, is_legacy=False) == expected == STATUS.get(code, 200)
    assert status(code, is_legacy=True) == (400 if code is Code.BAD_REQUEST else 200)


def test_long_messages_and_many_locations_are_cut() -> None:
    error: Any = GraphQLError("x" * 10_000)
    error.locations = [(1, 1)] * 1000
    made = coded(error, Code.GRAPHQL_VALIDATION_FAILED)
    assert (len(made.message), len(made.locations or ())) == (500, 10)


def test_a_body_without_data() -> None:
    error = CodedError(Code.BAD_REQUEST, "no", details={"more": 1})
    told = {"message": "no", "extensions": {"code": "BAD_REQUEST", "more": 1}}
    assert body([error]) == {"errors": [told]}
    assert body([error], {"cost": 1}) == {"errors": [told], "extensions": {"cost": 1}}
