"""Scopes are declared once, roles and ceilings hold nothing else, and shoppers stay shoppers."""

import re

import pytest

from gql_sales.access.scopes import ADMIN, CUSTOMER, GUEST, OPERATOR, REACHABLE, ROLES, SCOPES
from gql_sales.kernel.principals import Audience


def test_names_and_meanings() -> None:
    for name, meaning in SCOPES.items():
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?:[a-z_]+", name)
        assert re.fullmatch(r"[A-Z].*[^.]", meaning)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_roles_hold_declared_scopes_only(role: str) -> None:
    assert ROLES[role] - SCOPES.keys() == set()


def test_ceilings() -> None:
    assert set(REACHABLE) == set(Audience)
    assert REACHABLE[Audience.ADMIN] == SCOPES.keys()
    assert REACHABLE[Audience.STOREFRONT] == GUEST | CUSTOMER
    assert SCOPES.keys() == ADMIN | OPERATOR | CUSTOMER
    assert {"customers:claim"} == CUSTOMER - ADMIN == CUSTOMER - GUEST
    assert {"companies:read"} == ADMIN & OPERATOR


@pytest.mark.parametrize("name", ["orders:price", "journals:read", "api_keys:create", "companies:create", "stock:read"])
def test_shoppers_can_never_reach(name: str) -> None:
    assert name in SCOPES
    assert name not in REACHABLE[Audience.STOREFRONT]


@pytest.mark.parametrize(
    "name", ["products:edit", "journals:read", "api_keys:create", "policies:edit", "companies:create"]
)
def test_partners_can_never_reach(name: str) -> None:
    assert name in SCOPES
    assert name not in REACHABLE[Audience.PARTNER]
