"""Named reads: which rows a type shows, how they are found by id, and how they hang below a parent."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from gql_sales.db.models.api_keys import ApiKey
from gql_sales.db.models.base import Base
from gql_sales.db.models.billing import CashSale, CashSaleItem, CashSaleTaxLine, Invoice, InvoiceItem, TaxLine
from gql_sales.db.models.cancellations import CancellationItem, CancellationNote
from gql_sales.db.models.channels import Bin, Channel, Pool, Warehouse
from gql_sales.db.models.companies import Company, TaxRule
from gql_sales.db.models.credit_memos import (
    CreditMemo,
    CreditMemoItem,
    CreditMemoTaxLine,
    MemoApplication,
    Refund,
    RefundTender,
)
from gql_sales.db.models.customers import Address, Customer, TimelineEntry
from gql_sales.db.models.events import Event
from gql_sales.db.models.ledger import JournalEntry, JournalLine
from gql_sales.db.models.orders import Allocation, Order, OrderHold, OrderItem
from gql_sales.db.models.payments import Payment, PaymentAllocation, PaymentMethod, Tender
from gql_sales.db.models.products import Product, ProductPrice
from gql_sales.db.models.shipments import Package, PackageItem, Shipment, ShipmentItem
from gql_sales.db.models.stock import StockLevel, StockMovement, StockOwner, StockPool
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal


@dataclass(frozen=True)
class Source:
    """The table behind a GraphQL type; rows carry the type's name in ``typename``.

    ``is_checked`` is false for rows that need no check when they are reached through a parent that was checked.
    """

    type_name: str
    model: type[Base]
    is_checked: bool = True

    def rows(self) -> Select[*tuple[Any, ...]]:
        """All columns of all rows, whoever may see them."""
        return select(literal_column(f"'{self.type_name}'").label("typename"), *self.model.__table__.columns)

    def select(self, principal: Principal, *, is_child: bool = False) -> Select[*tuple[Any, ...]]:
        """All columns of the visible rows, or of the children of a row that is known to be visible."""
        statement = self.rows()
        is_known = is_child and not self.is_checked
        return statement if is_known else statement.where(visible(self.model, principal))


@dataclass(frozen=True)
class Relation:
    """Rows of a type found by a column: the row itself by id, or the children of a parent."""

    source: Source
    column: str
    order_by: tuple[str, ...] = ("id",)

    def statement(self, principal: Principal) -> Select[*tuple[Any, ...]]:
        """Rows of all the parents in the array parameter ``ids``, with the parent's id as ``parent_key``."""
        table = self.source.model.__table__
        key: ColumnElement[Any] = table.c[self.column]
        ids = bindparam("ids", type_=ARRAY(UUID(as_uuid=True)))
        return (
            self.source.select(principal, is_child=self.column != "id")
            .add_columns(key.label("parent_key"))
            .where(key == any_(ids))
            .order_by(*[table.c[name] for name in self.order_by])
        )


def customer_records() -> FromClause:
    """Pairs of each customer in the array parameter ``ids`` with their own record and those merged into it."""
    ids = bindparam("ids", type_=ARRAY(UUID(as_uuid=True)))
    own = func.unnest(ids, type_=UUID(as_uuid=True))
    merged = select(Customer.merged_into_id, Customer.id).where(Customer.merged_into_id == any_(ids))
    return union_all(select(own.label("parent_key"), own.label("owner_key")), merged).subquery("records")


@dataclass(frozen=True)
class Sums(Relation):
    """What the customer's rows of ``columns`` sum to, one row per customer and currency instead of the rows."""

    columns: tuple[Any, ...] = ()

    def statement(self, principal: Principal) -> Select[*tuple[Any, ...]]:
        """Customers with nothing of it have no row."""
        records = customer_records()
        amounts = union_all(
            *[
                select(records.c.parent_key, model.currency_code, column.label("amount"))
                .join_from(records, model, model.customer_id == records.c.owner_key)
                .where(column > 0, visible(model, principal))
                for column in self.columns
                for model in [column.class_]
            ]
        ).subquery()
        return (
            select(
                amounts.c.parent_key,
                amounts.c.currency_code,
                func.sum(amounts.c.amount).cast(BigInteger).label("amount"),
            )
            .group_by(amounts.c.parent_key, amounts.c.currency_code)
            .order_by(amounts.c.parent_key, amounts.c.currency_code)
        )


