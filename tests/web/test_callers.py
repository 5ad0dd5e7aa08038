"""What counts as a login, in a header and in a socket's first message."""

from typing import Any

import pytest

from gql_sales.kernel.request_errors import Unauthenticated
from gql_sales.web.callers import bearer_of, bearer_of_payload, identify
from tests.web.toy import SETTINGS, STAFF, token

NO_DATABASE: Any = None


@pytest.mark.parametrize(
    ("authorization", "text"),
    [(None, None), ("Bearer abc", "abc"), ("bearer abc", "abc"), ("  BEARER   abc ", "abc")],
)
def test_bearer(authorization: str | None, text: str | None) -> None:
    assert bearer_of(authorization) == text


@pytest.mark.parametrize("authorization", ["", "abc", "Bearer", "Bearer  ", "Basic abc", 7, ["Bearer abc"]])
def test_anything_else_is_refused(authorization: object) -> None:
    with pytest.raises(Unauthenticated):
        bearer_of(authorization)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (None, None),
        ({}, None),
        ({"other": 1}, None),
        ({"Authorization": "Bearer a"}, "a"),
        ({"authorization": "Bearer a"}, "a"),
    ],
)
def test_payload(payload: dict[str, object] | None, text: str | None) -> None:
    assert bearer_of_payload(payload) == text


async def test_a_token_needs_no_database() -> None:
    assert await identify(token(STAFF), SETTINGS, NO_DATABASE) == STAFF


async def test_what_looks_like_a_key_is_no_token() -> None:
    with pytest.raises(Unauthenticated):
        await identify("gqs_" + token(STAFF), SETTINGS, NO_DATABASE)
