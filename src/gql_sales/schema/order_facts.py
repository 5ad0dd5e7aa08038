"""What an order and its items are made of, without anything around them: as of today and as of another day alike."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.models.axes import AxisStatus, BillingStatus, PaymentStatus
from gql_sales.db.models.orders import OrderSource, OrderState, OrderType
from gql_sales.db.models.payments import PaymentMethodClass
from gql_sales.db.models.products import ProductKind
from gql_sales.domain.orders.reconciliation import weigh_item, weigh_order
from gql_sales.schema.addresses import PostalAddress, address_field
from gql_sales.schema.nodes import Money, id_field, money_field, text
from gql_sales.schema.reconciliation import ReconciliationSummary, reconciliation_field
from gql_sales.schema.scalars import CountryCode, CurrencyCode


@strawberry.type
class OrderItemFacts:
    """Product facts, price and tax rate are copies made when the item was added."""

    position: int = text("Place in the order, from 1.")
    product_id: strawberry.ID = id_field("Product", "product_id", "The product.")
    external_ref: str | None = text("The caller's own id of the line.")
    sku: str = text("Stock keeping unit.")
    name: str = text("Name of the product.")
    kind: ProductKind = text("Goods, service, delivery or discount.")
    unit_price: Decimal = text("Price of one unit in major units, with or without tax as the order says.")
    tax_country_code: CountryCode | None = text("Country whose tax applies; null while there is no delivery address.")
    tax_rate: Decimal | None = text("Tax rate as a share, such as 0.19; null when no rule covers the product.")
    net: Money = money_field("net_amount", "Amount without tax.")
    tax: Money = money_field("tax_amount", "Tax.")
    gross: Money = money_field("gross_amount", "Amount with tax.")
    ordered_quantity: Decimal = text("Quantity ordered.")
    cancelled_quantity: Decimal = text("Quantity cancelled.")
    committed_quantity: Decimal = text("Quantity promised from stock and not yet shipped.")
    allocated_quantity: Decimal = text("Quantity set aside in a warehouse and not yet booked.")
    booked_quantity: Decimal = text("Quantity on booked shipments.")
    packed_quantity: Decimal = text("Quantity in packages of its shipments, sent or not.")
    shipped_quantity: Decimal = text("Quantity that has left.")
    invoiced_quantity: Decimal = text("Quantity billed, by invoices or cash sales.")
    cash_saled_quantity: Decimal = text("Quantity of it billed by cash sales.")
    handed_over_quantity: Decimal = text("Quantity of cash sales that were invoiced later.")
    credited_quantity: Decimal = text("Quantity of what was billed that is credited.")
    rebillable_quantity: Decimal = text("Quantity of it that may be billed again.")
    credited_by_value: Money = money_field(
        "credited_amount", "What was credited besides quantities, such as price corrections; with tax."
    )

    reconciliation: ReconciliationSummary = reconciliation_field(
        weigh_item, "Whether its quantities agree with each other.", is_money=False
    )

    @strawberry.field(description="Quantity that cannot be changed any more: on booked shipments, packed, or gone.")
    def locked_quantity(self: Any) -> Decimal:
        """X-5: locked whatever the policy lockAt says."""
        locked: Decimal = max(self.booked_quantity + self.shipped_quantity, self.packed_quantity)
        return locked

    @strawberry.field(
        description="Quantity neither done nor cancelled; goods are done when shipped, the rest when billed."
    )
    def open_quantity(self: Any) -> Decimal:
        """I-1 of spec/domain.md."""
        billed = self.invoiced_quantity - self.rebillable_quantity
        done = self.shipped_quantity if self.kind == ProductKind.GOODS else billed
        open_: Decimal = self.ordered_quantity - self.cancelled_quantity - done
        return open_


@strawberry.type
class OrderFacts:
    """Plain columns, and what one row tells by itself."""

    number: str | None = text("Human-facing number; null while the order is a draft.")
    type_code: OrderType = text("Type code.")
    state: OrderState = text("Lifecycle state.")
    source: OrderSource = text("Where it was taken.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")
    channel_id: strawberry.ID = id_field("Channel", "channel_id", "The channel.")
    currency_code: CurrencyCode = text("Currency of all its amounts.")
    document_date: date = text("Date of the order; it decides the tax rates.")
    external_ref: str | None = text("The caller's own reference, unique in the channel.")
    customer_po: str | None = text("The customer's purchase order number.")
    payment_method: str | None = text("Code of the method the customer pays by, when they chose one.")
    payment_method_class: PaymentMethodClass | None = text(
        "When the method brings the money; as it was when the draft was made."
    )
    is_invoice_requested: bool = text("True when the customer wants an invoice even if they pay at once.")
    shipping_address: PostalAddress | None = address_field("shipping_address", "Where it goes.")
    billing_address: PostalAddress | None = address_field("billing_address", "Who gets the bill.")
    net: Money = money_field("net_amount", "Total without tax, of what was ordered.")
    tax: Money = money_field("tax_amount", "Tax.")
    total: Money = money_field("gross_amount", "Total with tax, of what was ordered.")
    credited: Money = money_field("credited_amount", "What was credited of its bills, with tax.")
    due: Money = money_field("due_amount", "Billed and not credited, and still to be billed.")
    outstanding: Money = money_field("outstanding_amount", "What is still to be paid of what is due.")
    paid: Money = money_field("paid_amount", "What is paid of what is due.")
    commitment_status: AxisStatus = text("How much of it is promised from stock.")
    allocation_status: AxisStatus = text("How much of it is set aside in warehouses.")
    pack_status: AxisStatus = text("How much of it is in packages; not applicable when it left without any.")
    dispatch_status: AxisStatus = text("How much of it has left.")
    billing_status: BillingStatus = text("How far it is billed.")
    credit_status: AxisStatus = text("How much of what was billed is credited.")
    payment_status: PaymentStatus = text("How far it is paid.")
    is_locked: bool = text("True once it is acknowledged, where the policy lockAt is ACKNOWLEDGE.")
    summary: str = text("All of its statuses in one short English text.")
    cancel_reason: str | None = text("Why it was cancelled.")
    created_at: datetime = text("When the draft was made.")
    updated_at: datetime = text("When it last changed.")
    placed_at: datetime | None = text("When it was placed; null while it is a draft.")
    acknowledged_at: datetime | None = text("When it was confirmed to the customer.")
    acknowledgement_due_at: datetime | None = text(
        "When it is acknowledged by itself if it is still placed; null when it is already, or waits for a person."
    )
    expires_at: datetime | None = text("When it is cancelled unless it is paid before; null when it does not expire.")
    completed_at: datetime | None = text("When nothing was open any more.")
    closed_at: datetime | None = text("When it was closed.")
    cancelled_at: datetime | None = text("When it was cancelled.")

    reconciliation: ReconciliationSummary = reconciliation_field(
        weigh_order, "Whether its amounts agree with each other; those of its items do by themselves.", is_money=True
    )

    @strawberry.field(description="True while a hold stops it; what is stopped, its blocked transitions tell.")
    def is_on_hold(self: Any) -> bool:
        """Some hold is not released."""
        return bool(self.held_scopes)

    @strawberry.field(description="True when unit prices contain tax.")
    def has_tax_in_prices(self: Any) -> bool:
        """Policy pricesIncludeTax, as it was when the draft was made."""
        return bool(self.prices_include_tax)
