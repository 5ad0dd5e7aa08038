"""What can happen to every document, read off the declarations that the program runs by."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from gql_sales.db.models.base import Document
from gql_sales.domain.registry import load_all
from gql_sales.domain.transition import AUTOMATICS, CREATIONS, JOBS, REACTIONS, TRANSITIONS, first_line
from gql_sales.kernel.enums import DescribedEnum


def describe() -> str:
    """Every document with its states, creations, transitions, guards and reactions, as plain text."""
    load_all()
    return "\n\n".join("\n".join(_document(cls)) for cls in sorted(_documents(), key=lambda cls: cls.__name__))


def _documents() -> set[type[Document]]:
    declared: Iterable[Any] = (*CREATIONS.values(), *TRANSITIONS.values(), *JOBS.values(), *AUTOMATICS)
    return {one.root for one in declared}


def _document(cls: type[Document]) -> Iterator[str]:
    yield cls.__name__
    for state in _states(cls):
        yield f"  {state:<12} {state.description}"
    for made in sorted((one for one in CREATIONS.values() if one.root is cls), key=lambda one: one.name):
        yield _edge((), made.target, made.name, made.event)
        yield _text(made.description)
    for verb in sorted((one for one in TRANSITIONS.values() if one.root is cls), key=lambda one: one.name):
        yield _edge(verb.sources or (), verb.target, verb.name, verb.event)
        yield _text(verb.description)
        if verb.guards:
            yield _text("guards: " + ", ".join(guard.__name__ for guard in verb.guards))
    for verb in sorted((one for one in JOBS.values() if one.root is cls), key=lambda one: one.name):
        yield _edge(verb.sources or (), verb.target, f"{verb.name} (job)", verb.event)
        yield _text(verb.description)
    for rule in (one for one in AUTOMATICS if one.root is cls):
        yield _edge(rule.sources, rule.target, f"{rule.name} (automatic)", rule.event)
        yield _text(rule.description)
        yield _text(f"when: {rule.when.__name__}")
    for event, reactions in _reactions(cls).items():
        yield f"  on {event}"
        yield from (_text(f"{react.__name__}: {first_line(react)}") for react in reactions)


def _states(cls: type[Document]) -> Iterable[DescribedEnum]:
    column = cls.__table__.columns.get("state")
    enum = getattr(getattr(column, "type", None), "enum_class", None)
    return enum or ()


def _edge(sources: Iterable[StrEnum], target: StrEnum | None, name: str, event: str | None) -> str:
    before = " | ".join(sorted(sources)) or "·"
    return f"  {name}: {before} → {target or 'same'}" + (f" [{event}]" if event else "")


def _text(text: str) -> str:
    return f"      {text}"


def _reactions(cls: type[Document]) -> dict[str, list[Callable[..., Any]]]:
    """Reactions to the events that verbs of the document cause, by event."""
    found: dict[str, list[Callable[..., Any]]] = defaultdict(list)
    declared: Iterable[Any] = (*CREATIONS.values(), *TRANSITIONS.values(), *JOBS.values(), *AUTOMATICS)
    for event in sorted({one.event for one in declared if one.root is cls and one.event}):
        found[event] = list(REACTIONS.get(event, []))
    return {event: reactions for event, reactions in found.items() if reactions}
