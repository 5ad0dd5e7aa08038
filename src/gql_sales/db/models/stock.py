"""Stock on two layers: what a pool has promised, and what lies where (domain.md 2, stock rules)."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Document, Instant, Minor, Price, Quantity, Row, choice, not_negative
from gql_sales.kernel.enums import DescribedEnum


class StockOwner(DescribedEnum):
    """Whose goods lie there."""

    CUSTOMER = "CUSTOMER", "A customer's own unit, here for repair."
    OWN = "OWN", "The company's."


class MovementKind(DescribedEnum):
    """Why goods on hand changed."""

    ADJUST = "ADJUST", "Counted or corrected."
    MOVE = "MOVE", "Taken from one place to another."
    RECEIVE = "RECEIVE", "Came in."
    SHIP = "SHIP", "Left with a shipment."


class StockPool(Document):
    """Sellable and promised quantity of one product in one pool."""

    __tablename__ = "stock_pools"
    company_id: Mapped[CompanyId]
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), index=True)
    on_hand_sellable: Mapped[Quantity]
    committed: Mapped[Quantity]
    valued_quantity: Mapped[Quantity]
    """What lies in normal and repair bins; these goods have a value."""
    inventory_amount: Mapped[Minor]
    """What they have cost, in the currency of the company's books."""
    unit_cost: Mapped[Price] = mapped_column(default=Decimal(0))
    """Moving average of the cost of one, in major units; it stays when the last one leaves."""

    __table_args__ = (
        UniqueConstraint("pool_id", "product_id", name="uq_stock_pools_key"),
        *not_negative("on_hand_sellable", "committed", "valued_quantity", "inventory_amount", "unit_cost"),
        CheckConstraint("valued_quantity > 0 OR inventory_amount = 0", name="nothing_is_worth_nothing"),
        CheckConstraint("committed <= on_hand_sellable", name="committed_within_on_hand"),
    )

    @property
    def available(self) -> Decimal:
        """What may still be promised; the one definition of availability (C-20)."""
        return self.on_hand_sellable - self.committed


class StockLevel(Row):
    """Quantity of one product in one bin, of one lot and owner."""

    __tablename__ = "stock_levels"
    company_id: Mapped[CompanyId]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"), index=True)
    bin_id: Mapped[UUID] = mapped_column(ForeignKey("bins.id"), index=True)
    lot: Mapped[str] = mapped_column(String(80), default="")
    owner: Mapped[StockOwner] = mapped_column(choice(StockOwner), default=StockOwner.OWN)
    on_hand: Mapped[Quantity]
    allocated: Mapped[Quantity]
    booked: Mapped[Quantity]

    __table_args__ = (
        UniqueConstraint("product_id", "warehouse_id", "bin_id", "lot", "owner", name="uq_stock_levels_key"),
        *not_negative("on_hand", "allocated", "booked"),
        CheckConstraint("allocated + booked <= on_hand", name="allocated_within_on_hand"),
    )

    @property
    def free(self) -> Decimal:
        """What may still be allocated."""
        return self.on_hand - self.allocated - self.booked


class StockMovement(Row):
    """One change of goods on hand; never updated or deleted (reliability.md S7)."""

    __tablename__ = "stock_movements"
    company_id: Mapped[CompanyId]
    level_id: Mapped[UUID] = mapped_column(ForeignKey("stock_levels.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"))
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind))
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    value_amount: Mapped[Minor]
    """By how much the value of the pool changed, in minor units of the company's books."""
    reason: Mapped[str | None]
    shipment_id: Mapped[UUID | None] = mapped_column(ForeignKey("shipments.id"))
    actor: Mapped[str] = mapped_column(String(200))
    occurred_at: Mapped[Instant] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity_not_zero"),
        Index("ix_stock_movements_level", "level_id", "id"),
        Index("ix_stock_movements_product", "product_id", "id"),
        # Shipments give no reason, so most movements are not in it.
        Index(
            "ix_stock_movements_reason",
            "company_id",
            "reason",
            "id",
            postgresql_where=text("reason IS NOT NULL"),
        ),
    )
