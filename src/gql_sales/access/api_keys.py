"""Partners' API keys: 256 random bits of which only a digest is stored, turned into principals."""

import hashlib
import re
import secrets
import string
from typing import Any
from uuid import UUID

from gql_sales.access.scopes import REACHABLE
from gql_sales.db.engine import Database
from gql_sales.db.queries.api_keys import KEY_BY_HASH, KEYS_BY_ID
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.kernel.request_errors import Unauthenticated

MARK = "gqs_"
FORMAT = re.compile(r"gqs_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
LETTERS = string.ascii_lowercase + string.digits


def new_key() -> tuple[str, str, bytes]:
    """A new key's text (shown once), its prefix (to recognize it by) and its digest (all that is stored)."""
    prefix = "".join(secrets.choice(LETTERS) for _ in range(8))
    text = f"{MARK}{prefix}_{secrets.token_urlsafe(32)}"
    return text, prefix, digest(text)


def digest(text: str) -> bytes:
    """SHA-256 of the whole key; a slow hash would protect nothing, since the key cannot be guessed."""
    return hashlib.sha256(text.encode()).digest()


def looks_like_key(text: str) -> bool:
    """Whether a bearer text claims to be an API key rather than a token."""
    return text.startswith(MARK)


async def read_api_key(text: str, database: Database) -> Principal:
    """The partner a key stands for; Unauthenticated when it is unknown, revoked or expired by the database's clock."""
    # The lookup goes by digest, so its time tells nothing about how much of a guess was right.
    if not FORMAT.fullmatch(text):
        raise Unauthenticated
    rows = await database.read(KEY_BY_HASH, {"key_hash": digest(text)})
    if not rows:
        raise Unauthenticated
    return _principal(rows[0])


async def revoked(partners: frozenset[Principal], database: Database) -> frozenset[Principal]:
    """Those of the partners whose keys are not usable any more, or not with the same rights; one statement for all."""
    ids = sorted({UUID(partner.subject) for partner in partners})
    rows = await database.read(KEYS_BY_ID, {"ids": ids})
    return partners - {_principal(row) for row in rows}


def _principal(key: Any) -> Principal:  # noqa: ANN401 (a row of either statement)
    return Principal(
        PrincipalKind.PARTNER,
        Audience.PARTNER,
        str(key.id),
        scopes=frozenset(key.scopes) & REACHABLE[Audience.PARTNER],
        company_id=key.company_id,
        channel_ids=None if key.channel_ids is None else frozenset(key.channel_ids),
        warehouse_ids=None if key.warehouse_ids is None else frozenset(key.warehouse_ids),
        expires_at=None if key.expires_at is None else key.expires_at.timestamp(),
    )
