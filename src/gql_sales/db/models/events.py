"""The event log, its commit-order index, and the answers kept for repeated requests (architecture.md 7)."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from gql_sales.db.models.base import Base, CompanyId, Instant, Json, Row


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name in DDL."""
        return "xid8"


class Event(Row):
    """One thing that happened to one document; appended in the transaction of the change.

    ``document_ids`` names every document whose version grew, ``document_versions`` and ``document_types`` tell their
    versions and types in the same order.
    """

    __tablename__ = "events"
    insertion: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    xid: Mapped[Any] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channels.id"))
    type: Mapped[str] = mapped_column(String(60))
    document_type: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[UUID]
    document_version: Mapped[int]
    document_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PGUUID))
    document_versions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    document_types: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    customer_id: Mapped[UUID | None]
    warehouse_id: Mapped[UUID | None]
    actor: Mapped[str] = mapped_column(String(200))
    causation_id: Mapped[UUID]
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    occurred_at: Mapped[Instant]
    data: Mapped[Json]

    __table_args__ = (
        Index("uq_events_document", "document_id", "document_version", unique=True),
        Index("ix_events_documents", "document_ids", postgresql_using="gin"),
        Index("ix_events_customer", "customer_id", "id", postgresql_where=text("customer_id IS NOT NULL")),
    )


class UnplacedEvent(Base):
    """Events that have no place yet: a trigger fills it and the sequencer empties it, so nobody searches the log."""

    __tablename__ = "unplaced_events"
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), primary_key=True)


class EventOrder(Base):
    """The place of each event in commit order; ``place`` is the cursor that readers keep."""

    __tablename__ = "event_order"
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), unique=True)


class IdempotencyKey(Base):
    """The answer to one intended effect, written with the effect and kept for 7 days (reliability.md I1 to I6)."""

    __tablename__ = "idempotency_keys"
    principal: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    mutation: Mapped[str] = mapped_column(String(60))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"), index=True)
