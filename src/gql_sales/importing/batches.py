"""Sends many entries of a mutation in few calls, several at a time, and brings back one answer for each entry."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from gql_sales.importing.client import RETRIED, SLOW, CallError, Client, Json, waits

T = TypeVar("T")

MOST_NAMED = 100
"""How many rows a filter names at once."""
MOST_BYTES = 200_000
"""Of the entries of one call; the server takes 256 KiB."""
FIRST_ENTRIES = 10
WANTED_SECONDS = 3.0
"""How long a call is meant to take; the server's deadline is 20."""


class Pace:
    """How many entries a call has: few on a slow server, whose deadline a long call would miss, else ``most``."""

    def __init__(self, most: int) -> None:
        """The first calls are short; then each goes by how long the last one took."""
        self.most = most
        self.size = min(most, FIRST_ENTRIES)

    def note(self, entries: int, seconds: float) -> None:
        """A call with so many entries took so long."""
        wanted = int(entries * WANTED_SECONDS / max(seconds, 0.001))
        self.size = max(1, min(self.most, wanted, 4 * self.size))


def chunks(items: Iterable[T], most: int | Pace, weigh: Callable[[T], int] | None = None) -> Iterator[list[T]]:
    """The items in lists of at most ``most``, and as far as they are weighed of at most MOST_BYTES."""
    chunk: list[T] = []
    weight = 0
    for item in items:
        own = weigh(item) if weigh else 0
        size = most.size if isinstance(most, Pace) else most
        if chunk and (len(chunk) >= size or weight + own > MOST_BYTES):
            yield chunk
            chunk, weight = [], 0
        chunk.append(item)
        weight += own
    if chunk:
        yield chunk


async def in_turns(work: Iterable[T], workers: int, do: Callable[[T], Awaitable[None]]) -> None:
    """Do every piece of work, ``workers`` at a time; pieces begin in their order, and the first error ends all."""
    pieces = iter(work)

    async def go_on() -> None:
        for piece in pieces:
            await do(piece)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(go_on())
    except ExceptionGroup as found:
        raise found.exceptions[0] from None


async def send_all(
    client: Client, name: str, fields: str, entries: Sequence[Json], pace: Pace | None = None, *, is_dry: bool = False
) -> list[Json]:
    """The payload of each entry, in their order; what was only locked is sent again with its key.

    An entry that the call as a whole fails for is found by halving, and its payload carries the error of the call.
    A dry run tells what would become of the entries one after another.
    """
    keyed = [{**entry, "idempotencyKey": client.key(name, entry)} for entry in entries]
    answers: list[Json] = [{} for _ in keyed]
    waiting = list(range(len(keyed)))
    began = time.monotonic()
    async for _ in waits(client.patience):
        found = await _send(client, name, fields, [keyed[index] for index in waiting], is_dry=is_dry)
        for index, answer in zip(waiting, found, strict=True):
            answers[index] = answer
        waiting = [index for index in waiting if _is_later(answers[index])]
        if not waiting:
            break
    if pace is not None:
        pace.note(len(entries), time.monotonic() - began)
    return answers


def _is_later(answer: Json) -> bool:
    return any(error["code"] in RETRIED or error["code"] == SLOW for error in answer["userErrors"])


async def _send(client: Client, name: str, fields: str, entries: Sequence[Json], *, is_dry: bool) -> list[Json]:
    kind = name[0].upper() + name[1:]
    errors = "userErrors { code message path }"
    query = (
        f"mutation ($input: {kind}BulkInput!) "
        f"{{ {name}Bulk(input: $input) {{ results {{ index {fields} {errors} }} {errors} }} }}"
    )
    mode = "ALL_OR_NOTHING" if is_dry else "BEST_EFFORT"
    try:
        data = await client.query(query, {"input": {"entries": list(entries), "mode": mode, "dryRun": is_dry}})
    except CallError as error:
        if error.is_hopeless:
            raise
        if len(entries) == 1:
            return [{"userErrors": [{"code": error.code, "message": error.message, "path": None}]}]
        middle = len(entries) // 2
        halves = (entries[:middle], entries[middle:])
        return [one for half in halves for one in await _send(client, name, fields, half, is_dry=is_dry)]
    payload = data[f"{name}Bulk"]
    results: list[Json] = payload["results"] or [{"userErrors": payload["userErrors"]} for _ in entries]
    return results


async def pages(client: Client, query: str, name: str, **variables: object) -> AsyncIterator[list[Json]]:
    """The nodes of every page of a list; the query takes ``$after``."""
    after = None
    while True:
        page = (await client.query(query, {**variables, "after": after}))[name]
        yield page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
