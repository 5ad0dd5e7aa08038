"""Cancellation notes: what was taken back of orders that were locked already (KS-16)."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Instant, Quantity, Row


class CancellationNote(Row):
    """The paper behind a cancellation after the lock; a part of its order, never changed."""

    __tablename__ = "cancellation_notes"
    company_id: Mapped[CompanyId]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str]
    requested_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("company_id", "number", name="uq_cancellation_notes_number"),)


class CancellationItem(Row):
    """Quantity of one order item on a cancellation note."""

    __tablename__ = "cancellation_items"
    note_id: Mapped[UUID] = mapped_column(ForeignKey("cancellation_notes.id"))
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    quantity: Mapped[Quantity]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        UniqueConstraint("note_id", "order_item_id", name="uq_cancellation_items_item"),
    )
