"""Recomputes every invariant over what is stored, so that we find a broken one (reliability.md P10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from gql_sales.db.changes import changes
from gql_sales.db.engine import Database
from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo
from gql_sales.db.models.numbers import SeriesKind
from gql_sales.db.queries.verification import CHECKS, Broken, Snapshot, batches, broken, snapshot
from gql_sales.db.queries.verification_chain import Link, chains
from gql_sales.db.session import Unit
from gql_sales.domain.numbers.chain import buyer_digest, seal
from gql_sales.domain.registry import load_all
from gql_sales.domain.transition import DERIVERS
from gql_sales.kernel.ids import PREFIXES, encode_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind

SEALED = {SeriesKind.INVOICE: Invoice, SeriesKind.CASH_SALE: CashSale, SeriesKind.CREDIT_MEMO: CreditMemo}
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
        found += await _broken_chains(session, company_id)
    return [Finding(one.rule, _subject(one), one.message) for one in found]


async def _broken_chains(session: Snapshot, company_id: UUID | None) -> list[Broken]:
    """Legal documents whose seal is not that of their contents and of the number before (L6, P10)."""
    found: list[Broken] = []
    before: dict[UUID, bytes] = {}
    async for series_id, links in chains(session, SEALED, company_id):
        for link in links:
            found += _broken_link(link, before.get(series_id))
            if link.digest is not None:
                before[series_id] = link.digest
    return found


def _broken_link(link: Link, before: bytes | None) -> Iterable[Broken]:
    """Numbers from before there were seals have none; after the first one that has, every number has."""
    document = link.document
    if document is None or (link.digest is None and before is None):
        return
    label = document.number or ""
    if link.digest is None or seal(document, before) != link.digest:
        yield Broken("L6", type(document).__name__, document.id, label, "its seal is not that of what is stored")
    elif document.buyer_salt is not None and buyer_digest(document) != document.buyer_digest:
        yield Broken("L6", type(document).__name__, document.id, label, "its buyer is not the one that was sealed")


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
