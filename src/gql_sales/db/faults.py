"""What a database error means: retry, give up waiting, a broken named constraint, or a defect."""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy.exc import DBAPIError

__all__ = ["DBAPIError", "Fault", "FaultKind", "classify"]


class FaultKind(Enum):
    """Kinds of database errors that the runner tells apart."""

    RETRY = auto()
    LOCK_TIMEOUT = auto()
    CONSTRAINT = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Fault:
    """A classified database error; ``constraint`` is the name of what was violated."""

    kind: FaultKind
    constraint: str | None = None


_RETRY = {"40P01", "40001"}
_LOCK_TIMEOUT = "55P03"
_CONSTRAINTS = {"23505", "23514", "23503", "23P01", "P0001"}


def classify(error: DBAPIError) -> Fault:
    """The kind of fault behind SQLAlchemy's wrapper of asyncpg's error."""
    state = getattr(error.orig, "sqlstate", None)
    # The driver's own error, which SQLAlchemy wraps once more when the statement was its own.
    cause = getattr(error.orig, "__cause__", None) or error.orig
    if state in _RETRY:
        return Fault(FaultKind.RETRY)
    if state == _LOCK_TIMEOUT:
        return Fault(FaultKind.LOCK_TIMEOUT)
    if state in _CONSTRAINTS:
        return Fault(FaultKind.CONSTRAINT, getattr(cause, "constraint_name", None))
    return Fault(FaultKind.OTHER)
