"""Which rows exist for a caller, as a condition inside the statement: foreign and absent rows look the same (A2)."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from gql_sales.db.models.api_keys import ApiKey
from gql_sales.db.models.base import Row
from gql_sales.db.models.billing import CashSale, CashSaleItem, CashSaleTaxLine, Invoice, InvoiceItem, TaxLine
from gql_sales.db.models.cancellations import CancellationItem, CancellationNote
from gql_sales.db.models.channels import Bin, Channel, Warehouse
from gql_sales.db.models.companies import Company
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
from gql_sales.db.models.orders import Allocation, Order, OrderHold, OrderItem, OrderState
from gql_sales.db.models.payments import Payment, PaymentAllocation, Tender
from gql_sales.db.models.products import Product, ProductPrice
from gql_sales.db.models.shipments import Package, PackageItem, Shipment, ShipmentItem, ShipmentState
from gql_sales.kernel.principals import Principal, PrincipalKind

SHOPPER_SHARED = {"products", "channels", "payment_methods"}
OF_STAFF: set[Any] = {Event, TimelineEntry}
"""What no shopper reads, though it names the shopper; streams of events are read in db/event_log.py."""
PARENTS: dict[Any, tuple[type[Row], str]] = {
    Address: (Customer, "customer_id"),
    Allocation: (Order, "order_id"),
    Bin: (Warehouse, "warehouse_id"),
    CancellationItem: (CancellationNote, "note_id"),
    CancellationNote: (Order, "order_id"),
    CashSaleItem: (CashSale, "cash_sale_id"),
    CashSaleTaxLine: (CashSale, "cash_sale_id"),
    CreditMemoItem: (CreditMemo, "credit_memo_id"),
    CreditMemoTaxLine: (CreditMemo, "credit_memo_id"),
    InvoiceItem: (Invoice, "invoice_id"),
    JournalLine: (JournalEntry, "entry_id"),
    MemoApplication: (CreditMemo, "credit_memo_id"),
    OrderHold: (Order, "order_id"),
    OrderItem: (Order, "order_id"),
    Package: (Shipment, "shipment_id"),
    PackageItem: (Package, "package_id"),
    PaymentAllocation: (Payment, "payment_id"),
    ProductPrice: (Product, "product_id"),
    RefundTender: (Refund, "refund_id"),
    ShipmentItem: (Shipment, "shipment_id"),
    TaxLine: (Invoice, "invoice_id"),
    TimelineEntry: (Customer, "customer_id"),
    Tender: (Payment, "payment_id"),
}
"""Rows that exist for whoever may know their parent, and by which column they name it."""


def form_of(principal: Principal) -> Hashable:
    """What decides how ``visible`` looks for a principal; everything else about it is the value of a parameter."""
    return (
        principal.kind,
        principal.company_id is None,
        principal.channel_ids is None,
        principal.warehouse_ids is None,
    )


def stand_in(principal: Principal) -> Principal:
    """Somebody else for whom it looks the same: what differs between the two must be the value of a parameter."""
    one, other = UUID(int=1), UUID(int=2)
    return replace(
        principal,
        subject=str(one),
        company_id=principal.company_id and one,
        channel_ids=None if principal.channel_ids is None else frozenset({one, other}),
        warehouse_ids=None if principal.warehouse_ids is None else frozenset({one, other}),
    )


def values_of(principal: Principal) -> dict[str, Any]:
    """The values of the parameters in ``visible``."""
    return {
        "own_company": principal.company_id,
        "own_subject": principal.subject,
        "own_key": principal.key,
        "own_channels": list(principal.channel_ids or ()),
        "own_warehouses": list(principal.warehouse_ids or ()),
    }


OWN: Mapping[str, TypeEngine[Any]] = {
    "own_company": Uuid(),
    "own_subject": String(),
    "own_key": String(),
    "own_channels": ARRAY(Uuid),
    "own_warehouses": ARRAY(Uuid),
}
"""Types of those parameters."""


def _own(principal: Principal, name: str) -> BindParameter[Any]:
    """A parameter that has its value already, and takes another principal's in a statement that is made once."""
    return bindparam(name, values_of(principal)[name], type_=OWN[name])


