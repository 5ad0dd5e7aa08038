"""Lists below a parent that are too long to be read whole: pages of them for many parents in one statement (C-45)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    FromClause,
    bindparam,
    func,
    literal_column,
    null,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from gql_sales.db.models.billing import Invoice
from gql_sales.db.models.customers import TimelineEntry
from gql_sales.db.models.events import Event
from gql_sales.db.pages import COUNT_CAP, Statement, Window
from gql_sales.db.queries.history import history
from gql_sales.db.queries.reading import SOURCES, customer_records
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal

Part = Callable[[Principal, ColumnElement[Any]], Statement]
"""The visible rows of one table whose owner is the column."""


def each_parent() -> FromClause:
    """Parents that own their rows themselves, paired as those of customer_records are."""
    ids = func.unnest(bindparam("ids", type_=ARRAY(UUID(as_uuid=True))), type_=UUID(as_uuid=True))
    return select(ids.label("parent_key"), ids.label("owner_key")).subquery("owners")


@dataclass(frozen=True)
class Nested:
    """A list below each parent, put together of the rows of ``parts``, which have the same columns.

    ``owners`` pairs the parents of the array parameter ``ids`` with those whose rows count as theirs.
    """

    parts: tuple[Part, ...]
    owners: Callable[[], FromClause] = each_parent

    def page(self, principal: Principal, window: Window) -> Executable:
        """The window of every parent's list, as many rows read as it needs; the parent's id is ``parent_key``."""
        owners = self.owners()
        cuts = [window.cut(part(principal, owners.c.owner_key)).correlate(owners) for part in self.parts]
        rows = _together(cuts).lateral("found")
        rank = func.row_number().over(partition_by=owners.c.parent_key, order_by=window.order(rows.c))
        ranked = select(owners.c.parent_key, *rows.c, rank.label("rank")).join_from(owners, rows, true()).subquery()
        return (
            select(*[column for column in ranked.c if column.key != "rank"])
            .where(ranked.c.rank <= window.size + 1)
            .order_by(ranked.c.parent_key, ranked.c.rank)
        )

    def count(self, principal: Principal) -> Executable:
        """The length of every parent's list, counted no further than it is told; parents without rows are absent."""
        owners = self.owners()
        cuts = []
        for part in self.parts:
            rows = part(principal, owners.c.owner_key)
            cuts.append(rows.with_only_columns(rows.selected_columns.id).limit(COUNT_CAP + 1).correlate(owners))
        found = _together(cuts).lateral("found")
        return (
            select(owners.c.parent_key, func.count().label("value"))
            .join_from(owners, found, true())
            .group_by(owners.c.parent_key)
        )


def _together(parts: Sequence[Statement]) -> Statement | CompoundSelect[Any]:
    return parts[0] if len(parts) == 1 else union_all(*parts)


def _children(type_name: str, column: str, *conditions: ColumnElement[bool]) -> Part:
    """All columns of the visible rows of a type that name their owner in the column and meet the conditions."""

    def part(principal: Principal, owner: ColumnElement[Any]) -> Statement:
        source = SOURCES[type_name]
        named = source.model.__table__.c[column] == owner
        return source.select(principal, is_child=True).where(named, *conditions)

    return part


def _entries(principal: Principal, owner: ColumnElement[Any]) -> Statement:
    """What was noted by hand, with the columns of events left empty."""
    return select(
        literal_column("'TimelineEntry'").label("typename"),
        TimelineEntry.id,
        TimelineEntry.actor,
        TimelineEntry.occurred_at,
        *_NOTED,
        *_empty(_TOLD),
    ).where(TimelineEntry.customer_id == owner, visible(TimelineEntry, principal))


def _events(principal: Principal, owner: ColumnElement[Any]) -> Statement:
    """What the log tells of a customer; the event of an entry is left out, since the entry itself is shown."""
    return select(
        literal_column("'TimelineEvent'").label("typename"),
        Event.id,
        Event.actor,
        Event.occurred_at,
        *_empty(_NOTED),
        *_TOLD,
    ).where(Event.customer_id == owner, Event.type != "CustomerTimelineAdded", visible(Event, principal))


_NOTED: Sequence[Any] = (TimelineEntry.kind, TimelineEntry.text, TimelineEntry.created_at)
_TOLD: Sequence[Any] = (Event.type, Event.document_type, Event.document_id, Event.document_version)


def _empty(columns: Sequence[Any]) -> list[Any]:
    """Nothing in the place of each column, so that the rows of two tables can stand in one list."""
    return [type_coerce(null(), column.type).label(column.key) for column in columns]


def _of_customers(*parts: Part) -> Nested:
    """Rows that name a customer; those of merged records are the customer's as well."""
    return Nested(parts, customer_records)


NESTED: dict[str, Nested] = {
    "Customer.timeline": _of_customers(_entries, _events),
    "Customer.orders": _of_customers(_children("Order", "customer_id")),
    "Customer.invoices": _of_customers(_children("Invoice", "customer_id")),
    "Customer.openInvoices": _of_customers(_children("Invoice", "customer_id", Invoice.open_amount > 0)),
    "Customer.cashSales": _of_customers(_children("CashSale", "customer_id")),
    "Customer.creditMemos": _of_customers(_children("CreditMemo", "customer_id")),
    "Customer.refunds": _of_customers(_children("Refund", "customer_id")),
    "Customer.payments": _of_customers(_children("Payment", "customer_id")),
    "Order.history": Nested((history,)),
    "Customer.mergedRecords": Nested((_children("Customer", "merged_into_id"),)),
}