@dataclass(frozen=True)
class InvoiceSettlements(Relation):
    """What settled invoices: what names them, and what names the cash sales that they were made of (PK-15)."""

    def statement(self, principal: Principal) -> Select[*tuple[Any, ...]]:
        """Once for each invoice."""
        ids = bindparam("ids", type_=ARRAY(UUID(as_uuid=True)))
        part: Any = self.source.model
        own = or_(part.invoice_id == Invoice.id, part.cash_sale_id == Invoice.cash_sale_id)
        return (
            self.source.select(principal, is_child=True)
            .add_columns(Invoice.id.label("parent_key"))
            .join_from(part, Invoice, own)
            .where(Invoice.id == any_(ids))
            .order_by(part.id)
        )


@dataclass(frozen=True)
class Linked(Relation):
    """Rows that share a credit memo's items with their parent: orders of a memo, or memos of an order."""

    parent_column: str = ""
    own_column: str = ""

    def statement(self, principal: Principal) -> Select[*tuple[Any, ...]]:
        """Once for each pair, however many items link it."""
        ids = bindparam("ids", type_=ARRAY(UUID(as_uuid=True)))
        items = CreditMemoItem.__table__
        parent, own = items.c[self.parent_column], items.c[self.own_column]
        pairs = (
            select(parent.label("parent_key"), own.label("own_key")).where(parent == any_(ids)).distinct().subquery()
        )
        model: Any = self.source.model
        return (
            self.source.select(principal)
            .add_columns(pairs.c.parent_key)
            .join(pairs, pairs.c.own_key == model.id)
            .order_by(model.id)
        )


@dataclass(frozen=True)
class StockByBinKind(Relation):
    """What lies in the warehouses of a stock pool's pool, one row per kind of bin instead of the levels (C-20)."""

    def statement(self, principal: Principal) -> Select[*tuple[Any, ...]]:
        """A kind of bin that holds nothing has no row."""
        ids = bindparam("ids", type_=ARRAY(UUID(as_uuid=True)))
        return (
            select(StockPool.id.label("parent_key"), Bin.kind, func.sum(StockLevel.on_hand).label("on_hand"))
            .join(Warehouse, Warehouse.pool_id == StockPool.pool_id)
            .join(
                StockLevel,
                and_(StockLevel.warehouse_id == Warehouse.id, StockLevel.product_id == StockPool.product_id),
            )
            .join(Bin, Bin.id == StockLevel.bin_id)
            .where(StockPool.id == any_(ids), StockLevel.owner == StockOwner.OWN, visible(StockLevel, principal))
            .group_by(StockPool.id, Bin.kind)
            .having(func.sum(StockLevel.on_hand) > 0)
            .order_by(StockPool.id, Bin.kind)
        )


def _sources(*sources: Source) -> dict[str, Source]:
    return {source.type_name: source for source in sources}


SOURCES = _sources(
    Source("Company", Company),
    Source("Pool", Pool),
    Source("Channel", Channel),
    Source("Warehouse", Warehouse),
    Source("Bin", Bin),
    Source("Product", Product),
    Source("ProductPrice", ProductPrice),
    Source("TaxRule", TaxRule),
    Source("ApiKey", ApiKey),
    Source("StockPool", StockPool),
    Source("StockLevel", StockLevel),
    Source("StockMovement", StockMovement),
    Source("Customer", Customer),
    Source("Address", Address),
    Source("TimelineEntry", TimelineEntry),
    Source("TimelineEvent", Event),
    Source("Order", Order),
    Source("OrderItem", OrderItem, is_checked=False),
    Source("OrderHold", OrderHold, is_checked=False),
    Source("CancellationNote", CancellationNote, is_checked=False),
    Source("CancellationItem", CancellationItem, is_checked=False),
    Source("Allocation", Allocation, is_checked=False),
    Source("Shipment", Shipment),
    Source("ShipmentItem", ShipmentItem, is_checked=False),
    Source("Package", Package, is_checked=False),
    Source("PackageItem", PackageItem, is_checked=False),
    Source("Invoice", Invoice),
    Source("InvoiceItem", InvoiceItem, is_checked=False),
    Source("TaxLine", TaxLine, is_checked=False),
    Source("CashSale", CashSale),
    Source("CashSaleItem", CashSaleItem, is_checked=False),
    Source("CashSaleTaxLine", CashSaleTaxLine, is_checked=False),
    Source("PaymentMethod", PaymentMethod),
    Source("Payment", Payment),
    Source("Tender", Tender, is_checked=False),
    Source("PaymentAllocation", PaymentAllocation, is_checked=False),
    Source("CreditMemo", CreditMemo),
    Source("CreditMemoItem", CreditMemoItem, is_checked=False),
    Source("CreditMemoTaxLine", CreditMemoTaxLine, is_checked=False),
    Source("MemoApplication", MemoApplication, is_checked=False),
    Source("Refund", Refund),
    Source("RefundTender", RefundTender, is_checked=False),
    Source("JournalEntry", JournalEntry),
    Source("JournalLine", JournalLine, is_checked=False),
)

