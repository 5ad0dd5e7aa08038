"""Statements on API keys that run outside of any transaction."""

from sqlalchemy import bindparam, func, or_, select

from gql_sales.db.models.api_keys import ApiKey

KEY_BY_HASH = select(
    ApiKey.id,
    ApiKey.company_id,
    ApiKey.scopes,
    ApiKey.channel_ids,
    ApiKey.warehouse_ids,
    ApiKey.expires_at,
).where(
    ApiKey.key_hash == bindparam("key_hash"),
    ApiKey.revoked_at.is_(None),
    or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.statement_timestamp()),
)
"""The one usable key with the digest ``key_hash``; time is the database's."""
