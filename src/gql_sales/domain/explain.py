"""Explaining what may be done with documents: the declarations are asked, nothing is locked or written (N-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from gql_sales.db.engine import Database
from gql_sales.db.models.base import Document
from gql_sales.db.queries.documents import load_documents
from gql_sales.db.session import Unit
from gql_sales.domain.transition import TRANSITIONS, AnyTransition, load_needs
from gql_sales.kernel.errors import SalesError
from gql_sales.kernel.principals import Principal


@dataclass(frozen=True)
class Explanation:
    """One transition of one document, with everything that stands in its way."""

    name: str
    blockers: tuple[SalesError, ...]


async def explain(
    database: Database, principal: Principal, root: type[Document], ids: Sequence[UUID]
) -> list[list[Explanation]]:
    """For each id the transitions that the principal has the scope for, by name; none when the document is not visible.

    The number of statements does not depend on the number of documents.
    """
    declared = sorted(
        (t for t in TRANSITIONS.values() if t.root is root and principal.may(t.scope)), key=lambda t: t.name
    )
    async with database.transaction() as session:
        unit = Unit(session, principal, datetime.now(UTC), is_locking=False)
        await load_documents(unit, {root: set(ids)})
        documents = [document for id_ in ids if (document := unit.loaded.get(id_))]
        await load_needs(unit, documents, {need for one in declared for need in one.needs})
        return [
            [_explain(unit, one, unit.loaded[id_]) for one in declared] if id_ in unit.loaded else [] for id_ in ids
        ]


def _explain(unit: Unit, declared: AnyTransition, document: Document) -> Explanation:
    """A wrong state is the only blocker told; guards are judged in the right state only, as the runner does."""
    refusal = declared.wrong_state(document)
    if refusal:
        return Explanation(declared.name, (refusal,))
    return Explanation(declared.name, tuple(e for guard in declared.guards for e in guard(unit, document)))
