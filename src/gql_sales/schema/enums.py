"""The enumerations of the database as enumerations of the schema, each value with its own sentence."""

from enum import Enum
from typing import TypeVar

import strawberry

from gql_sales.db.models import (
    anomalies,
    axes,
    billing,
    channels,
    credit_memos,
    customers,
    ledger,
    numbers,
    orders,
    payments,
    products,
    queues,
    shipments,
    stock,
)
from gql_sales.kernel.customer_errors import EmailRequired
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.errors import SalesError
from gql_sales.kernel.warnings import WarningCode

E = TypeVar("E", bound=type[DescribedEnum])


def described(enum: E, name: str | None = None) -> E:
    """Register the enumeration with the schema: its docstring and its members' sentences become descriptions."""
    strawberry.enum(enum, name=name, description=(enum.__doc__ or "").strip())
    definition = enum.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = enum(value.value).description
    return enum


def error_classes() -> list[type[SalesError]]:
    """Every refusal, by code; naming one of those of customers makes sure that their file is read."""
    return sorted({*SalesError.__subclasses__(), EmailRequired}, key=lambda cls: cls.code())


for _enum in (
    axes.AxisStatus, axes.BillingStatus, axes.PaymentStatus, axes.OrderAxis, axes.BillAxis, axes.CreditMemoAxis,
    billing.InvoiceState, billing.CashSaleState,
    channels.ChannelKind, channels.BinKind, credit_memos.CreditMemoCause, credit_memos.CreditMemoState,
    credit_memos.RefundState, customers.CustomerKind, customers.CustomerState, customers.TimelineKind,
    anomalies.AnomalyKind, ledger.JournalEvent, ledger.AccountRole,
    numbers.SeriesKind, orders.OrderState, orders.OrderType, orders.OrderSource, orders.AllocationState,
    orders.HoldScope, payments.PaymentKind, payments.PaymentMethodClass, payments.PaymentState, products.ProductKind,
    queues.WorkQueue, shipments.ShipmentState, stock.StockOwner, stock.MovementKind, WarningCode,
):  # fmt: skip
    described(_enum)


class SearchType(DescribedEnum):
    """Types that one search looks for."""

    CASH_SALE = "CashSale", "Cash sales."
    CREDIT_MEMO = "CreditMemo", "Credit memos."
    CUSTOMER = "Customer", "Customers."
    INVOICE = "Invoice", "Invoices."
    ORDER = "Order", "Orders."
    PAYMENT = "Payment", "Payments."
    PRODUCT = "Product", "Products."
    REFUND = "Refund", "Refunds."
    SHIPMENT = "Shipment", "Shipments."


described(SearchType)
UserErrorCode = Enum("UserErrorCode", {cls.code(): cls.code() for cls in error_classes()})  # type: ignore[misc]
strawberry.enum(
    UserErrorCode, description="Codes of user errors and blockers; clients must accept values they do not know."
)
for _value in UserErrorCode.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _class = next(cls for cls in error_classes() if cls.code() == _value.name)
    _value.description = (_class.__doc__ or "").strip()