CHILDREN: dict[str, Relation] = {
    "Warehouse.bins": Relation(SOURCES["Bin"], "warehouse_id", ("code",)),
    "Product.prices": Relation(SOURCES["ProductPrice"], "product_id", ("currency_code", "id")),
    # What every caller may know of a pool is what it can promise, so that shoppers reach it through their products.
    "Product.stockPools": Relation(Source("StockPool", StockPool, is_checked=False), "product_id"),
    "StockPool.kinds": StockByBinKind(SOURCES["StockLevel"], "id"),
    "Product.stockLevels": Relation(SOURCES["StockLevel"], "product_id", ("warehouse_id", "id")),
    "Customer.addresses": Relation(SOURCES["Address"], "customer_id"),
    "Customer.advances": Sums(SOURCES["Payment"], "customer_id", columns=(Payment.unallocated_amount,)),
    "Customer.balances": Sums(SOURCES["Invoice"], "customer_id", columns=(Invoice.open_amount, CashSale.open_amount)),
    "Customer.credits": Sums(SOURCES["CreditMemo"], "customer_id", columns=(CreditMemo.balance_amount,)),
    "Order.items": Relation(SOURCES["OrderItem"], "order_id", ("position",)),
    "Order.holds": Relation(SOURCES["OrderHold"], "order_id"),
    "Order.cancellationNotes": Relation(SOURCES["CancellationNote"], "order_id"),
    "CancellationNote.items": Relation(SOURCES["CancellationItem"], "note_id"),
    "Order.allocations": Relation(SOURCES["Allocation"], "order_id"),
    "Order.shipments": Relation(SOURCES["Shipment"], "order_id"),
    "Order.invoices": Relation(SOURCES["Invoice"], "order_id"),
    "Order.cashSales": Relation(SOURCES["CashSale"], "order_id"),
    "Order.payments": Relation(SOURCES["Payment"], "order_id"),
    "OrderItem.allocations": Relation(SOURCES["Allocation"], "order_item_id"),
    "Shipment.items": Relation(SOURCES["ShipmentItem"], "shipment_id"),
    "Shipment.packages": Relation(SOURCES["Package"], "shipment_id"),
    "Package.items": Relation(SOURCES["PackageItem"], "package_id"),
    "Invoice.items": Relation(SOURCES["InvoiceItem"], "invoice_id", ("position",)),
    "Invoice.taxLines": Relation(SOURCES["TaxLine"], "invoice_id", ("rate",)),
    "Invoice.paymentAllocations": InvoiceSettlements(SOURCES["PaymentAllocation"], "invoice_id"),
    "Invoice.creditApplications": InvoiceSettlements(SOURCES["MemoApplication"], "invoice_id"),
    "CashSale.creditApplications": Relation(SOURCES["MemoApplication"], "cash_sale_id"),
    "CreditMemo.items": Relation(SOURCES["CreditMemoItem"], "credit_memo_id", ("position",)),
    "CreditMemo.taxLines": Relation(SOURCES["CreditMemoTaxLine"], "credit_memo_id", ("rate",)),
    "CreditMemo.applications": Relation(SOURCES["MemoApplication"], "credit_memo_id"),
    "CreditMemo.refunds": Relation(SOURCES["Refund"], "credit_memo_id"),
    "CreditMemo.orders": Linked(SOURCES["Order"], "id", parent_column="credit_memo_id", own_column="order_id"),
    "Order.creditMemos": Linked(SOURCES["CreditMemo"], "id", parent_column="order_id", own_column="credit_memo_id"),
    "Refund.tenders": Relation(SOURCES["RefundTender"], "refund_id"),
    "CashSale.items": Relation(SOURCES["CashSaleItem"], "cash_sale_id", ("position",)),
    "CashSale.taxLines": Relation(SOURCES["CashSaleTaxLine"], "cash_sale_id", ("rate",)),
    "CashSale.paymentAllocations": Relation(SOURCES["PaymentAllocation"], "cash_sale_id"),
    "CashSale.invoices": Relation(SOURCES["Invoice"], "cash_sale_id"),
    "Payment.tenders": Relation(SOURCES["Tender"], "payment_id"),
    "Payment.allocations": Relation(SOURCES["PaymentAllocation"], "payment_id"),
    "JournalEntry.lines": Relation(SOURCES["JournalLine"], "entry_id"),
}
