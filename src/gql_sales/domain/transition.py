"""How a verb is declared: its edge, guards, locks, scope and event; the rest of running it is the runner's."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar
from uuid import UUID

from gql_sales.db.models.base import Document
from gql_sales.db.queries.documents import Plan, load_documents
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.kernel.errors import InvalidTransition, NotFound, Refused, SalesError, VersionConflict
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError

R = TypeVar("R", bound=Document)
P = ParamSpec("P")

Guard = Callable[[Unit, R], Iterable[SalesError]]
Claims = Callable[[Unit, Sequence[dict[str, Any]]], Awaitable[None]]
"""Locks what the verb would lock in its body, for the arguments of many calls at once; see domain/bulk.py."""

Ahead = Callable[[Unit, Sequence[tuple[UUID | None, dict[str, Any]]]], Awaitable[Plan]]
"""Looks up, without locks, which further documents calls (id and arguments) lock: what only the database knows."""


@dataclass(frozen=True)
class Need:
    """Something that guards and verbs look at besides the document; loaded and locked by the runner, by ``rank``."""

    rank: int
    load: Callable[[Unit, Sequence[Document]], Awaitable[None]]


class Operation(Protocol):
    """What the runner can run: it performs itself on a unit and says how it is called."""

    @property
    def name(self) -> str:
        """The name of the mutation."""

    @property
    def scope(self) -> str:
        """What the caller must hold."""

    @property
    def is_bulk(self) -> bool:
        """Whether it has a Bulk twin."""

    @property
    def claims(self) -> Claims | None:
        """What many calls in one transaction lock beforehand besides documents and needs."""

    @property
    def ahead(self) -> Ahead | None:
        """Looks up what else calls lock."""

    def plan(self, id_: UUID | None, arguments: dict[str, Any], /) -> Plan:
        """The documents that a call locks, as far as its arguments name them."""

    async def perform(
        self, unit: Unit, id_: UUID | None, expected_version: int | None, arguments: dict[str, Any]
    ) -> Document:
        """Do it on the unit and return the document it is about; Refused when it must not be."""


@dataclass(frozen=True)
class Step:
    """Something more that the caller asks for in the same transaction, above the floor of the verb it follows.

    ``act`` gets the unit, the verb's document and ``arguments``; it runs verbs with ``follow``, which demands scopes.
    """

    name: str
    act: Callable[..., Awaitable[None]]
    arguments: dict[str, Any]


def demand(principal: Principal, operation: Operation) -> None:
    """FORBIDDEN for a caller who does not hold the operation's scope."""
    if not principal.may(operation.scope):
        message = f"{operation.name} needs the scope {operation.scope}."
        raise RequestError(Code.FORBIDDEN, message, requiredScopes=[[operation.scope]])


