"""Answers kept for repeated requests: the key is taken first and filled last, in the transaction of the effect."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gql_sales.db.models.events import IdempotencyKey


@dataclass(frozen=True)
class Stored:
    """What an earlier request with the key was and answered."""

    mutation: str
    fingerprint: bytes
    answer: dict[str, Any]


async def take_key(session: AsyncSession, principal: str, key: str, mutation: str, fingerprint: bytes) -> Stored | None:
    """Take the key for this transaction; what is stored when another one has it.

    Waits for a running twin until the lock timeout, whose error the caller maps to IDEMPOTENCY_KEY_IN_USE.
    """
    taken = await session.scalar(
        insert(IdempotencyKey)
        .values(principal=principal, key=key, mutation=mutation, fingerprint=fingerprint)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if taken is not None:
        return None
    row = (
        await session.execute(
            select(IdempotencyKey.mutation, IdempotencyKey.fingerprint, IdempotencyKey.answer).where(
                IdempotencyKey.principal == principal, IdempotencyKey.key == key
            )
        )
    ).one()
    return Stored(row.mutation, bytes(row.fingerprint), row.answer or {})


async def store_answer(session: AsyncSession, principal: str, key: str, answer: dict[str, Any]) -> None:
    """Keep the answer under the key that this transaction took."""
    await session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.principal == principal, IdempotencyKey.key == key)
        .values(answer=answer)
    )
