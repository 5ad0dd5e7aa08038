"""Statements on API keys that run outside of any transaction."""

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from gql_sales.db.models.api_keys import ApiKey

_USABLE = select(
    ApiKey.id,
    ApiKey.company_id,
    ApiKey.scopes,
    ApiKey.channel_ids,
    ApiKey.warehouse_ids,
    ApiKey.expires_at,
).where(
    ApiKey.revoked_at.is_(None),
    or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.statement_timestamp()),
)
KEY_BY_HASH = _USABLE.where(ApiKey.key_hash == bindparam("key_hash"))
"""The one usable key with the digest ``key_hash``; time is the database's."""
KEYS_BY_ID = _USABLE.where(ApiKey.id == func.any(bindparam("ids", type_=ARRAY(UUID))))
"""Those of the keys ``ids`` that are usable."""
