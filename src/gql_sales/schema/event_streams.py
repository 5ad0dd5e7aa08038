"""The table of all streams of events: what each is about, who may have it, and how it is narrowed."""

from collections.abc import Mapping
from dataclasses import dataclass

from gql_sales.db.models.axes import BillAxis, CreditMemoAxis, OrderAxis
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.schema.event_types import (
    ALLOCATION_EVENTS,
    CASH_SALE_EVENTS,
    CREDIT_MEMO_EVENTS,
    CUSTOMER_EVENTS,
    INVOICE_EVENTS,
    ORDER_EVENTS,
    PAYMENT_EVENTS,
    PRODUCT_EVENTS,
    REFUND_EVENTS,
    SHIPMENT_EVENTS,
    STOCK_EVENTS,
)

FILTERS = {
    "order_ids": ("Order", "Only what belongs to these orders, at most 250."),
    "channel_ids": ("Channel", "Only what was sold in these channels, at most 250."),
    "warehouse_ids": (
        "Warehouse",
        "Only what is in these warehouses, at most 250; stock counts by the pools that they belong to.",
    ),
    "product_ids": ("Product", "Only stock of these products, at most 250."),
    "pool_ids": ("Pool", "Only stock of these pools, at most 250."),
}
"""Ids by which streams are narrowed beside those of their documents."""


def snake(name: str) -> str:
    """The name of a type as columns and fields are written here."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


@dataclass(frozen=True)
class Stream:
    """Events that name documents of one type.

    ``name`` begins the names of its interface and fields, ``document`` is the type that is shown, ``noun`` how a
    sentence calls it. Events of types that ``types`` does not have are of its first one.
    """

    name: str
    document: str
    noun: str
    scope: str
    types: Mapping[str, str]
    filters: tuple[str, ...] = ()
    axes: type[DescribedEnum] | None = None
    has_state: bool = True
    of_order: bool = False
    """Whether every document belongs to one order."""
    sentence: str = ""

    @property
    def interface(self) -> str:
        """Name of the GraphQL interface."""
        return f"{self.name}Event"

    @property
    def field_name(self) -> str:
        """``name`` in lower case, as columns and fields are written here."""
        return snake(self.name)

    @property
    def own_ids(self) -> str:
        """Name of the argument that takes ids of its documents."""
        return f"{snake(self.document)}_ids"

    def type_name(self, event_type: str) -> str:
        """GraphQL type of an event: another document's begin with the name of the stream."""
        known = event_type if event_type in self.types else next(iter(self.types))
        return f"{known}Event" if known.startswith(self.name) else f"{self.name}{known}Event"

    @property
    def description(self) -> str:
        """What the subscription is for."""
        return self.sentence or f"What happens to {self.noun}s, changes through other documents included."


_BILL = ("order_ids", "channel_ids")

STREAMS = (
    Stream(
        "Order", "Order", "order", "orders:read", ORDER_EVENTS, ("channel_ids",), OrderAxis,
        sentence="What happens to orders, changes through shipments, invoices and payments included.",
    ),
    Stream(
        "Allocation", "Order", "order", "allocations:read", ALLOCATION_EVENTS, ("channel_ids", "warehouse_ids"),
        has_state=False, sentence="What is set aside for orders, taken from elsewhere, used or given back.",
    ),
    Stream(
        "Shipment", "Shipment", "shipment", "shipments:read", SHIPMENT_EVENTS,
        ("order_ids", "channel_ids", "warehouse_ids"), of_order=True,
    ),
    Stream(
        "Invoice", "Invoice", "invoice", "invoices:read", INVOICE_EVENTS, _BILL, BillAxis, of_order=True
    ),
    Stream(
        "CashSale", "CashSale", "cash sale", "cash_sales:read", CASH_SALE_EVENTS, _BILL, BillAxis, of_order=True
    ),
    Stream(
        "CreditMemo", "CreditMemo", "credit memo", "credit_memos:read", CREDIT_MEMO_EVENTS, ("channel_ids",),
        CreditMemoAxis,
    ),
    Stream(
        "Payment", "Payment", "payment", "payments:read", PAYMENT_EVENTS, ("order_ids", "channel_ids")
    ),
    Stream("Refund", "Refund", "refund", "refunds:read", REFUND_EVENTS, ("channel_ids",)),
    Stream("Customer", "Customer", "customer", "customers:read", CUSTOMER_EVENTS),
    Stream("Product", "Product", "product", "products:read", PRODUCT_EVENTS, has_state=False),
    Stream(
        "Stock", "StockPool", "stock pool", "stock:read", STOCK_EVENTS, ("product_ids", "pool_ids", "warehouse_ids"),
        has_state=False, sentence="How stock changes, by moving goods or by promising them to orders.",
    ),
)  # fmt: skip
