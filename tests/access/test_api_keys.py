"""API keys against the real table: only whole, current keys are let in, with no more than partners may hold."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gql_sales.access.api_keys import digest, new_key, read_api_key
from gql_sales.access.scopes import REACHABLE, SCOPES
from gql_sales.db.engine import Database
from gql_sales.db.models.api_keys import ApiKey
from gql_sales.kernel.principals import Audience, PrincipalKind
from gql_sales.kernel.request_errors import Unauthenticated
from tests.shop import Shop

SOON = timedelta(hours=1)


async def issue(database: Database, shop: Shop, **changes: Any) -> tuple[str, UUID]:
    """A stored key's text and id."""
    text, prefix, hashed = new_key()
    values = {"company_id": shop.company, "name": "Partner", "scopes": ["orders:read"], **changes}
    async with database.session() as session:
        key = ApiKey(prefix=prefix, key_hash=hashed, **values)
        session.add(key)
        await session.commit()
        return text, key.id


def test_the_form_of_keys() -> None:
    text, prefix, hashed = new_key()
    assert re.fullmatch(r"gqs_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", text)
    assert text.split("_")[1] == prefix
    assert hashed == digest(text) == hashlib.sha256(text.encode()).digest()
    assert len({new_key()[0] for _ in range(100)}) == 100


async def test_a_key_stands_for_a_partner(database: Database, shop: Shop) -> None:
    channel, warehouse = UUID(int=1), UUID(int=2)
    expires = datetime.now(UTC) + SOON
    text, id_ = await issue(
        database, shop, channel_ids=[channel], warehouse_ids=[warehouse], expires_at=expires, scopes=["orders:read"]
    )
    found = await read_api_key(text, database)
    assert (found.kind, found.audience, found.subject) == (PrincipalKind.PARTNER, Audience.PARTNER, str(id_))
    assert found.company_id == shop.company
    assert (found.channel_ids, found.warehouse_ids) == (frozenset({channel}), frozenset({warehouse}))
    assert (found.scopes, found.expires_at) == (frozenset({"orders:read"}), expires.timestamp())


async def test_a_key_without_bounds(database: Database, shop: Shop) -> None:
    text, _ = await issue(database, shop)
    found = await read_api_key(text, database)
    assert (found.channel_ids, found.warehouse_ids, found.expires_at) == (None, None, None)


async def test_a_key_holds_no_more_than_partners_can(database: Database, shop: Shop) -> None:
    text, _ = await issue(database, shop, scopes=list(SCOPES))
    assert (await read_api_key(text, database)).scopes == REACHABLE[Audience.PARTNER]


@pytest.mark.parametrize(
    "changes", [{"revoked_at": datetime(2020, 1, 1, tzinfo=UTC)}, {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}]
)
async def test_ended_keys_are_refused(database: Database, shop: Shop, changes: dict[str, Any]) -> None:
    text, _ = await issue(database, shop, **changes)
    with pytest.raises(Unauthenticated):
        await read_api_key(text, database)


async def test_revocation_counts_at_once(database: Database, shop: Shop) -> None:
    text, id_ = await issue(database, shop)
    await read_api_key(text, database)
    async with database.session() as session:
        key = await session.get_one(ApiKey, id_)
        key.revoked_at = datetime.now(UTC)
        await session.commit()
    with pytest.raises(Unauthenticated):
        await read_api_key(text, database)


async def test_keys_nobody_issued_are_refused(database: Database, shop: Shop) -> None:
    text, _ = await issue(database, shop)
    for wrong in (
        new_key()[0],
        text[:-1],
        text + "a",
        text.upper(),
        f" {text}",
        "gqs_",
        "",
        text.replace("gqs", "xyz"),
    ):
        with pytest.raises(Unauthenticated):
            await read_api_key(wrong, database)
