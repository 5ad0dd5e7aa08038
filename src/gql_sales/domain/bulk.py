"""Bulk calls: many calls of one verb at once, each as if made alone, in one transaction or in one each (api.md 5).

Each call comes through its own resolver and waits in its seat until all have come, so that what one of them cannot even
say (a malformed id) stops the others before anything is done.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from gql_sales.db.faults import DBAPIError, FaultKind, classify
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.runner import (
    TRIES,
    Entry,
    Outcome,
    act,
    keep_answer,
    refusal_of,
    replayed,
    settle,
    tried,
)
from gql_sales.domain.transition import Transition, load_needs, lock
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.errors import (
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InvalidInput,
    Refused,
    SalesError,
    TooManyEntries,
)

T = TypeVar("T")

MOST_ENTRIES = 250
RESTARTS = 10
"""How often a transaction that an entry broke begins again without it, to hear what the others are refused for."""
ENTRIES = ("input", "entries")


class BulkMode(DescribedEnum):
    """What a refused entry means to the others."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING", "One transaction: when an entry is refused, nothing is written."
    BEST_EFFORT = "BEST_EFFORT", "A transaction for each entry: a refused one does not stop the others."


@dataclass(frozen=True)
class Seat:
    """Where one call waits for the others."""

    bulk: "Bulk"
    index: int

    async def join(self, entry: Entry) -> Outcome:
        """Wait for the others, and tell what became of this one."""
        return await self.bulk.join(self.index, entry)


