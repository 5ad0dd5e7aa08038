"""Answers kept for repeated requests: the key is taken first and filled last, in the transaction of the effect."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, tuple_

from gql_sales.db.engine import Database
from gql_sales.db.models.events import IdempotencyKey
from gql_sales.db.transaction import Transaction, to_json

_TAKE = """INSERT INTO idempotency_keys (principal, key, mutation, fingerprint) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING key"""
_STORED = "SELECT mutation, fingerprint, answer FROM idempotency_keys WHERE principal = $1 AND key = $2"
_ANSWER = "UPDATE idempotency_keys SET answer = $3 WHERE principal = $1 AND key = $2"

KEPT_DAYS = 7


@dataclass(frozen=True)
class Stored:
    """What an earlier request with the key was and answered."""

    mutation: str
    fingerprint: bytes
    answer: dict[str, Any]


async def take_key(session: Transaction, principal: str, key: str, mutation: str, fingerprint: bytes) -> Stored | None:
    """Take the key for this transaction; what is stored when another one has it.

    Waits for a running twin until the lock timeout, whose error the caller maps to IDEMPOTENCY_KEY_IN_USE.
    """
    if await session.fetch(_TAKE, principal, key, mutation, fingerprint):
        return None
    (row,) = await session.fetch(_STORED, principal, key)
    return Stored(row["mutation"], row["fingerprint"], row["answer"] or {})


async def store_answer(session: Transaction, principal: str, key: str, answer: dict[str, Any]) -> None:
    """Keep the answer under the key that this transaction took."""
    await session.send(_ANSWER, [(principal, key, to_json(answer))])


async def forget_keys(database: Database, most: int) -> int:
    """Delete the oldest keys beyond their 7 days, in a transaction of their own; how many there were (I6)."""
    old = (
        select(IdempotencyKey.principal, IdempotencyKey.key)
        .where(IdempotencyKey.created_at < func.now() - timedelta(days=KEPT_DAYS))
        .order_by(IdempotencyKey.created_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    async with database.session() as session:
        statement = delete(IdempotencyKey).where(tuple_(IdempotencyKey.principal, IdempotencyKey.key).in_(old))
        result = await session.execute(statement.execution_options(synchronize_session=False))
        await session.commit()
        return int(result.rowcount)  # type: ignore[attr-defined]
