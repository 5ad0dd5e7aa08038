"""The runner: the only code that moves a document, the same way for every verb (architecture.md 4)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

import orjson

from gql_sales.db.changes import touched
from gql_sales.db.engine import Database
from gql_sales.db.events import append_events
from gql_sales.db.faults import DBAPIError, FaultKind, classify
from gql_sales.db.idempotency import store_answer, take_key
from gql_sales.db.models.base import Document
from gql_sales.db.models.events import Event
from gql_sales.db.session import Unit
from gql_sales.db.writing import write
from gql_sales.domain import effects
from gql_sales.domain.constraints import refusal_for
from gql_sales.domain.effects import Effect
from gql_sales.domain.numbers.fill import fill_numbers
from gql_sales.domain.transition import AUTOMATICS, DERIVERS, REACTIONS, Creation, Operation, Step, Transition, demand
from gql_sales.kernel.errors import (
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    LockTimeout,
    Refused,
    SalesError,
    WarningNotAcknowledged,
)
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.warnings import Warned, WarningCode

P = ParamSpec("P")
R = TypeVar("R", bound=Document)

TRIES = 4
REACTION_DEPTH = 20


def utc_now() -> datetime:
    """The instant, from the one clock of the process."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Call:
    """Who calls a verb, and the four things that every mutation takes."""

    principal: Principal
    database: Database
    idempotency_key: str
    expected_version: int | None = None
    dry_run: bool = False
    acknowledged: frozenset[WarningCode] = frozenset()
    clock: Callable[[], datetime] = utc_now
    client_address: str | None = None
    """Where the call came from; no part of what it means, since a retry may come from elsewhere."""

    batch: "Batch | None" = None
    """The bulk call that this one is an entry of."""

    then: tuple[Step, ...] = ()
    """What follows the verb in the same transaction, each when everything before it and its reactions are done."""


@dataclass(frozen=True)
class Outcome:
    """What became of a call: either errors and nothing written, or the documents and every effect."""

    documents: dict[str, list[UUID]] = field(default_factory=dict)
    errors: tuple[SalesError, ...] = ()
    warnings: tuple[Warned, ...] = ()
    effects: tuple[Effect, ...] = ()
    is_replayed: bool = False

    def document(self, name: str) -> UUID | None:
        """The id of the first document of the type that the call was about or made."""
        return next(iter(self.documents.get(name, [])), None)


@dataclass(frozen=True)
class Entry:
    """A call with everything that it was called with."""

    declared: Operation
    call: Call
    id_: UUID | None
    arguments: dict[str, Any]


class Batch(Protocol):
    """Where the calls of one bulk call meet; see domain/bulk.py."""

    async def join(self, entry: Entry) -> Outcome:
        """Wait for the others, and tell what became of this one."""


async def run(declared: Transition[R, P], call: Call, id_: UUID, /, *args: P.args, **kwargs: P.kwargs) -> Outcome:
    """Run a transition on the document ``id_``; its arguments are those of the verb."""
    outcome = await _run(declared, call, id_, kwargs)
    return outcome if outcome.documents else Outcome({declared.root.__name__: [id_]}, *_rest(outcome))


async def create(declared: Creation[P, R], call: Call, /, *args: P.args, **kwargs: P.kwargs) -> Outcome:
    """Run a creation; its arguments are those of the verb."""
    return await _run(declared, call, None, kwargs)


