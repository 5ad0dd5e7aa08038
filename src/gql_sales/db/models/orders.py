"""Orders, their items and the allocations of their items."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.base import (
    CompanyId,
    Country,
    Currency,
    Document,
    Instant,
    Json,
    Minor,
    Price,
    Quantity,
    Rate,
    Row,
    choice,
    not_negative,
)
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.db.models.products import ProductKind
from gql_sales.db.models.queues import BEHIND, WorkQueue
from gql_sales.kernel.enums import DescribedEnum


class OrderState(DescribedEnum):
    """Lifecycle state of an order; how far it got is told by its derived statuses."""

    ACKNOWLEDGED = "ACKNOWLEDGED", "Confirmed to the customer; how much it may still change, the policy lockAt says."
    CANCELLED = "CANCELLED", "Withdrawn before anything was shipped or billed."
    CLOSED = "CLOSED", "Completed, billed and paid: the explicit end."
    COMPLETED = "COMPLETED", "Every item is shipped, billed or cancelled; nothing is open."
    DELETED = "DELETED", "A draft that was thrown away; kept, and shown to nobody."
    OPEN = "OPEN", "Draft, editable, not yet placed."
    PLACED = "PLACED", "Accepted for processing."


IN_PROCESS = frozenset({OrderState.PLACED, OrderState.ACKNOWLEDGED})
"""The states in which an order is worked on: its goods are wanted, and it may still be withdrawn."""


class OrderType(DescribedEnum):
    """Type code of an order; each type drives its own process (KH-1)."""

    ES = "ES", "Sale at a till: placed, shipped, billed and paid at once (KH-5)."
    PF = "PF", "Proforma: firm, but shipped and billed only once it is paid; becomes S then (KH-6)."
    S = "S", "Sales order."


class OrderSource(DescribedEnum):
    """Where an order was taken."""

    EPOS = "EPOS", "At a till."
    IN_PERSON = "IN_PERSON", "Face to face, without a till."
    PARTNER = "PARTNER", "Pushed by a partner."
    PHONE = "PHONE", "By telephone."
    WEB = "WEB", "In a web shop."


class HoldScope(DescribedEnum):
    """What a hold on an order stops."""

    ALL = "ALL", "Allocating, booking, billing, and being acknowledged by itself."
    ALLOCATION = "ALLOCATION", "Setting stock aside; what is set aside already may be booked."
    BILLING = "BILLING", "Issuing invoices and cash sales."
    CREDIT = "CREDIT", "Allocating, booking, and being acknowledged by itself, because of the customer's credit."
    SHIPMENT = "SHIPMENT", "Booking shipments; what is booked already may leave."


class AllocationState(DescribedEnum):
    """Where an allocation stands."""

    ALLOCATED = "ALLOCATED", "Set aside for the item."
    BOOKED = "BOOKED", "On a booked shipment."
    RELEASED = "RELEASED", "Given back."
    SHIPPED = "SHIPPED", "Left the warehouse."


class Order(Document):
    """A sales order: an intent to buy, and the container of what follows from it (PK-2)."""

    __tablename__ = "orders"
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    type_code: Mapped[OrderType] = mapped_column(choice(OrderType), default=OrderType.S)
    state: Mapped[OrderState] = mapped_column(choice(OrderState), default=OrderState.OPEN)
    number: Mapped[str | None] = mapped_column(String(60))
    series_code: Mapped[OrderType | None] = mapped_column(choice(OrderType, "series_code"))
    """The type it was placed as, whose series gave its number; it stays when a proforma becomes a sales order."""
    expires_at: Mapped[Instant | None]
    """When it is cancelled by itself unless it is paid before (X-24)."""
    source: Mapped[OrderSource] = mapped_column(choice(OrderSource))
    currency_code: Mapped[Currency]
    prices_include_tax: Mapped[bool] = mapped_column(default=False)
    document_date: Mapped[date]
    default_warehouse_id: Mapped[UUID | None] = mapped_column(ForeignKey("warehouses.id"))
    external_ref: Mapped[str | None] = mapped_column(String(120))
    source_ip: Mapped[str | None] = mapped_column(String(45))
    customer_po: Mapped[str | None] = mapped_column(String(120))
    payment_method: Mapped[str | None] = mapped_column(String(40))
    payment_method_class: Mapped[PaymentMethodClass | None] = mapped_column(choice(PaymentMethodClass))
    is_invoice_requested: Mapped[bool] = mapped_column(default=False, server_default=false())
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]
    billed_amount: Mapped[Minor]
    open_amount: Mapped[Minor]
    credited_amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    advance_amount: Mapped[Minor]
    due_amount: Mapped[Minor]
    outstanding_amount: Mapped[Minor]
    paid_amount: Mapped[Minor]
    commitment_status: Mapped[AxisStatus] = mapped_column(
        choice(AxisStatus, "commitment_status"), default=AxisStatus.NOT_APPLICABLE
    )
    allocation_status: Mapped[AxisStatus] = mapped_column(
        choice(AxisStatus, "allocation_status"), default=AxisStatus.NOT_APPLICABLE
    )
    pack_status: Mapped[AxisStatus] = mapped_column(
        choice(AxisStatus, "pack_status"), default=AxisStatus.NOT_APPLICABLE, server_default="NOT_APPLICABLE"
    )
    dispatch_status: Mapped[AxisStatus] = mapped_column(
        choice(AxisStatus, "dispatch_status"), default=AxisStatus.NOT_APPLICABLE
    )
    billing_status: Mapped[BillingStatus] = mapped_column(choice(BillingStatus), default=BillingStatus.NOT_APPLICABLE)
    credit_status: Mapped[AxisStatus] = mapped_column(
        choice(AxisStatus, "credit_status"), default=AxisStatus.NOT_APPLICABLE, server_default="NOT_APPLICABLE"
    )
    payment_status: Mapped[PaymentStatus] = mapped_column(choice(PaymentStatus), default=PaymentStatus.PAID)
    summary: Mapped[str] = mapped_column(default="draft")
    is_locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    held_scopes: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list, server_default=text("'{}'"))
    policy_snapshot: Mapped[Json]
    policy_origins: Mapped[Json] = mapped_column(server_default=text("'{}'::jsonb"))
    """Where each value of the snapshot came from: the channel, the company or the default (N-7)."""
    created_by: Mapped[str] = mapped_column(String(200))
    placed_at: Mapped[Instant | None]
    acknowledgement_due_at: Mapped[Instant | None]
    """When it is acknowledged by itself unless somebody does it before (X-20)."""
    acknowledged_at: Mapped[Instant | None]
    completed_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    cancel_reason: Mapped[str | None]

    items: Mapped[list["OrderItem"]] = relationship(
        order_by="OrderItem.position", lazy="raise", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("(number IS NULL) = (placed_at IS NULL)", name="number_when_placed"),
        CheckConstraint("(series_code IS NULL) = (number IS NULL)", name="series_when_numbered"),
        CheckConstraint("(payment_method IS NULL) = (payment_method_class IS NULL)", name="method_has_class"),
        CheckConstraint("state IN ('OPEN', 'DELETED') OR placed_at IS NOT NULL", name="placed_state"),
        UniqueConstraint("company_id", "number", name="uq_orders_number"),
        UniqueConstraint("channel_id", "external_ref", name="uq_orders_external_ref"),
        Index("ix_orders_company_id_id", "company_id", "id"),
        Index("ix_orders_customer_id_id", "customer_id", "id"),
        Index(
            "ix_orders_customer_po",
            "customer_id",
            "customer_po",
            postgresql_where=text("customer_po IS NOT NULL"),
        ),
        Index("ix_orders_channel_id_id", "channel_id", "id"),
        Index("ix_orders_billing", "company_id", "billing_status", "id"),
        Index("ix_orders_expires_at", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
        Index(
            "ix_orders_acknowledgement_due_at",
            "acknowledgement_due_at",
            "id",
            postgresql_where=text("acknowledgement_due_at IS NOT NULL"),
        ),
        Index("ix_orders_company_state_id", "company_id", "state", "id"),
    )


class OrderItem(Row):
    """One item of an order with its quantity buckets (domain.md 3); product facts are copied when it is added."""

    __tablename__ = "order_items"
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    external_ref: Mapped[str | None] = mapped_column(String(120))
    sku: Mapped[str] = mapped_column(String(80))
    name: Mapped[str]
    kind: Mapped[ProductKind] = mapped_column(choice(ProductKind))
    is_stocked: Mapped[bool]
    quantity_digits: Mapped[int]
    currency_code: Mapped[Currency]
    unit_price: Mapped[Price]
    tax_group: Mapped[str] = mapped_column(String(40))
    tax_country_code: Mapped[Country | None]
    tax_rate: Mapped[Rate | None]
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]
    ordered_quantity: Mapped[Quantity]
    cancelled_quantity: Mapped[Quantity]
    committed_quantity: Mapped[Quantity]
    allocated_quantity: Mapped[Quantity]
    booked_quantity: Mapped[Quantity]
    packed_quantity: Mapped[Quantity] = mapped_column(server_default=text("0"))
    shipped_quantity: Mapped[Quantity]
    invoiced_quantity: Mapped[Quantity]
    cash_saled_quantity: Mapped[Quantity] = mapped_column(server_default=text("0"))
    handed_over_quantity: Mapped[Quantity] = mapped_column(server_default=text("0"))
    credited_quantity: Mapped[Quantity] = mapped_column(server_default=text("0"))
    rebillable_quantity: Mapped[Quantity] = mapped_column(server_default=text("0"))
    credited_amount: Mapped[Minor] = mapped_column(server_default=text("0"))
    """Credited by value only: price corrections and the like, in minor units, gross."""

    __table_args__ = (
        Index(
            "ix_order_items_billed_too_much",
            "id",
            postgresql_where=text(BEHIND[WorkQueue.BILLED_TOO_MUCH]),
        ),
        CheckConstraint("ordered_quantity > 0", name="ordered_above_zero"),
        *not_negative(
            "cancelled_quantity",
            "committed_quantity",
            "allocated_quantity",
            "booked_quantity",
            "packed_quantity",
            "shipped_quantity",
            "invoiced_quantity",
            "handed_over_quantity",
            "rebillable_quantity",
            "credited_amount",
        ),
        CheckConstraint("cancelled_quantity + shipped_quantity <= ordered_quantity", name="open_not_negative"),
        CheckConstraint(
            "allocated_quantity + booked_quantity <= committed_quantity", name="allocated_within_committed"
        ),
        CheckConstraint(
            "committed_quantity <= ordered_quantity - cancelled_quantity - shipped_quantity",
            name="committed_within_open",
        ),
        CheckConstraint("invoiced_quantity - rebillable_quantity <= ordered_quantity", name="billed_within_ordered"),
        CheckConstraint(
            "rebillable_quantity <= credited_quantity AND credited_quantity <= invoiced_quantity",
            name="credited_within_invoiced",
        ),
        CheckConstraint(
            "handed_over_quantity <= cash_saled_quantity AND cash_saled_quantity <= invoiced_quantity",
            name="cash_saled_within_invoiced",
        ),
        CheckConstraint(
            "kind = 'GOODS' OR committed_quantity + packed_quantity + shipped_quantity = 0", name="goods_only"
        ),
        UniqueConstraint("order_id", "position", name="uq_order_items_position"),
        Index("ix_order_items_product_id_id", "product_id", "id"),
    )

    @property
    def is_allocatable(self) -> bool:
        """Whether it is committed, allocated and shipped (KS-9)."""
        return self.kind == ProductKind.GOODS

    @property
    def net_quantity(self) -> Decimal:
        """Quantity that is still wanted: ordered − cancelled."""
        return self.ordered_quantity - self.cancelled_quantity

    @property
    def locked_quantity(self) -> Decimal:
        """Quantity that nothing but its shipment can change: on a booked one, packed, or gone (KS-15)."""
        return max(self.booked_quantity + self.shipped_quantity, self.packed_quantity)

    @property
    def open_quantity(self) -> Decimal:
        """Quantity not yet done: goods are done when shipped, everything else when billed (I-1)."""
        done = self.shipped_quantity if self.is_allocatable else self.billed_quantity
        return self.net_quantity - done

    @property
    def billed_quantity(self) -> Decimal:
        """Quantity that a bill stands for: invoiced − rebillable."""
        return self.invoiced_quantity - self.rebillable_quantity

    @property
    def billable_quantity(self) -> Decimal:
        """Quantity that may be billed now: max(0, net − billed)."""
        return max(Decimal(0), self.net_quantity - self.billed_quantity)


class Allocation(Row):
    """Stock of one level set aside for one order item; a row is consumed or released exactly once (reliability.md S4).

    Goods that are not stocked (drop ship) have no level: the row only names the warehouse that will send them.
    """

    __tablename__ = "allocations"
    company_id: Mapped[CompanyId]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    order_item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    level_id: Mapped[UUID | None] = mapped_column(ForeignKey("stock_levels.id"), index=True)
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"))
    shipment_id: Mapped[UUID | None] = mapped_column(ForeignKey("shipments.id"))
    state: Mapped[AllocationState] = mapped_column(choice(AllocationState), default=AllocationState.ALLOCATED)
    quantity: Mapped[Quantity]
    created_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("(shipment_id IS NOT NULL) = (state IN ('BOOKED', 'SHIPPED'))", name="shipment_when_booked"),
    )


class OrderHold(Row):
    """Somebody's reason to stop an order; only its release is added later.

    The scopes of the holds that are not released stand in ``Order.held_scopes`` too, where guards look.
    """

    __tablename__ = "order_holds"
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    scope: Mapped[HoldScope] = mapped_column(choice(HoldScope))
    reason: Mapped[str]
    held_by: Mapped[str] = mapped_column(String(200))
    held_at: Mapped[Instant]
    released_by: Mapped[str | None] = mapped_column(String(200))
    released_at: Mapped[Instant | None]
    release_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("num_nonnulls(released_by, released_at, release_reason) IN (0, 3)", name="released_as_a_whole"),
    )
