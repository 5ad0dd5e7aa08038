"""The lists of customers, products, stock and the ledger."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, any_, func, not_, select

from gql_sales.db.filters import (
    FieldKind,
    FilterField,
    Wanted,
    choice,
    codes,
    compare,
    days,
    flag,
    instants,
    quantities,
    reference,
    text,
)
from gql_sales.db.listings.listing import Listing, SortField
from gql_sales.db.listings.search import CUSTOMER_TEXT, PRODUCT_TEXT, Hits, contains
from gql_sales.db.models.channels import Bin, BinKind, Warehouse
from gql_sales.db.models.customers import Customer, CustomerKind, CustomerState
from gql_sales.db.models.events import Event
from gql_sales.db.models.ledger import JournalEntry, JournalEvent
from gql_sales.db.models.products import Product, ProductKind
from gql_sales.db.models.stock import MovementKind, StockLevel, StockMovement, StockOwner
from gql_sales.kernel.principals import Principal


def _bin_kinds(principal: Principal, operators: Wanted) -> ColumnElement[bool]:
    """Nearly everything lies in normal bins; what lies elsewhere is looked up bin by bin."""
    own = select(Warehouse.id).where(Warehouse.company_id == principal.company_id)
    bins = select(Bin.id).where(Bin.warehouse_id.in_(own), compare(Bin.kind, operators))
    if BinKind.NORMAL in operators.get("in", (BinKind.NORMAL,)):
        return StockLevel.bin_id.in_(bins)
    return StockLevel.bin_id == any_(func.array(bins.scalar_subquery()))


def _of_customers(query: str, _: Hits) -> list[ColumnElement[bool]]:
    return [contains(CUSTOMER_TEXT, query)]


def _of_products(query: str, _: Hits) -> list[ColumnElement[bool]]:
    return [contains(PRODUCT_TEXT, query)]


_PRODUCT = "Its product."

MASTER = (
    Listing(
        "Customer",
        {
            "external_ref": text(Customer.external_ref, "Reference of another system."),
            "kind": choice(Customer.kind, CustomerKind, "Person, company or guest."),
            "state": choice(Customer.state, CustomerState, "Lifecycle state."),
            "updated_at": instants(Customer.updated_at, "When it last changed."),
        },
        {
            "NAME": SortField("Name.", Customer.name, str),
            "UPDATED_AT": SortField("When it last changed.", Customer.updated_at, datetime),
        },
        _of_customers,
        "words of the name, e-mail address or reference",
    ),
    Listing(
        "Product",
        {
            "brand": text(Product.brand, "Brand."),
            "is_active": flag(and_(Product.is_active), not_(Product.is_active), "Whether it is sold."),
            "kind": choice(Product.kind, ProductKind, "Goods, service, delivery or discount."),
            "sku": codes(Product.sku, "SKU, without regard to case."),
            "tax_group": text(Product.tax_group, "Group that tax rules are made for."),
        },
        {
            "NAME": SortField("Name.", Product.name, str),
            "SKU": SortField("SKU, without regard to case.", func.lower(Product.sku), str),
        },
        _of_products,
        "words of the SKU or name",
    ),
    Listing(
        "StockLevel",
        {
            "bin_kind": FilterField(FieldKind.CHOICE, "Kind of bin it lies in.", _bin_kinds, BinKind),
            "lot": text(StockLevel.lot, "Lot."),
            "on_hand": quantities(StockLevel.on_hand, "What lies there."),
            "owner": choice(StockLevel.owner, StockOwner, "Whose it is."),
            "product_id": reference(StockLevel.product_id, "Product", _PRODUCT),
            "warehouse_id": reference(StockLevel.warehouse_id, "Warehouse", "Where it lies."),
        },
    ),
    Listing(
        "StockMovement",
        {
            "kind": choice(StockMovement.kind, MovementKind, "Why it moved."),
            "occurred_at": instants(StockMovement.occurred_at, "When it moved."),
            "product_id": reference(StockMovement.product_id, "Product", _PRODUCT),
            "reason": text(StockMovement.reason, "Reason given."),
            "shipment_id": reference(StockMovement.shipment_id, "Shipment", "The shipment it left with."),
            "stock_level_id": reference(StockMovement.level_id, "StockLevel", "The stock level it changed."),
            "warehouse_id": reference(StockMovement.warehouse_id, "Warehouse", "Where it moved."),
        },
    ),
    Listing(
        "TimelineEvent",
        {
            "actor": text(Event.actor, "Who did it, such as staff:anna."),
            "channel_id": reference(Event.channel_id, "Channel", "Channel of what it is about."),
            "customer_id": reference(Event.customer_id, "Customer", "The customer on whose timeline it is."),
            "document_id": reference(Event.document_id, None, "The document that it is about."),
            "document_type": text(Event.document_type, "GraphQL type of that document."),
            "occurred_at": instants(Event.occurred_at, "When it was done."),
            "type": text(Event.type, "Event type, such as OrderPlaced."),
        },
    ),
    Listing(
        "JournalEntry",
        {
            "document_id": reference(JournalEntry.document_id, None, "The document that caused it."),
            "event": choice(JournalEntry.event, JournalEvent, "What was posted."),
            "posted_on": days(JournalEntry.posted_on, "Day it counts for."),
        },
        {"POSTED_ON": SortField("Day it counts for.", JournalEntry.posted_on, date)},
    ),
)
