"""Shipments (delivery notes) and their items."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gql_sales.db.models.base import CompanyId, Document, Instant, Quantity, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class ShipmentState(DescribedEnum):
    """Lifecycle state of a shipment."""

    BOOKED = "BOOKED", "Its stock is reserved and its items are locked."
    FINALIZED = "FINALIZED", "The goods have left; it can no longer change."
    OPEN = "OPEN", "Drafted; no stock is moved."


class Shipment(Document):
    """Goods of one order leaving one warehouse together (BA-28, BA-37)."""

    __tablename__ = "shipments"
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"), index=True)
    state: Mapped[ShipmentState] = mapped_column(choice(ShipmentState), default=ShipmentState.OPEN)
    number: Mapped[str | None] = mapped_column(String(60))
    carrier: Mapped[str | None] = mapped_column(String(80))
    tracking_number: Mapped[str | None] = mapped_column(String(120))
    booked_at: Mapped[Instant | None]
    finalized_at: Mapped[Instant | None]

    items: Mapped[list["ShipmentItem"]] = relationship(
        order_by="ShipmentItem.id", lazy="raise", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("state = 'OPEN' OR number IS NOT NULL", name="number_when_booked"),
        UniqueConstraint("company_id", "number", name="uq_shipments_number"),
        Index("ix_shipments_company_id_id", "company_id", "id"),
    )


class ShipmentItem(Row):
    """Quantity of one order item on a shipment."""

    __tablename__ = "shipment_items"
    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipments.id"))
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    quantity: Mapped[Quantity]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        UniqueConstraint("shipment_id", "order_item_id", name="uq_shipment_items_item"),
    )