@dataclass(frozen=True)
class Transition(Generic[R, P]):
    """A verb on an existing document; calling it as ``within`` runs it as a step of another."""

    name: str
    verb: Callable[Concatenate[Unit, R, P], Awaitable[None]]
    root: type[R]
    scope: str
    event: str | None
    sources: frozenset[StrEnum] | None
    target: StrEnum | None
    guards: tuple[Guard[R], ...]
    needs: tuple[Need, ...]
    also: Callable[..., Plan] | None
    is_job: bool = False
    is_bulk: bool = False
    claims: Claims | None = None
    ahead: Ahead | None = None
    numbered_on: Callable[..., Awaitable[date | None]] | None = None

    @property
    def description(self) -> str:
        """The first line of the verb's docstring."""
        return first_line(self.verb)

    async def perform(
        self, unit: Unit, id_: UUID | None, expected_version: int | None, arguments: dict[str, Any]
    ) -> Document:
        """Lock and load what the verb declares, check the version, then apply it."""
        assert id_ is not None  # noqa: S101 (a transition is always called with its document)
        await lock(unit, self, [(id_, arguments)])
        document = unit.loaded.get(id_)
        if not isinstance(document, self.root):
            raise Refused(NotFound(f"No such {self.root.__name__}."))
        if expected_version not in (None, document.version):
            raise Refused(stale(document, expected_version))
        await self._apply(unit, document, arguments)
        return document

    def plan(self, id_: UUID | None, arguments: dict[str, Any]) -> Plan:
        """The documents that a call locks."""
        plan: dict[type[Document], set[UUID]] = {self.root: {id_} if id_ else set()}
        for cls, ids in (self.also(**arguments) if self.also else {}).items():
            plan.setdefault(cls, set()).update(ids)
        return plan

    async def within(self, unit: Unit, document: R, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run it as a step of the verb in progress: same unit, same checks, its own event."""
        await self._apply(unit, document, kwargs)

    async def follow(self, unit: Unit, document: R, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run it as a further step that the caller asks for: as ``within``, and the caller needs its scope too."""
        demand(unit.principal, self)
        await self._apply(unit, document, kwargs)

    async def _apply(self, unit: Unit, document: R, arguments: dict[str, Any]) -> None:
        if refusal := self.wrong_state(document):
            raise Refused(refusal)
        await load_needs(unit, [document], self.needs)
        refusals = [refusal for guard in self.guards for refusal in guard(unit, document)]
        if refusals:
            raise Refused(*refusals)
        before = len(unit.events)
        await self.verb(unit, document, **arguments)  # type: ignore[call-arg]
        if self.target is not None:
            document.state = self.target  # type: ignore[attr-defined]
        if self.event and not any(event.is_main for event in unit.events[before:]):
            unit.events.append(PendingEvent(self.event, document, {}, is_main=True))

    def wrong_state(self, document: R) -> InvalidTransition | None:
        """Why the document's state does not let the verb begin; None when it does."""
        if self.sources is None:
            return None
        state: StrEnum = document.state  # type: ignore[attr-defined]
        if state in self.sources:
            return None
        wanted = " or ".join(sorted(self.sources))
        return InvalidTransition(f"{self.name} needs {wanted}; the document is {state}.", from_state=str(state))


@dataclass(frozen=True)
class Creation(Generic[P, R]):
    """A verb that makes a document; ``also`` names the existing ones that it locks."""

    name: str
    verb: Callable[Concatenate[Unit, P], Awaitable[R]]
    root: type[R]
    scope: str
    event: str | None
    target: StrEnum | None
    also: Callable[..., Plan] | None
    is_bulk: bool = False
    claims: Claims | None = None
    ahead: Ahead | None = None

    @property
    def description(self) -> str:
        """The first line of the verb's docstring."""
        return first_line(self.verb)

    def plan(self, _: UUID | None, arguments: dict[str, Any]) -> Plan:
        """The documents that a call locks."""
        return self.also(**arguments) if self.also else {}

    async def perform(
        self, unit: Unit, id_: UUID | None, expected_version: int | None, arguments: dict[str, Any]
    ) -> Document:
        """Lock and load what the verb declares, then run it."""
        await lock(unit, self, [(id_, arguments)])
        before = len(unit.events)
        document = await self.verb(unit, **arguments)  # type: ignore[call-arg]
        # What is made anew has version 0; some of these verbs change what is there already.
        if expected_version not in (None, document.version):
            raise Refused(stale(document, expected_version))
        if self.event:
            unit.events.insert(before, PendingEvent(self.event, document, {}, is_main=True))
        return document


async def lock(unit: Unit, declared: Operation, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> None:
    """Lock and load the documents that the calls name or that are looked up for them, in the one order."""
    plan: dict[type[Document], set[UUID]] = defaultdict(set)
    plans = [declared.plan(id_, arguments) for id_, arguments in calls]
    for named in [*plans, *([await declared.ahead(unit, calls)] if declared.ahead else [])]:
        for cls, ids in named.items():
            plan[cls] |= ids
    await load_documents(unit, plan)


def stale(document: Document, expected_version: int | None) -> VersionConflict:
    """The refusal of a call that read another version of the document."""
    message = f"The document has version {document.version}, not {expected_version}."
    return VersionConflict(message, current_version=document.version)


AnyTransition = Transition[Any, ...]
TRANSITIONS: dict[str, AnyTransition] = {}
JOBS: dict[str, AnyTransition] = {}
"""Transitions that jobs run; they have no field."""
CREATIONS: dict[str, Creation[..., Any]] = {}


def transition(
    root: type[R],
    *,
    scope: str,
    event: str | None,
    sources: Iterable[StrEnum] | None = None,
    target: StrEnum | None = None,
    guards: Iterable[Guard[R]] = (),
    needs: Iterable[Need] = (),
    also: Callable[..., Plan] | None = None,
    bulk: bool = False,
    claims: Claims | None = None,
    ahead: Ahead | None = None,
    is_job: bool = False,
    numbered_on: Callable[..., Awaitable[date | None]] | None = None,
) -> Callable[[Callable[Concatenate[Unit, R, P], Awaitable[None]]], Transition[R, P]]:
    """Declare the verb below as a transition of ``root``.

    ``sources`` are the states it may begin in (None: the document has no states), ``target`` the state it ends in
    (None: unchanged). ``also`` gives, from the arguments, further documents to lock, ``ahead`` looks them up. The name
    is the path of the file. With ``bulk`` there is a twin for many calls at once, for which ``claims`` locks what the
    verb locks in its body, and ``numbered_on`` tells the day that decides the sequence of numbers (None: the caller's).
    With ``is_job`` it has no field, and only jobs run it.
    """

    def declare(verb: Callable[Concatenate[Unit, R, P], Awaitable[None]]) -> Transition[R, P]:
        declared = Transition(
            mutation_name(verb.__module__),
            verb,
            root,
            scope,
            event,
            frozenset(sources) if sources is not None else None,
            target,
            tuple(guards),
            tuple(needs),
            also,
            is_bulk=bulk,
            claims=claims,
            ahead=ahead,
            is_job=is_job,
            numbered_on=numbered_on,
        )
        (JOBS if is_job else TRANSITIONS)[declared.name] = declared
        return declared

    return declare


def creation(
    root: type[R],
    *,
    scope: str,
    event: str | None,
    target: StrEnum | None = None,
    also: Callable[..., Plan] | None = None,
    bulk: bool = False,
    claims: Claims | None = None,
    ahead: Ahead | None = None,
) -> Callable[[Callable[Concatenate[Unit, P], Awaitable[R]]], Creation[P, R]]:
    """Declare the verb below as the one that makes a ``root``; ``target`` is the state it begins its life in.

    ``bulk``, ``claims`` and ``ahead`` are those of ``transition``.
    """

    def declare(verb: Callable[Concatenate[Unit, P], Awaitable[R]]) -> Creation[P, R]:
        declared = Creation(mutation_name(verb.__module__), verb, root, scope, event, target, also, bulk, claims, ahead)
        CREATIONS[declared.name] = declared
        return declared

    return declare


@dataclass(frozen=True)
class Automatic:
    """A transition that the runner fires by itself as soon as its condition holds; it has no field."""

    name: str
    root: type[Document]
    event: str
    sources: frozenset[StrEnum]
    target: StrEnum
    when: Callable[[Unit, Any], bool]
    act: Callable[[Unit, Any], None]
    description: str


AUTOMATICS: list[Automatic] = []
REACTIONS: dict[str, list[Callable[[Unit, Any], Awaitable[None]]]] = {}
DERIVERS: dict[type[Document], Callable[[Unit, Any], None]] = {}


def automatic(
    root: type[R], *, sources: Iterable[StrEnum], target: StrEnum, event: str, when: Callable[[Unit, R], bool]
) -> Callable[[Callable[[Unit, R], None]], Callable[[Unit, R], None]]:
    """Declare what happens to ``root`` by itself: judged after every mutation that touches it."""

    def declare(act: Callable[[Unit, R], None]) -> Callable[[Unit, R], None]:
        name = mutation_name(act.__module__)
        AUTOMATICS.append(Automatic(name, root, event, frozenset(sources), target, when, act, first_line(act)))
        return act

    return declare


def reaction(on: str) -> Callable[[Callable[[Unit, R], Awaitable[None]]], Callable[[Unit, R], Awaitable[None]]]:
    """Declare what a higher document does when the event ``on`` of a lower one happens, in the same transaction."""

    def declare(react: Callable[[Unit, R], Awaitable[None]]) -> Callable[[Unit, R], Awaitable[None]]:
        REACTIONS.setdefault(on, []).append(react)
        return react

    return declare


def derives(root: type[R]) -> Callable[[Callable[[Unit, R], None]], Callable[[Unit, R], None]]:
    """Declare how the derived columns of ``root`` follow from its quantities and amounts; nobody else sets them."""

    def declare(derive: Callable[[Unit, R], None]) -> Callable[[Unit, R], None]:
        DERIVERS[root] = derive
        return derive

    return declare


async def load_needs(unit: Unit, documents: Sequence[Document], needs: Iterable[Need]) -> None:
    """Load every need of the documents in lock order."""
    for need in sorted(set(needs), key=lambda need: need.rank):
        await need.load(unit, documents)


def first_line(function: Callable[..., Any]) -> str:
    """The first line of a docstring: the one place where the sentence exists."""
    return (function.__doc__ or "").strip().splitlines()[0]


def mutation_name(module: str) -> str:
    """``gql_sales.domain.tax_rules.set`` is ``taxRuleSet``: the name is the path."""
    folder, verb = module.split(".")[-2:]
    singular = folder[:-3] + "y" if folder.endswith("ies") else folder.removesuffix("s")
    first, *rest = f"{singular}_{verb}".split("_")
    return first + "".join(word.capitalize() for word in rest)
