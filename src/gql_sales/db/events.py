"""Appending events: one per verb and document that it moves, in the transaction of the change (architecture.md 7)."""

from typing import Any
from uuid import UUID

from gql_sales.db.changes import Change, changes, touched
from gql_sales.db.differences import order_differences
from gql_sales.db.models.base import Document
from gql_sales.db.models.customers import Customer
from gql_sales.db.models.events import Event
from gql_sales.db.models.orders import Allocation, Order
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.kernel.ids import new_id


def append_events(unit: Unit, idempotency_key: str) -> list[Event]:
    """Add the unit's events, and let the version of every touched document grow by one per event of its own.

    A verb's event also names the order that its document belongs to; the last one names every document that no other
    event does. What changed of a document stands in the last event that tells of it, and every event that names an
    order has ``changes`` of it, if only empty ones (db/differences.py). The events, in order.
    """
    edits = _edits(unit)
    named = _named(unit, touched(unit))
    cause = new_id()
    appended: list[Event] = []
    for event, documents in reversed(list(zip(unit.events, named, strict=True))):
        told = {document: data for document in documents if (data := _told(edits, document)) is not None}
        row = Event(id=None, causation_id=cause, idempotency_key=idempotency_key, **_envelope(unit, event))
        row.data = {**event.data, **told.pop(event.document, {})}
        if told:
            row.data["also"] = {str(document.id): data for document, data in told.items()}
        appended.insert(0, row)
    for row, documents in zip(appended, named, strict=True):
        row.id = new_id()  # in the order in which things happened, as the timeline shows them
        for document in documents:
            _grow(unit, document)
        row.document_version = documents[0].version
        row.document_ids = [document.id for document in documents]
        row.document_versions = [document.version for document in documents]
        row.document_types = [type(document).__name__ for document in documents]
        unit.add(row)
    return appended


def _told(edits: dict[Document, dict[str, object]], document: Document) -> dict[str, object] | None:
    """What the event tells of the document; it is told once."""
    data = edits.pop(document, None)
    return {"changes": {}, **(data or {})} if isinstance(document, Order) else data


def _named(unit: Unit, documents: list[Document]) -> list[list[Document]]:
    """The documents that each event of the unit names, its own first."""
    mains = [event for event in unit.events if event.is_main]
    named = []
    for event in unit.events:
        order = unit.loaded.get(getattr(event.document, "order_id", None) or event.document.id)
        has_order = event.is_main and order is not None and order is not event.document and order in documents
        named.append([event.document, order] if has_order and order else [event.document])
    seen = {document.id for group in named for document in group}
    if mains:
        last = unit.events.index(mains[-1])
        named[last] += [document for document in documents if document.id not in seen]
    return named


def _grow(unit: Unit, document: Document) -> None:
    document.version += 1
    document.updated_at = unit.now


def _envelope(unit: Unit, event: PendingEvent) -> dict[str, Any]:
    document = event.document
    return {
        "company_id": getattr(document, "company_id", document.id),
        "channel_id": getattr(document, "channel_id", None),
        "type": event.type,
        "document_type": type(document).__name__,
        "document_id": document.id,
        "customer_id": _customer_id(unit, document),
        "warehouse_id": getattr(document, "warehouse_id", None),
        "actor": unit.principal.key,
        "occurred_at": unit.now,
    }


def _customer_id(unit: Unit, document: Document) -> UUID | None:
    """Whose timeline the event belongs to: what names no customer is for that of its order, as a shipment is."""
    if isinstance(document, Customer):
        return document.id
    found: UUID | None = getattr(document, "customer_id", None)
    order_id = getattr(document, "order_id", None)
    return unit.document(Order, order_id).customer_id if found is None and order_id is not None else found


def _edits(unit: Unit) -> dict[Document, dict[str, object]]:
    """Changes of state, axes and allocations of each document, and the differences of orders, for its event's data."""
    found: dict[Document, dict[str, object]] = {}
    changed = list(changes(unit))
    for change in changed:
        if isinstance(change.row, Allocation):
            _note_allocation(found.setdefault(unit.document(Order, change.row.order_id), {}), change.row)
        if not isinstance(change.row, Document):
            continue
        data = found.setdefault(change.row, {})
        if change.column == "state":
            data["state"] = {"from": change.before, "to": change.after}
        elif change.column.endswith("_status") and not change.is_new:
            axes = data.setdefault("axes", [])
            assert isinstance(axes, list)  # noqa: S101 (made a line above)
            axes.append(_axis(change))
    for id_, differences in order_differences(unit, changed).items():
        found.setdefault(unit.document(Order, id_), {})["changes"] = differences
    return found


def _note_allocation(data: dict[str, object], row: Allocation) -> None:
    """Each allocation once, with where it is: whoever is bound to warehouses hears of theirs."""
    rows = data.setdefault("allocations", [])
    assert isinstance(rows, list)  # noqa: S101 (made a line above)
    told = {"id": str(row.id), "warehouseId": str(row.warehouse_id)}
    if told not in rows:
        rows.append(told)


def _axis(change: Change) -> dict[str, object]:
    return {"axis": change.column.removesuffix("_status").upper(), "from": change.before, "to": change.after}
