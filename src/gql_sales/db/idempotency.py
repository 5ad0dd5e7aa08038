"""Answers kept for repeated requests: the key is taken first and filled last, in the transaction of the effect."""

from dataclasses import dataclass
from typing import Any

from gql_sales.db.transaction import Transaction, to_json

_TAKE = """INSERT INTO idempotency_keys (principal, key, mutation, fingerprint) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING key"""
_STORED = "SELECT mutation, fingerprint, answer FROM idempotency_keys WHERE principal = $1 AND key = $2"
_ANSWER = "UPDATE idempotency_keys SET answer = $3 WHERE principal = $1 AND key = $2"


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
