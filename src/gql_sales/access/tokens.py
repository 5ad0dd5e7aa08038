"""People's tokens: HS256 JWTs, turned into principals and, for the demo and tests, made from them."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt

from gql_sales.access.scopes import OPERATOR, REACHABLE, ROLES
from gql_sales.kernel.inputs import is_storable
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.kernel.request_errors import Unauthenticated
from gql_sales.settings import Settings

ALGORITHM = "HS256"
SECRET_BYTES = 32
TOKEN_LENGTH = 8192
"""Longest token that is looked at."""
SUBJECT_LENGTH = 180
EMAIL_LENGTH = 320
PEOPLE = {
    PrincipalKind.GUEST: {Audience.STOREFRONT},
    PrincipalKind.CUSTOMER: {Audience.STOREFRONT},
    PrincipalKind.STAFF: {Audience.ADMIN},
}
"""Which audiences a token of each kind may claim; partners come with API keys, the system with neither."""


def signing_key(settings: Settings) -> str:
    """The key that tokens are signed with; ValueError when it is too short to protect anything."""
    secret = settings.jwt_secret.get_secret_value()
    if len(secret.encode()) < SECRET_BYTES:
        raise ValueError(f"GQL_SALES_JWT_SECRET must have at least {SECRET_BYTES} bytes.")
    return secret


def read_token(text: str, settings: Settings) -> Principal:
    """The principal a token stands for; Unauthenticated when it is expired, forged or incomplete."""
    key = signing_key(settings)
    if len(text) > TOKEN_LENGTH:
        raise Unauthenticated
    try:
        claims = jwt.decode(
            text,
            key,
            algorithms=[ALGORITHM],
            audience=settings.jwt_audience,
            options={"require": ["sub", "aud", "exp"]},
        )
        return _principal(claims)
    # The header is read before the signature is checked, so it may hold anything, nested as deep as it likes.
    except (jwt.PyJWTError, AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        raise Unauthenticated from None


def issue_token(principal: Principal, settings: Settings, *, ttl: timedelta) -> str:
    """A token that ``read_token`` turns back into this principal for as long as ``ttl``."""
    claims: dict[str, Any] = {
        "sub": principal.subject,
        "aud": settings.jwt_audience,
        "exp": time.time() + ttl.total_seconds(),
        "kind": principal.kind.value,
        "audience": principal.audience.value,
        **_rights(principal.scopes),
    }
    if principal.verified_email is not None:
        claims |= {"email": principal.verified_email, "email_verified": True}
    if principal.company_id is not None:
        claims["company"] = str(principal.company_id)
    if principal.channel_ids is not None:
        claims["channels"] = sorted(str(value) for value in principal.channel_ids)
    if principal.warehouse_ids is not None:
        claims["warehouses"] = sorted(str(value) for value in principal.warehouse_ids)
    return jwt.encode(claims, signing_key(settings), algorithm=ALGORITHM)


def _rights(scopes: frozenset[str]) -> dict[str, str]:
    """The claim that says what the principal may do: a role's name where one bundles just these scopes."""
    role = next((name for name, bundle in ROLES.items() if bundle == scopes), None)
    return {"role": role} if role else {"scope": " ".join(sorted(scopes))}


def _claimed(claims: Mapping[str, Any]) -> frozenset[str]:
    """The scopes of ``scope`` and of every role in ``role``, both parted by spaces; KeyError for an unknown role."""
    roles = [ROLES[name] for name in claims.get("role", "").split()]
    return frozenset(claims.get("scope", "").split()).union(*roles)


def _principal(claims: Mapping[str, Any]) -> Principal:
    """KeyError, TypeError or ValueError when a claim is absent or makes no sense."""
    kind = PrincipalKind(claims["kind"])
    audience = Audience(claims["audience"])
    if audience not in PEOPLE[kind]:
        raise ValueError("audience")
    company = claims.get("company")
    if company is None and kind is not PrincipalKind.STAFF:
        raise ValueError("company")
    subject = claims["sub"]
    if not 0 < len(subject) <= SUBJECT_LENGTH:
        raise ValueError("sub")
    # Whatever the token claims, nobody holds more than their audience can, and without a company only an operator acts.
    ceiling = REACHABLE[audience] if company is not None else OPERATOR
    return Principal(
        kind,
        audience,
        subject,
        scopes=_claimed(claims) & ceiling,
        company_id=None if company is None else UUID(company),
        channel_ids=_ids(claims.get("channels")),
        warehouse_ids=_ids(claims.get("warehouses")),
        expires_at=float(claims["exp"]),
        verified_email=_verified_email(claims),
    )


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """The address of the token, when the token says that it is verified; one that is only claimed proves nothing."""
    if claims.get("email_verified") is not True:
        return None
    email = claims["email"].strip()
    if not 0 < len(email) <= EMAIL_LENGTH or not is_storable(email):
        raise ValueError("email")
    return str(email)


def _ids(values: object) -> frozenset[UUID] | None:
    if values is None:
        return None
    if not isinstance(values, list):
        raise TypeError("A list of UUIDs is wanted.")
    return frozenset(UUID(value) for value in values)
