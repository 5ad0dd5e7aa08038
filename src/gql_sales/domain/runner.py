"""The runner: the only code that moves a document, the same way for every verb (architecture.md 4)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar
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
from gql_sales.domain.transition import AUTOMATICS, DERIVERS, REACTIONS, Creation, Operation, Transition, demand
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
    """Try until it is done, refused, or has lost against other writers too often."""
    demand(call.principal, declared)
    for attempt in range(1, TRIES + 1):
        try:
            return await _attempt(declared, call, id_, arguments)
        except Refused as refused:
            return Outcome(errors=refused.errors)
        except DBAPIError as error:
            fault = classify(error)
            if fault.kind == FaultKind.RETRY and attempt < TRIES:
                continue
            if fault.kind in (FaultKind.RETRY, FaultKind.LOCK_TIMEOUT):
                return Outcome(errors=(LockTimeout("Another change held the same rows for too long."),))
            refusal = refusal_for(fault.constraint)
            if refusal is None:
                raise
            return Outcome(errors=(refusal,))
    raise AssertionError("unreachable")


async def _attempt(declared: Operation, call: Call, id_: UUID | None, arguments: dict[str, Any]) -> Outcome:
    """One transaction: key, locks, checks, verb, reactions, axes, numbers, events, answer, commit."""
    async with call.database.session() as session:
        unit = Unit(session, call.principal, call.clock())
        if not call.dry_run:
            replay = await _replay(unit, declared, call, id_, arguments)
            if replay is not None:
                return replay
        document = await declared.perform(unit, id_, call.expected_version, arguments)
        await _follow(unit)
        _judge_warnings(unit, call)
        _derive(unit)
        found = effects.collect(unit)
        found += await fill_numbers(unit, is_dry=call.dry_run)
        found += [_event_effect(event) for event in append_events(unit, call.idempotency_key)]
        outcome = Outcome(_documents(unit, document), (), tuple(unit.warnings), tuple(found))
        await write(unit)
        if call.dry_run:
            await session.rollback()
            return Outcome({type(document).__name__: [id_]} if id_ else {}, *_rest(outcome))
        await store_answer(session, call.principal.key, call.idempotency_key, _as_answer(outcome))
        await session.commit()
    call.database.wake()
    return outcome


async def _replay(
    unit: Unit, declared: Operation, call: Call, id_: UUID | None, arguments: dict[str, Any]
) -> Outcome | None:
    """Take the key, or give the answer that it was taken for (reliability.md I1, I2)."""
    print_ = fingerprint(declared.name, id_, arguments, call.principal.company_id)
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