def _rest(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.errors, outcome.warnings, outcome.effects, outcome.is_replayed


async def _run(declared: Operation, call: Call, id_: UUID | None, arguments: dict[str, Any]) -> Outcome:
    """Alone, or with the others of its bulk call."""
    demand(call.principal, declared)
    entry = Entry(declared, call, id_, arguments)
    return await call.batch.join(entry) if call.batch else await settle(entry)


async def settle(entry: Entry) -> Outcome:
    """Try until it is done, refused, or has lost against other writers too often."""
    for attempt in range(1, TRIES + 1):
        try:
            return await _attempt(entry)
        except Refused as refused:
            return Outcome(errors=refused.errors)
        except DBAPIError as error:
            if attempt < TRIES and classify(error).kind == FaultKind.RETRY:
                continue
            return Outcome(errors=(refusal_of(error),))
    raise AssertionError("unreachable")


def refusal_of(error: DBAPIError) -> SalesError:
    """What a database error means to the caller; raised again when it is a defect."""
    fault = classify(error)
    if fault.kind in (FaultKind.RETRY, FaultKind.LOCK_TIMEOUT):
        return LockTimeout("Another change held the same rows for too long.")
    refusal = refusal_for(fault.constraint)
    if refusal is None:
        raise error
    return refusal


async def _attempt(entry: Entry) -> Outcome:
    """One transaction: key, locks, checks, verb, reactions, axes, numbers, events, answer, commit."""
    call = entry.call
    async with call.database.transaction() as session:
        unit = Unit(session, call.principal, call.clock(), client_address=call.client_address)
        if not call.dry_run:
            replay = await replayed(unit, entry)
            if replay is not None:
                return replay
        outcome = await act(unit, entry, is_dry=call.dry_run)
        if call.dry_run:
            await session.rollback()
            return tried(entry, outcome)
        await keep_answer(unit, entry, outcome)
        await session.commit()
    call.database.wake()
    return outcome


async def act(unit: Unit, entry: Entry, *, is_dry: bool) -> Outcome:
    """Everything of a call that happens between its key and its answer; afterwards all of it is written."""
    document = await entry.declared.perform(unit, entry.id_, entry.call.expected_version, entry.arguments)
    await _follow(unit)
    for step in entry.call.then:
        await step.act(unit, document, **step.arguments)
        await _follow(unit)
    _judge_warnings(unit, entry.call)
    _derive(unit)
    found = effects.collect(unit)
    found += await fill_numbers(unit, is_dry=is_dry)
    found += [_event_effect(event) for event in append_events(unit, entry.call.idempotency_key)]
    outcome = Outcome(_documents(unit, document), (), tuple(unit.warnings), tuple(found))
    await write(unit)
    return outcome


def tried(entry: Entry, outcome: Outcome) -> Outcome:
    """What a dry run tells: the document that it began with, since whatever it made is gone."""
    (name, _), *_others = outcome.documents.items()
    return Outcome({name: [entry.id_]} if entry.id_ else {}, *_rest(outcome))


async def keep_answer(unit: Unit, entry: Entry, outcome: Outcome) -> None:
    """Store the answer under the key that was taken for it."""
    call = entry.call
    await store_answer(unit.session, call.principal.key, call.idempotency_key, _as_answer(outcome))


async def replayed(unit: Unit, entry: Entry) -> Outcome | None:
    """Take the key, or give the answer that it was taken for (reliability.md I1, I2)."""
    declared, call = entry.declared, entry.call
    print_ = fingerprint(declared.name, entry.id_, _said(entry), call.principal.company_id)
    try:
        stored = await take_key(unit.session, call.principal.key, call.idempotency_key, declared.name, print_)
    except DBAPIError as error:
        if classify(error).kind == FaultKind.LOCK_TIMEOUT:
            raise Refused(IdempotencyKeyInUse("A request with this key is still running.")) from None
        raise
    if stored is None:
        return None
    if (stored.mutation, stored.fingerprint) != (declared.name, print_):
        raise Refused(IdempotencyKeyReused(f"The key was used for another {stored.mutation}."))
    return _from_answer(stored.answer)


async def _follow(unit: Unit) -> None:
    """Drain reactions in the order of the events that cause them, then fire what happens by itself."""
    seen = 0
    for _ in range(REACTION_DEPTH):
        events, seen = unit.events[seen:], len(unit.events)
        for event in events:
            for react in REACTIONS.get(event.type, []):
                await react(unit, event.document)
        if seen == len(unit.events) and not _fire_automatics(unit):
            return
    raise RuntimeError("Reactions do not come to an end.")


def _fire_automatics(unit: Unit) -> bool:
    fired = False
    for document in touched(unit):
        for rule in AUTOMATICS:
            if isinstance(document, rule.root) and document.state in rule.sources and rule.when(unit, document):  # type: ignore[attr-defined]
                rule.act(unit, document)
                document.state = rule.target  # type: ignore[attr-defined]
                unit.emit(rule.event, document)
                fired = True
    return fired


def _judge_warnings(unit: Unit, call: Call) -> None:
    missing = [w for w in unit.warnings if w.needs_acknowledgement and w.code not in call.acknowledged]
    if missing:
        raise Refused(*[WarningNotAcknowledged(w.message, w.path, warning_code=str(w.code)) for w in missing])


def _derive(unit: Unit) -> None:
    for document in touched(unit):
        derive = DERIVERS.get(type(document))
        if derive:
            derive(unit, document)


def _event_effect(event: Event) -> Effect:
    data = {"document_type": event.document_type, "document_id": str(event.document_id), "type": event.type}
    return Effect("Event", f"{event.type}.", data)


def _documents(unit: Unit, document: Document) -> dict[str, list[UUID]]:
    """The verb's own document first, then every other one that was made or changed, by type."""
    found: dict[str, list[UUID]] = {type(document).__name__: [document.id]}
    for other in touched(unit):
        ids = found.setdefault(type(other).__name__, [])
        if other.id not in ids:
            ids.append(other.id)
    return found


def fingerprint(name: str, id_: UUID | None, arguments: dict[str, Any], company_id: UUID | None = None) -> bytes:
    """SHA-256 of what a call means, in one canonical form (reliability.md I4).

    The company belongs to it: a login may act for several, and an answer of one is no answer in another (I5).
    """
    content = {"mutation": name, "id": id_, "arguments": arguments, "company": company_id}
    return hashlib.sha256(orjson.dumps(content, default=_canonical, option=orjson.OPT_SORT_KEYS)).digest()


def _said(entry: Entry) -> dict[str, Any]:
    """Everything that the caller said: the arguments of the verb, and those of the steps after it."""
    steps = {step.name: step.arguments for step in entry.call.then}
    return {**entry.arguments, "steps": steps} if steps else entry.arguments


def _canonical(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _as_answer(outcome: Outcome) -> dict[str, Any]:
    return {
        "documents": {name: [str(id_) for id_ in ids] for name, ids in outcome.documents.items()},
        "warnings": [[w.code, w.message, w.path] for w in outcome.warnings],
        "effects": [effect.as_json() for effect in outcome.effects],
    }


def _from_answer(answer: dict[str, Any]) -> Outcome:
    return Outcome(
        {name: [UUID(id_) for id_ in ids] for name, ids in answer["documents"].items()},
        (),
        tuple(Warned(WarningCode(code), message, path) for code, message, path in answer["warnings"]),
        tuple(Effect(**effect) for effect in answer["effects"]),
        is_replayed=True,
    )
