"""What happened to an order, event by event, what each one changed, and who is told which column (N-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from gql_sales.db.differences import Difference, differences
from gql_sales.kernel.ids import encode_id
from gql_sales.kernel.money import to_major
from gql_sales.kernel.quantities import plain
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.events import told_actor
from gql_sales.schema.nodes import text

_READ = [scopes("orders:read")]


@dataclass(frozen=True)
class Told:
    """The GraphQL field that shows a column, and the scope that is needed besides reading orders."""

    field: str
    scope: str | None = None


def _as_named(*columns: str) -> dict[str, Told]:
    """Columns whose field has their name."""
    return {column: Told(_camel(column)) for column in columns}


def _camel(column: str) -> str:
    first, *others = column.split("_")
    return first + "".join(word.capitalize() for word in others)


_AMOUNTS = {"net_amount": Told("net"), "tax_amount": Told("tax")}
TOLD: Mapping[str, Mapping[str, Told]] = {
    "Order": {
        **_AMOUNTS,
        "gross_amount": Told("total"),
        "credited_amount": Told("credited"),
        "due_amount": Told("due"),
        "outstanding_amount": Told("outstanding"),
        "paid_amount": Told("paid"),
        "customer_id": Told("customer"),
        "default_warehouse_id": Told("defaultWarehouse", "warehouses:read"),
        "held_scopes": Told("holds", "orders.holds:read"),
        "prices_include_tax": Told("hasTaxInPrices"),
        **_as_named("number", "type_code", "state", "source", "currency_code", "document_date", "external_ref"),
        **_as_named("customer_po", "payment_method", "payment_method_class", "is_invoice_requested"),
        **_as_named("shipping_address", "billing_address", "summary", "is_locked", "cancel_reason"),
        **_as_named("commitment_status", "allocation_status", "pack_status", "dispatch_status", "billing_status"),
        **_as_named("credit_status", "payment_status", "expires_at", "placed_at", "acknowledgement_due_at"),
        **_as_named("acknowledged_at", "completed_at", "closed_at", "cancelled_at"),
    },
    "OrderItem": {
        **_AMOUNTS,
        "gross_amount": Told("gross"),
        "credited_amount": Told("creditedByValue"),
        **_as_named("position", "product_id", "external_ref", "sku", "name", "kind", "unit_price"),
        **_as_named("tax_country_code", "tax_rate", "ordered_quantity", "cancelled_quantity", "committed_quantity"),
        **_as_named("allocated_quantity", "booked_quantity", "packed_quantity", "shipped_quantity"),
        **_as_named("invoiced_quantity", "cash_saled_quantity", "handed_over_quantity", "credited_quantity"),
        **_as_named("rebillable_quantity"),
    },
}
"""What of a difference is told to whom; a column that is not named here is told to nobody."""
_IDS = {"customer_id": "Customer", "default_warehouse_id": "Warehouse", "product_id": "Product"}


@strawberry.type(description="One field that an event changed.", directives=_READ)
class FieldChangeInfo:
    """Values are text, whatever the field's own type."""

    document_type: str = text("GraphQL type of what changed: Order or OrderItem.")
    document_id: strawberry.ID = text("The order, or the item of it.")
    field: str = text("Name of the field that shows it.")
    before: str | None = text(
        "Value before, as text: a decimal, a date, an enum value, an id; null when there was none."
    )
    after: str | None = text("Value after; null when there is none any more.")


def _changes(root: Any, info: Info) -> list[FieldChangeInfo] | None:  # noqa: ANN401 (a row)
    """What the caller may know of the differences."""
    found = []
    for one in differences(root.order_id, root.data or {}):
        told = TOLD[one.document_type].get(one.column)
        if told and (told.scope is None or told.scope in info.context.principal.scopes):
            found.append(_change(one, told, root.currency_code))
    return found if "changes" in (root.data or {}) else None


def _change(one: Difference, told: Told, currency: str) -> FieldChangeInfo:
    return FieldChangeInfo(
        document_type=one.document_type,
        document_id=strawberry.ID(encode_id(one.document_type, one.document_id)),
        field=told.field,
        before=_text(one.column, one.before, currency),
        after=_text(one.column, one.after, currency),
    )


def _text(column: str, value: Any, currency: str) -> str | None:  # noqa: ANN401 (JSON)
    """A recorded value as clients read it elsewhere, in words of its own."""
    if value is None:
        return None
    if column.endswith("_amount"):
        return plain(to_major(value, currency))
    if column in _IDS:
        return encode_id(_IDS[column], UUID(value))
    if column.endswith("_at"):
        return str(value).replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    return ", ".join(value) if isinstance(value, list) else str(value)


@strawberry.type(description="Something that happened to an order.", directives=_READ)
class OrderHistoryEntry:
    """A row of the event log, as the order named in it sees it."""

    type: str = text("Event type, such as OrderPlaced.")
    occurred_at: datetime = text("When it was done.")
    actor: str | None = strawberry.field(resolver=told_actor, description="Who did it; shoppers see only themselves.")
    document_type: str = text("GraphQL type of the document that it is about, such as Order, Shipment or Invoice.")
    order_version: int = text("Version of the order after it.")
    changes: list[FieldChangeInfo] | None = strawberry.field(
        resolver=_changes,
        description=(
            "What it changed of the order and its items, at most 15000; what one request did in several events stands"
            " in the last of them. Null for events from before this was recorded."
        ),
    )

    @strawberry.field(description="Id of the event, the same as on the timeline of the customer.")
    def id(self: Any) -> strawberry.ID:
        """The log has one id for every outlet."""
        return strawberry.ID(encode_id("TimelineEvent", self.id))

    @strawberry.field(description="The document that it is about.")
    def document_id(self: Any) -> strawberry.ID:
        """Named even when the caller may not see it."""
        return strawberry.ID(encode_id(self.document_type, self.document_id))
