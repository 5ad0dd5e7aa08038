"""An event as streams deliver it, what a reader asks for, and who may see it: for one event, and for the log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from gql_sales.db.event_reach import CHANGES, NAMED, NAMED_ROW, OF_MANY_CHANNELS, OWNER
from gql_sales.db.models.events import Event
from gql_sales.db.models.stock import StockPool
from gql_sales.db.visibility import of_customer
from gql_sales.kernel.principals import Principal

LAST = 2**31 - 1
"""An ordinal behind all others of a place."""
STAFF_ONLY = "CustomerTimelineAdded"
"""That somebody noted something about a customer is not for the customer."""
Ids = frozenset[UUID] | None


class Position(NamedTuple):
    """Where a reader is: ``place`` in the log, and which of the documents named there it has seen."""

    place: int
    ordinal: int = LAST


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event together with one of the documents that it names; an event of two orders is two of these.

    ``document_type`` and ``document_id`` are those of the named document, ``document_version`` is its version after the
    change. ``state``, ``axes`` and ``allocations`` are what changed of it.
    """

    place: int
    ordinal: int
    document_type: str
    document_id: UUID
    document_version: int
    company_id: UUID
    channel_ids: Sequence[UUID] | None
    """Channels of which one is enough to know of the document; None when that does not depend on channels."""
    maker: str | None
    """Who knows of it in any channel, having made it."""
    warehouse_id: UUID | None
    is_public: bool
    """Whether every shopper may know of it."""
    order_id: UUID | None
    product_id: UUID | None
    pool_id: UUID | None
    owner: str | None
    """Subject of the customer's login."""
    event_id: UUID
    type: str
    actor: str
    occurred_at: datetime
    is_main: bool
    """Whether the event is the document's own, and not one that only names it."""
    customer_id: UUID | None
    """The record on whose timeline the event stands."""
    subject_id: UUID | None
    """The record that stands for that one now."""
    entry_id: UUID | None
    """The entry of a timeline that the event tells of."""
    state: Mapping[str, str | None] | None
    axes: Sequence[Mapping[str, str]]
    allocations: Sequence[tuple[UUID, UUID]]
    """Allocations that were made or changed, with their warehouses."""
    is_tax_recalculated: bool
    """Whether rates of the order's items are other ones than before."""

    @property
    def position(self) -> Position:
        """Where a reader is who has seen it."""
        return Position(self.place, self.ordinal)

    @property
    def warehouse_ids(self) -> set[UUID | None]:
        """Where it happened."""
        return {self.warehouse_id, *(warehouse for _, warehouse in self.allocations)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for: events that name documents of one type, or all of a customer; None means any."""

    document_type: str | None = None
    document_ids: Ids = None
    order_ids: Ids = None
    channel_ids: Ids = None
    warehouse_ids: Ids = None
    product_ids: Ids = None
    pool_ids: Ids = None
    axes: Collection[str] | None = None
    """Only what changed one of these derived statuses."""
    allocating: Collection[str] | None = None
    """Only what changed allocations, or is of one of these types."""
    customer_id: UUID | None = None
    """Only what stands on the timeline of the customer, each event once."""

    def matches(self, event: LoggedEvent) -> bool:
        """The same as ``condition``, for an event at hand."""
        return (
            self.document_type in (None, event.document_type)
            and _among(self.document_ids, event.document_id)
            and _among(self.order_ids, event.order_id)
            and _among(self.product_ids, event.product_id)
            and _among(self.pool_ids, event.pool_id)
            and (self.channel_ids is None or not self.channel_ids.isdisjoint(event.channel_ids or ()))
            and (self.warehouse_ids is None or not self.warehouse_ids.isdisjoint(event.warehouse_ids))
            and (self.axes is None or any(change["axis"] in self.axes for change in event.axes))
            and (self.allocating is None or bool(event.allocations) or event.type in self.allocating)
            and (
                self.customer_id is None
                or (event.is_main and self.customer_id in (event.customer_id, event.subject_id))
            )
        )


def _among(ids: Ids, id_: UUID | None) -> bool:
    return ids is None or id_ in ids


def condition(wanted: Wanted) -> ColumnElement[bool]:
    """The condition on the statement of event_log.py; narrow ones begin at an index of the events."""
    row, terms = NAMED_ROW.c, []
    if wanted.document_type is not None:
        terms.append(NAMED.c.type == wanted.document_type)
    if wanted.document_ids is not None:
        terms += [NAMED.c.id.in_(wanted.document_ids), Event.document_ids.overlap(sorted(wanted.document_ids))]
    if wanted.product_ids is not None:
        pools = select(StockPool.id).where(StockPool.product_id.in_(wanted.product_ids))
        terms += [
            row.product_id.in_(wanted.product_ids),
            Event.document_ids.overlap(func.array(pools.scalar_subquery())),
        ]
    for column, ids in ((row.order_id, wanted.order_ids), (row.pool_id, wanted.pool_ids)):
        if ids is not None:
            terms.append(column.in_(ids))
    if wanted.channel_ids is not None:
        terms.append(row.channel_ids.overlap(sorted(wanted.channel_ids)))
    if wanted.warehouse_ids is not None:
        there = [_holds("allocations", warehouseId=str(id_)) for id_ in sorted(wanted.warehouse_ids)]
        terms.append(or_(row.warehouse_id.in_(wanted.warehouse_ids), *there))
    return and_(true(), *terms, *_of_changes(wanted))


def _of_changes(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions on what an event changed, and on whom it is about."""
    terms: list[ColumnElement[bool]] = []
    if wanted.axes is not None:
        terms.append(or_(false(), *[_holds("axes", axis=axis) for axis in sorted(wanted.axes)]))
    if wanted.allocating is not None:
        terms.append(or_(_part("allocations").is_not(None), Event.type.in_(sorted(wanted.allocating))))
    if wanted.customer_id is not None:
        terms += [of_customer(Event.customer_id, wanted.customer_id), NAMED.c.id == Event.document_id]
    return terms


def _holds(name: str, **values: str) -> ColumnElement[bool]:
    """Whether a list among the changes has an element with these values."""
    return _part(name).contains([values])


def _part(name: str) -> ColumnElement[Any]:
    return func.jsonb_extract_path(CHANGES, name, type_=JSONB)


def may_see(principal: Principal, event: LoggedEvent) -> bool:
    """Whether the principal may know of the document that the event names; the same rule as ``visible``.

    For shoppers the login of the record decides that stands now for the document's customer.
    """
    if principal.company_id is None or event.company_id != principal.company_id:
        return False
    if principal.is_shopper and (event.type == STAFF_ONLY or not (event.is_public or event.owner == principal.subject)):
        return False
    if _is_of_channels(principal, event.document_type) and event.channel_ids is not None:
        own = principal.channel_ids or frozenset()
        if own.isdisjoint(event.channel_ids) and event.maker != principal.key:
            return False
    narrowed = principal.warehouse_ids is not None and event.warehouse_id is not None
    return not narrowed or event.warehouse_id in (principal.warehouse_ids or ())


def _is_of_channels(principal: Principal, document_type: str) -> bool:
    return principal.channel_ids is not None and not (principal.is_shopper and document_type in OF_MANY_CHANNELS)


def visible(principal: Principal) -> ColumnElement[bool]:
    """What db/visibility.py says of lists of the named documents; but the deletion of a draft is still told."""
    if principal.company_id is None:
        return false()
    row: Any = NAMED_ROW.c
    terms = [Event.company_id == principal.company_id]
    if principal.is_shopper:
        terms += [or_(row.is_public, OWNER.subject == principal.subject), Event.type != STAFF_ONLY]
    if principal.channel_ids is not None:
        known = [row.channel_ids.is_(None), row.channel_ids.overlap(sorted(principal.channel_ids))]
        free = NAMED.c.type.in_(OF_MANY_CHANNELS) if principal.is_shopper else false()
        terms.append(or_(*known, row.maker == principal.key, free))
    if principal.warehouse_ids is not None:
        terms.append(or_(row.warehouse_id.is_(None), row.warehouse_id.in_(principal.warehouse_ids)))
    return and_(*terms)
