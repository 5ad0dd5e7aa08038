"""Tokens: what comes back is what went in, capped, and nothing forged, expired or incomplete gets through."""

import base64
import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from pydantic import SecretStr

from gql_sales.access.scopes import ADMIN, CUSTOMER, FINANCE, OPERATOR, SCOPES, WAREHOUSE
from gql_sales.access.tokens import issue_token, read_token, signing_key
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.kernel.request_errors import Unauthenticated
from gql_sales.settings import Settings

KEY = "k" * 32
SETTINGS = Settings(jwt_secret=SecretStr(KEY))
COMPANY = UUID(int=1)
CLAIMS: dict[str, Any] = {
    "sub": "anna",
    "aud": "gql-sales",
    "kind": "staff",
    "audience": "admin",
    "scope": "orders:read",
    "company": str(COMPANY),
}


def signed(key: str = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    """A token with these claims changed; None leaves one out."""
    claims = {**CLAIMS, "exp": time.time() + 60, **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


@pytest.mark.parametrize(
    "principal",
    [
        Principal(PrincipalKind.STAFF, Audience.ADMIN, "anna", frozenset({"orders:read"}), COMPANY),
        Principal(PrincipalKind.CUSTOMER, Audience.STOREFRONT, "carl", CUSTOMER, COMPANY),
        Principal(PrincipalKind.GUEST, Audience.STOREFRONT, "g-1", CUSTOMER, COMPANY, frozenset({UUID(int=2)})),
        Principal(
            PrincipalKind.STAFF,
            Audience.ADMIN,
            "bert",
            ADMIN,
            COMPANY,
            frozenset({UUID(int=2), UUID(int=3)}),
            frozenset(),
        ),
        Principal(PrincipalKind.STAFF, Audience.ADMIN, "root", OPERATOR),
        Principal(
            PrincipalKind.CUSTOMER, Audience.STOREFRONT, "eve", CUSTOMER, COMPANY, verified_email="e@example.com"
        ),
    ],
)
def test_there_and_back(principal: Principal) -> None:
    found = read_token(issue_token(principal, SETTINGS, ttl=timedelta(minutes=1)), SETTINGS)
    assert found == principal
    assert found.expires_at == pytest.approx(time.time() + 60, abs=5)


def test_the_claims_as_they_are_written() -> None:
    assert read_token(signed(), SETTINGS).scopes == {"orders:read"}
    assert read_token(signed(scope=None), SETTINGS).scopes == frozenset()
    assert read_token(signed(aud=["other", "gql-sales"]), SETTINGS).subject == "anna"


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 201},
        {"aud": None},
        {"aud": "another"},
        {"exp": None},
        {"exp": 1},
        {"exp": "soon"},
        {"nbf": time.time() + 3600},
        {"kind": None},
        {"kind": "partner"},
        {"kind": "system"},
        {"kind": "anonymous"},
        {"kind": "king"},
        {"kind": ["staff"]},
        {"audience": None},
        {"audience": "storefront"},
        {"audience": "partner"},
        {"audience": "all"},
        {"kind": "customer"},
        {"kind": "customer", "audience": "storefront", "company": None},
        {"company": "none"},
        {"company": 7},
        {"scope": ["orders:read"]},
        {"scope": 7},
        {"channels": "all"},
        {"channels": ["all"]},
        {"channels": [7]},
        {"warehouses": {}},
    ],
)
def test_tokens_that_make_no_sense(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        read_token(signed(**changes), SETTINGS)


def part(value: object) -> str:
    """One part of a token."""
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def forged() -> dict[str, str]:
    """Tokens nobody signed with the key."""
    head, claims, mark = signed().split(".")
    full = {**CLAIMS, "exp": time.time() + 60}
    return {
        "another key": signed("x" * 32),
        "no signature": f"{head}.{claims}.",
        "another signature": f"{head}.{claims}.{mark[::-1]}",
        "changed claims": f"{head}.{part({**full, 'scope': 'orders:cancel'})}.{mark}",
        "algorithm none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(full)}.",
        "another algorithm": signed(algorithm="HS512", key="k" * 64),
        "another algorithm, our key": jwt.encode(full, KEY * 2, "HS384"),
        "nested header": f"{part('[' * 5000)}.{claims}.{mark}",
        "header is no object": f"{part([])}.{claims}.{mark}",
        "two parts": f"{head}.{claims}",
        "nothing": "",
        "not ASCII": "é.é.é",
        "very long": "a" * 100_000,
    }


@pytest.mark.parametrize("kind", sorted(forged()))
def test_forged_tokens(kind: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        read_token(forged()[kind], SETTINGS)
    assert caught.value.message == "The token is not valid."


def test_shoppers_hold_no_more_than_shoppers_can() -> None:
    greedy = " ".join(SCOPES)
    for kind in ("guest", "customer"):
        found = read_token(signed(kind=kind, audience="storefront", scope=greedy), SETTINGS)
        assert found.scopes == CUSTOMER


def test_staff_without_a_company_is_an_operator_and_nothing_else() -> None:
    assert read_token(signed(company=None, scope=" ".join(SCOPES)), SETTINGS).scopes == OPERATOR


def test_scopes_that_do_not_exist_are_not_held() -> None:
    assert read_token(signed(scope="orders:read orders:everything *"), SETTINGS).scopes == {"orders:read"}


@pytest.mark.parametrize("secret", ["", "k" * 31])
def test_short_keys_are_refused(secret: str) -> None:
    weak = Settings(jwt_secret=SecretStr(secret))
    with pytest.raises(ValueError, match="32 bytes"):
        signing_key(weak)
    with pytest.raises(ValueError, match="32 bytes"):
        read_token(signed(), weak)


def test_roles_stand_for_their_scopes_and_add_to_the_named_ones() -> None:
    token = signed(role="WAREHOUSE FINANCE", scope="orders:place")
    assert read_token(token, SETTINGS).scopes == WAREHOUSE | FINANCE | {"orders:place"}
    with pytest.raises(Unauthenticated):
        read_token(signed(role="KING"), SETTINGS)


def test_a_bundle_of_scopes_travels_by_the_name_of_its_role() -> None:
    """A token with every scope spelled out is longer than some proxies let through."""
    admin = Principal(PrincipalKind.STAFF, Audience.ADMIN, "anna", ADMIN, COMPANY)
    assert len(issue_token(admin, SETTINGS, ttl=timedelta(minutes=1))) < 500


def test_an_address_counts_only_when_it_is_verified() -> None:
    """Reliability case 44: whoever types an address has not shown that it is theirs."""
    for proof in (None, False, "true", 1):
        assert read_token(signed(email="e@example.com", email_verified=proof), SETTINGS).verified_email is None
    assert read_token(signed(email=" e@example.com ", email_verified=True), SETTINGS).verified_email == "e@example.com"
    for email in (None, 1, "", "x" * 321, "e\x00@example.com"):
        with pytest.raises(Unauthenticated):
            read_token(signed(email=email, email_verified=True), SETTINGS)