class Bulk:
    """The calls of one bulk call; ``errors`` are about all of them."""

    def __init__(self, mode: BulkMode, size: int) -> None:
        """``size`` is the number of calls that will come."""
        self.mode = mode
        self.errors: tuple[SalesError, ...] = tuple(_size_refusals(size))
        self._size = size
        self._entries: dict[int, Entry] = {}
        self._answers: dict[int, asyncio.Future[Outcome]] = {}
        self._is_full = asyncio.Event()

    async def join(self, index: int, entry: Entry) -> Outcome:
        """Take the call in; it is told what became of it when all are done."""
        self._entries[index] = entry
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._answers[index] = answer
        if len(self._entries) == self._size:
            self._is_full.set()
        return await answer

    async def together(self, calls: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
        """What each of the calls gives, which all sit here; the first error that is no refusal stops them all."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(call) for call in calls]
                await self._is_full.wait()
                outcomes = await self._settle([self._entries[index] for index in range(self._size)])
                for index, outcome in enumerate(outcomes):
                    self._answers[index].set_result(_placed(index, outcome))
        except BaseExceptionGroup as found:
            raise found.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _settle(self, entries: Sequence[Entry]) -> list[Outcome]:
        errors: Errors = dict.fromkeys(_repeated(entries), (KEY_TWICE,))
        if self.mode == BulkMode.BEST_EFFORT:
            outcomes = {}
            for index in await _sequence(entries):
                outcomes[index] = Outcome(errors=errors[index]) if index in errors else await settle(entries[index])
            return [outcomes[index] for index in range(len(entries))]
        if len({entry.call.dry_run for entry in entries}) > 1:
            self.errors = (InvalidInput("All entries of one transaction are dry runs, or none is.", ENTRIES),)
            return [Outcome() for _ in entries]
        try:
            return await _all_or_nothing(entries, errors)
        except Refused as refused:
            self.errors = refused.errors
            return [Outcome() for _ in entries]


Errors = dict[int, tuple[SalesError, ...]]
KEY_TWICE = IdempotencyKeyReused("Another entry of the call has this key.", ("input", "idempotencyKey"))


def _size_refusals(size: int) -> Iterable[SalesError]:
    if size == 0:
        yield InvalidInput("Name at least one entry.", ENTRIES)
    if size > MOST_ENTRIES:
        yield TooManyEntries(f"At most {MOST_ENTRIES} entries.", ENTRIES)


def _placed(index: int, outcome: Outcome) -> Outcome:
    """The outcome with the paths of its errors as they are in the input of the bulk call."""
    place = (*ENTRIES, str(index))
    errors = [replace(error, path=(*place, *(error.path or ())[1:])) for error in outcome.errors]
    return replace(outcome, errors=tuple(errors))


def _repeated(entries: Sequence[Entry]) -> Iterable[int]:
    """Entries whose key an earlier one has."""
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.call.idempotency_key in seen:
            yield index
        seen.add(entry.call.idempotency_key)


async def _sequence(entries: Sequence[Entry]) -> list[int]:
    """The order in which the entries take their numbers: as they are given, or by day where the verb says so (X-27)."""
    declared, call = entries[0].declared, entries[0].call
    if not isinstance(declared, Transition) or declared.numbered_on is None:
        return list(range(len(entries)))
    async with call.database.transaction() as session:
        unit = Unit(session, call.principal, call.clock(), is_locking=False)
        await load_documents(unit, {declared.root: {entry.id_ for entry in entries if entry.id_}})
        days: list[date] = []
        for entry in entries:
            document = unit.loaded.get(entry.id_) if entry.id_ else None
            day = await declared.numbered_on(unit, document, **entry.arguments) if document else None
            days.append(day or date.max)
    return sorted(range(len(entries)), key=lambda index: (days[index], index))


class _Broken(Exception):
    """The database gave up the transaction because of one entry."""

    def __init__(self, index: int, *errors: SalesError) -> None:
        super().__init__(index)
        self.index = index
        self.errors = errors


async def _all_or_nothing(entries: Sequence[Entry], errors: Errors) -> list[Outcome]:
    """Try until it is done or refused; entries that broke a transaction are left out of the next one."""
    tries, sequence = 1, await _sequence(entries)
    for _ in range(TRIES + RESTARTS):
        known = dict(errors)
        try:
            return await _attempt(entries, sequence, known)
        except _Broken as broken:
            errors[broken.index] = broken.errors
            if len(errors) > RESTARTS:
                return _refused(entries, known | errors)
        except DBAPIError as error:
            if tries == TRIES or classify(error).kind != FaultKind.RETRY:
                raise Refused(refusal_of(error)) from error
            tries += 1
    return _refused(entries, errors)


def _refused(entries: Sequence[Entry], errors: Errors) -> list[Outcome]:
    return [Outcome(errors=errors.get(index, ())) for index in range(len(entries))]


async def _attempt(entries: Sequence[Entry], sequence: Sequence[int], errors: Errors) -> list[Outcome]:
    """One transaction: all keys, all locks, then entry after entry, each seeing what those before it did."""
    call = entries[0].call
    outcomes: dict[int, Outcome] = {}
    async with call.database.transaction() as session:
        unit = Unit(session, call.principal, call.clock(), client_address=call.client_address)
        if not call.dry_run:
            await _take_keys(unit, entries, outcomes, errors)
        fresh = [index for index in sequence if index not in outcomes and index not in errors]
        await _lock(unit, [entries[index] for index in fresh])
        for index in fresh:
            session.expunge_all()
            await _act(_next(unit), entries[index], index, outcomes, errors)
        if errors or call.dry_run:
            await session.rollback()
            return [_undone(entry, index, outcomes, errors) for index, entry in enumerate(entries)]
        for index in fresh:
            await keep_answer(unit, entries[index], outcomes[index])
        await session.commit()
    call.database.wake()
    return [outcomes[index] for index in range(len(entries))]


async def _take_keys(unit: Unit, entries: Sequence[Entry], outcomes: dict[int, Outcome], errors: Errors) -> None:
    """In the order of the keys, so that two bulk calls with the same ones wait in a line."""
    for index in sorted(range(len(entries)), key=lambda one: entries[one].call.idempotency_key):
        if index in errors:
            continue
        try:
            replay = await replayed(unit, entries[index])
        except Refused as refused:
            if any(isinstance(error, IdempotencyKeyInUse) for error in refused.errors):
                raise _Broken(index, *refused.errors) from None
            errors[index] = refused.errors
        else:
            if replay is not None:
                outcomes[index] = replay


async def _lock(unit: Unit, entries: Sequence[Entry]) -> None:
    """Lock what all the entries need in the one order, so that bulk calls never wait for one another in a circle."""
    if not entries:
        return
    declared = entries[0].declared
    await lock(unit, declared, [(entry.id_, entry.arguments) for entry in entries])
    if isinstance(declared, Transition):
        ids_ = {entry.id_ for entry in entries if entry.id_ in unit.loaded}
        await load_needs(unit, [unit.loaded[id_] for id_ in sorted(ids_)], declared.needs)
    if declared.claims is not None:
        await declared.claims(unit, [entry.arguments for entry in entries])


def _next(unit: Unit) -> Unit:
    """A unit of its own for the next entry, which shares what nobody changes, and the numbers a dry run has named."""
    return Unit(
        unit.session,
        unit.principal,
        unit.now,
        client_address=unit.client_address,
        companies=unit.companies,
        channels=unit.channels,
        policies=unit.policies,
        policy_origins=unit.policy_origins,
        told_dates=unit.told_dates,
    )


async def _act(unit: Unit, entry: Entry, index: int, outcomes: dict[int, Outcome], errors: Errors) -> None:
    try:
        outcomes[index] = await act(unit, entry, is_dry=entry.call.dry_run)
    except Refused as refused:
        errors[index] = refused.errors
    except DBAPIError as error:
        if classify(error).kind == FaultKind.RETRY:
            raise
        raise _Broken(index, refusal_of(error)) from error


def _undone(entry: Entry, index: int, outcomes: dict[int, Outcome], errors: Errors) -> Outcome:
    """What an entry is told of a transaction that was rolled back."""
    outcome = outcomes.get(index)
    if index in errors:
        return Outcome(errors=errors[index])
    if outcome is not None and outcome.is_replayed:
        return outcome
    return tried(entry, outcome) if outcome is not None and not errors else Outcome()