def visible(model: Any, principal: Principal) -> ColumnElement[bool]:  # noqa: ANN401 (a mapped class)
    """The condition on the model's own columns under which the principal may know that a row exists."""
    if model is Company:
        return Company.id == _own(principal, "own_company") if principal.company_id else _operator(principal)
    if principal.company_id is None or (principal.is_shopper and model in OF_STAFF):
        return false()
    if model in PARENTS:
        parent, column = PARENTS[model]
        known = select(parent.id).where(visible(parent, principal))
        own = [model.company_id == _own(principal, "own_company")] if model is Allocation else []
        return and_(getattr(model, column).in_(known), *own, *_narrowed(model, principal))
    if model is Event:
        return _told(principal)
    of_company = model.company_id == _own(principal, "own_company")
    conditions: list[ColumnElement[bool]] = [of_company, *_narrowed(model, principal)]
    if model is Order:
        conditions.append(Order.state != OrderState.DELETED)
    if model is Shipment:
        conditions.append(Shipment.state != ShipmentState.DELETED)
    if model is ApiKey and principal.kind == PrincipalKind.PARTNER:
        conditions.append(ApiKey.id == cast(_own(principal, "own_subject"), Uuid))
    if principal.is_shopper:
        conditions.append(_owned(model, principal))
    elif principal.channel_ids is not None and model in (Customer, Payment):
        conditions.append(_of_channels(model, principal))
    return and_(*conditions)


def _told(principal: Principal) -> ColumnElement[bool]:
    """Events of the company; who is bound to channels or warehouses hears of what is there, and of what they see."""
    conditions = [Event.company_id == _own(principal, "own_company")]
    if principal.channel_ids is not None:
        known = [select(cls.id).where(visible(cls, principal)) for cls in (Customer, Payment)]
        channels = any_(_own(principal, "own_channels"))
        conditions.append(or_(Event.channel_id == channels, *[Event.document_id.in_(ids) for ids in known]))
    if principal.warehouse_ids is not None:
        warehouses = any_(_own(principal, "own_warehouses"))
        conditions.append(or_(Event.warehouse_id.is_(None), Event.warehouse_id == warehouses))
    return and_(*conditions)


def _of_channels(model: Any, principal: Principal) -> ColumnElement[bool]:  # noqa: ANN401 (a mapped class)
    """Customers who ordered in the principal's channels or whom it made; payments for what was ordered there."""
    channels = any_(_own(principal, "own_channels"))
    if model is Customer:
        ordered = select(Order.customer_id).where(Order.channel_id == channels, Order.customer_id.is_not(None))
        return or_(Customer.created_by == _own(principal, "own_key"), Customer.id.in_(ordered))
    settled = select(PaymentAllocation.payment_id).join(Invoice, Invoice.id == PaymentAllocation.invoice_id)
    receipted = select(PaymentAllocation.payment_id).join(CashSale, CashSale.id == PaymentAllocation.cash_sale_id)
    return or_(
        Payment.order_id.in_(select(Order.id).where(Order.channel_id == channels)),
        Payment.id.in_(settled.where(Invoice.channel_id == channels)),
        Payment.id.in_(receipted.where(CashSale.channel_id == channels)),
    )


def _narrowed(model: Any, principal: Principal) -> list[ColumnElement[bool]]:  # noqa: ANN401 (a mapped class)
    """Rows of the principal's channels and warehouses only, where it is bound to some."""
    found: list[ColumnElement[bool]] = []
    for cls, column, ids, name in (
        (Channel, "channel_id", principal.channel_ids, "own_channels"),
        (Warehouse, "warehouse_id", principal.warehouse_ids, "own_warehouses"),
    ):
        if ids is not None and (model is cls or hasattr(model, column)):
            found.append((model.id if model is cls else getattr(model, column)) == any_(_own(principal, name)))
    return found


def _operator(principal: Principal) -> ColumnElement[bool]:
    return Company.id.is_not(None) if principal.kind == PrincipalKind.STAFF else false()


def _owned(model: Any, principal: Principal) -> ColumnElement[bool]:  # noqa: ANN401 (a mapped class)
    """A shopper's own rows: those of the one record with the shopper's subject, and of what was merged into it."""
    subject, login = _own(principal, "own_subject"), aliased(Customer)
    is_own = and_(login.company_id == _own(principal, "own_company"), login.subject == subject)
    own = select(login.id).where(is_own).scalar_subquery()
    if model is Customer:
        return or_(Customer.subject == subject, Customer.merged_into_id == own)
    if model is Product:
        return Product.is_active.is_(True)
    if model is Shipment:
        return Shipment.order_id.in_(select(Order.id).where(of_customer(Order.customer_id, own)))
    if hasattr(model, "customer_id"):
        return of_customer(model.customer_id, own)
    return model.id.is_not(None) if model.__tablename__ in SHOPPER_SHARED else false()


def of_customer(column: Any, customer_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 (an id, or an expression for one)
    """Whether a document's column names the customer's record or one that was merged into it."""
    found: ColumnElement[bool] = column == any_(records_of(customer_id))
    return found


def records_of(customers: Any) -> ColumnElement[Any]:  # noqa: ANN401 (ids, one id, or an expression for one)
    """Records of customers and those merged into them; as an array, so that an index that begins with them is used."""
    record = aliased(Customer)
    named = [
        column.in_(customers) if isinstance(customers, list) else column == customers
        for column in (record.id, record.merged_into_id)
    ]
    return func.array(select(record.id).where(or_(*named)).scalar_subquery())
