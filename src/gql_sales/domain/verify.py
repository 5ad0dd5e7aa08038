"""Recomputes every invariant over what is stored, so that we find a broken one (reliability.md P10)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from gql_sales.db.changes import changes
from gql_sales.db.engine import Database
from gql_sales.db.models.base import Document
from gql_sales.db.queries.verification import CHECKS, Broken, batches, broken, snapshot
from gql_sales.db.session import Unit
from gql_sales.domain.registry import load_all
from gql_sales.domain.transition import DERIVERS
from gql_sales.kernel.ids import PREFIXES, encode_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind

VERIFIER = Principal(PrincipalKind.SYSTEM, Audience.ADMIN, "verify")


@dataclass(frozen=True)
class Finding:
    """One broken row: the rule's name in spec/domain.md or reliability.md, the document, and the figures."""

    rule: str
    subject: str
    message: str


async def verify(database: Database, company_id: UUID | None = None) -> list[Finding]:
    """Everything that is broken, as of one instant; in one company, or in all and in what they share."""
    load_all()
    found: list[Broken] = []
    async with snapshot(database) as session:
        for rule, statement in CHECKS:
            found += await broken(session, rule, statement, company_id)
        unit = Unit(session, VERIFIER, datetime.now(UTC), is_locking=False)
        for cls in sorted(DERIVERS, key=lambda cls: cls.__name__):
            async for documents in batches(session, cls, company_id):
                found += _misderived(unit, documents)
    return [Finding(one.rule, _subject(one), one.message) for one in found]


def _misderived(unit: Unit, documents: list[Document]) -> list[Broken]:
    """Derived columns that do not follow from the quantities and amounts beside them (T4); nothing is written."""
    for document in documents:
        DERIVERS[type(document)](unit, document)
    return [
        Broken(
            "T4",
            type(change.row).__name__,
            change.row.id,
            getattr(change.row, "number", None) or "",
            f"{change.column} is {change.before}, but {change.after} follows from the rest",
        )
        for change in changes(unit)
    ]


def _subject(one: Broken) -> str:
    """Type, what people call it, and its id."""
    id_ = "" if one.id is None else encode_id(one.kind, one.id) if one.kind in PREFIXES else str(one.id)
    return " ".join(part for part in (one.kind, one.label, id_) if part)
