"""Shipments (delivery notes), their items and packages."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gql_sales.db.models.base import CompanyId, Document, Instant, Quantity, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class ShipmentState(DescribedEnum):
    """Lifecycle state of a shipment."""

    BOOKED = "BOOKED", "Its stock is reserved and its items are locked."
    CANCELLED = "CANCELLED", "Withdrawn after it had its number, which it keeps."
    DELETED = "DELETED", "A draft that was thrown away before it had a number; kept, and shown to nobody."
    DELIVERED = "DELIVERED", "The goods have arrived."
    FINALIZED = "FINALIZED", "The goods have left; nothing but its tracking can change."
    OPEN = "OPEN", "Drafted; no stock is moved."


SENT = frozenset({ShipmentState.FINALIZED, ShipmentState.DELIVERED})
"""The states of a shipment whose goods have left."""


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
    delivered_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    cancel_reason: Mapped[str | None]

    items: Mapped[list["ShipmentItem"]] = relationship(
        order_by="ShipmentItem.id", lazy="raise", cascade="all, delete-orphan"
    )
    packages: Mapped[list["Package"]] = relationship(order_by="Package.id", lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("state IN ('OPEN', 'DELETED') OR number IS NOT NULL", name="number_when_booked"),
        CheckConstraint("state <> 'DELETED' OR number IS NULL", name="number_keeps_the_note"),
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


class Package(Row):
    """A box or pallet of a shipment, with a number for its label and the carrier's number for it (IF-8, IF-11)."""

    __tablename__ = "packages"
    company_id: Mapped[CompanyId]
    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipments.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    tracking_number: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[Instant] = mapped_column(server_default=func.now())

    items: Mapped[list["PackageItem"]] = relationship(
        order_by="PackageItem.id", lazy="raise", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("company_id", "number", name="uq_packages_number"),)


class PackageItem(Row):
    """Quantity of one order item in a package (IF-9)."""

    __tablename__ = "package_items"
    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id"))
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    quantity: Mapped[Quantity]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        UniqueConstraint("package_id", "order_item_id", name="uq_package_items_item"),
    )
