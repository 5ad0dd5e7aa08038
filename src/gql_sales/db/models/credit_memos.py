"""Credit memos and the refunds that consume them; frozen once issued but for what was used of them (N5, M1, M5)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gql_sales.db.models.axes import AxisStatus
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
from gql_sales.db.models.billing import BillTaxLine, Sealed
from gql_sales.kernel.enums import DescribedEnum


class CreditMemoState(DescribedEnum):
    """Lifecycle state of a credit memo; how much of it is used is told by its amounts."""

    ISSUED = "ISSUED", "Legally issued; it lowers what the customer owes."
    VOIDED = "VOIDED", "Taken back before it was used; it keeps its number."


class CreditMemoCause(DescribedEnum):
    """Why a customer is credited; the accounts follow from it (domain.md 5)."""

    CANCELLED_QUANTITY = "CANCELLED_QUANTITY", "What was billed is not delivered after all; it may be billed again."
    INVOICE_VOID = "INVOICE_VOID", "An invoice was voided, which makes the memo; it may be billed again."
    LOST_CONSIGNMENT = "LOST_CONSIGNMENT", "The carrier lost the goods; nothing comes back (KH-22)."
    MANUAL = "MANUAL", "Granted by staff, perhaps for what was sold in another system (KH-23, KH-24)."
    PRICE_CORRECTION = "PRICE_CORRECTION", "The price was too high; the goods stay with the customer."
    SCHEME = "SCHEME", "Rebates, listing fees, promotions and advertising (KH-24, BA-50)."


class RefundState(DescribedEnum):
    """Lifecycle state of a refund."""

    FAILED = "FAILED", "The money did not get through; it is back on the credit memo."
    PAID = "PAID", "The money is with the customer."
    REQUESTED = "REQUESTED", "Taken from the credit memo and on its way."


class CreditMemo(Document, Sealed):
    """What a customer gets back, to be used for what is open or refunded (BA-44, BA-45)."""

    __tablename__ = "credit_memos"
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channels.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    state: Mapped[CreditMemoState] = mapped_column(choice(CreditMemoState), default=CreditMemoState.ISSUED)
    cause: Mapped[CreditMemoCause] = mapped_column(choice(CreditMemoCause))
    reopens_billing: Mapped[bool] = mapped_column(default=False)
    number: Mapped[str] = mapped_column(String(60))
    external_ref: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None]
    currency_code: Mapped[Currency]
    credited_on: Mapped[date]
    issued_at: Mapped[Instant]
    journal_mode: Mapped[str] = mapped_column(String(20))
    buyer: Mapped[Json]
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]
    balance_amount: Mapped[Minor]
    applied_amount: Mapped[Minor]
    refund_pending_amount: Mapped[Minor]
    refunded_amount: Mapped[Minor]
    voided_amount: Mapped[Minor]
    usage_status: Mapped[AxisStatus] = mapped_column(choice(AxisStatus, "usage_status"), default=AxisStatus.NONE)

    items: Mapped[list["CreditMemoItem"]] = relationship(order_by="CreditMemoItem.position", lazy="raise")
    tax_lines: Mapped[list["CreditMemoTaxLine"]] = relationship(order_by="CreditMemoTaxLine.rate", lazy="raise")

    __table_args__ = (
        *not_negative(
            "gross_amount",
            "balance_amount",
            "applied_amount",
            "refund_pending_amount",
            "refunded_amount",
            "voided_amount",
        ),
        CheckConstraint("net_amount + tax_amount = gross_amount", name="amounts_add_up"),
        CheckConstraint(
            "balance_amount + applied_amount + refund_pending_amount + refunded_amount + voided_amount = gross_amount",
            name="uses_add_up",
        ),
        CheckConstraint(
            "voided_amount = CASE state WHEN 'VOIDED' THEN gross_amount ELSE 0 END", name="voided_as_a_whole"
        ),
        UniqueConstraint("company_id", "number", name="uq_credit_memos_number"),
        UniqueConstraint("company_id", "external_ref", name="uq_credit_memos_external_ref"),
        Index("ix_credit_memos_company_id_id", "company_id", "id"),
        Index("ix_credit_memos_customer_id_id", "customer_id", "id"),
    )


class CreditMemoItem(Row):
    """One line of a credit memo: of a billed line by quantity or by value, or free of any (KH-23)."""

    __tablename__ = "credit_memo_items"
    credit_memo_id: Mapped[UUID] = mapped_column(ForeignKey("credit_memos.id"), index=True)
    position: Mapped[int]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    order_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"), index=True)
    invoice_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice_items.id"), index=True)
    cash_sale_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("cash_sale_items.id"), index=True)
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("products.id"))
    sku: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str]
    currency_code: Mapped[Currency]
    quantity: Mapped[Quantity]
    is_by_value: Mapped[bool] = mapped_column(default=False)
    unit_price: Mapped[Price]
    tax_country_code: Mapped[Country]
    tax_rate: Mapped[Rate]
    net_amount: Mapped[Minor]
    tax_amount: Mapped[Minor]
    gross_amount: Mapped[Minor]

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("net_amount + tax_amount = gross_amount", name="amounts_add_up"),
        CheckConstraint(
            "num_nonnulls(invoice_item_id, cash_sale_item_id) = CASE WHEN order_item_id IS NULL THEN 0 ELSE 1 END",
            name="one_billed_line",
        ),
        CheckConstraint("(order_id IS NULL) = (order_item_id IS NULL)", name="order_of_item"),
    )


class CreditMemoTaxLine(BillTaxLine):
    """Tax of one rate on a credit memo."""

    __tablename__ = "credit_memo_tax_lines"
    credit_memo_id: Mapped[UUID] = mapped_column(ForeignKey("credit_memos.id"))

    __table_args__ = (UniqueConstraint("credit_memo_id", "country_code", "rate", name="uq_credit_memo_tax_lines_rate"),)


class MemoApplication(Row):
    """Part of a credit memo used for what is open of a bill; taken back by a row of its own with the amount negated."""

    __tablename__ = "memo_applications"
    credit_memo_id: Mapped[UUID] = mapped_column(ForeignKey("credit_memos.id"), index=True)
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    cash_sale_id: Mapped[UUID | None] = mapped_column(ForeignKey("cash_sales.id"), index=True)
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]
    is_automatic: Mapped[bool]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("memo_applications.id"), unique=True)
    posted_on: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))
    """The day that it counts for, as in the ledger."""
    created_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("amount <> 0 AND (amount < 0) = (reverses_id IS NOT NULL)", name="negated_when_reversing"),
        CheckConstraint("num_nonnulls(invoice_id, cash_sale_id) = 1", name="one_target"),
    )


class Refund(Document):
    """Money that goes back to a customer; always out of a credit memo (X-11)."""

    __tablename__ = "refunds"
    company_id: Mapped[CompanyId]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channels.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    credit_memo_id: Mapped[UUID] = mapped_column(ForeignKey("credit_memos.id"), index=True)
    state: Mapped[RefundState] = mapped_column(choice(RefundState), default=RefundState.REQUESTED)
    number: Mapped[str] = mapped_column(String(60))
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]
    requested_on: Mapped[date]
    reference: Mapped[str | None] = mapped_column(String(120))
    failure_reason: Mapped[str | None]
    settled_at: Mapped[Instant | None]

    tenders: Mapped[list["RefundTender"]] = relationship(order_by="RefundTender.id", lazy="raise")

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_above_zero"),
        CheckConstraint("(settled_at IS NULL) = (state = 'REQUESTED')", name="settled_when_answered"),
        UniqueConstraint("company_id", "number", name="uq_refunds_number"),
        UniqueConstraint("company_id", "reference", name="uq_refunds_reference"),
        Index("ix_refunds_company_id_id", "company_id", "id"),
        Index("ix_refunds_customer_id_id", "customer_id", "id"),
    )


class RefundTender(Row):
    """One way that a refund takes: back to a tender of the payment, or by another method."""

    __tablename__ = "refund_tenders"
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refunds.id"), index=True)
    tender_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenders.id"), index=True)
    method: Mapped[str] = mapped_column(String(40))
    currency_code: Mapped[Currency]
    amount: Mapped[Minor]

    __table_args__ = (CheckConstraint("amount > 0", name="amount_above_zero"),)
