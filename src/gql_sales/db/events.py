"""Appending events: one per verb and document that it moves, in the transaction of the change (architecture.md 7)."""

from gql_sales.db.changes import Change, changes, touched
from gql_sales.db.models.base import Document
from gql_sales.db.models.events import Event, UnplacedEvent
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.kernel.ids import new_id


def append_events(unit: Unit, idempotency_key: str) -> list[Event]:
    """Add the unit's events, and let the version of every touched document grow by one per event of its own.

    A document without an event of its own grows by one and is named by the unit's last main event. The events, in order.
    """
    appended: list[Event] = []
    edits = _edits(unit)
    documents = touched(unit)
    own = {event.document.id for event in unit.events}
    silent = [document for document in documents if document.id not in own]
    for document in silent:
        _grow(unit, document)
    main = next((event for event in reversed(unit.events) if event.is_main), None)
    cause = new_id()
    for event in unit.events:
        _grow(unit, event.document)
        also = silent if event is main else []
        row = _row(unit, event, also)
        row.causation_id = cause
        row.idempotency_key = idempotency_key
        row.data = {**event.data, **edits.get(event.document, {})}
        unit.add(row)
        unit.add(UnplacedEvent(event_id=row.id))
        appended.append(row)
    return appended


def _grow(unit: Unit, document: Document) -> None:
    document.version += 1
    document.updated_at = unit.now


def _row(unit: Unit, event: PendingEvent, also: list[Document]) -> Event:
    document = event.document
    return Event(
        company_id=getattr(document, "company_id", document.id),
        channel_id=getattr(document, "channel_id", None),
        type=event.type,
        document_type=type(document).__name__,
        document_id=document.id,
        document_version=document.version,
        document_ids=[document.id, *[other.id for other in also]],
        document_versions=[document.version, *[other.version for other in also]],
        customer_id=getattr(document, "customer_id", None),
        warehouse_id=getattr(document, "warehouse_id", None),
        actor=unit.principal.key,
        occurred_at=unit.now,
    )


def _edits(unit: Unit) -> dict[Document, dict[str, object]]:
    """State and axis changes of each document, for the data of its event."""
    found: dict[Document, dict[str, object]] = {}
    for change in changes(unit):
        if not isinstance(change.row, Document):
            continue
        data = found.setdefault(change.row, {})
        if change.column == "state":
            data["state"] = {"from": change.before, "to": change.after}
        elif change.column.endswith("_status") and not change.is_new:
            axes = data.setdefault("axes", [])
            assert isinstance(axes, list)  # noqa: S101 (made a line above)
            axes.append(_axis(change))
    return found


def _axis(change: Change) -> dict[str, object]:
    return {"axis": change.column.removesuffix("_status").upper(), "from": change.before, "to": change.after}
