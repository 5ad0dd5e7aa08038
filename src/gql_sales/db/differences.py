"""What a unit changes of an order and its items, as the data of its event keeps it, and the way back (N-6, N-11).

``changes`` of an event's data holds, for the order that it tells of: ``order``, column to [before, after]; ``items``,
the same by item; ``added`` and ``removed``, the values of whole items. State and axes stand beside it, where streams
read them. An event that names an order without ``changes`` is from before differences were kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from gql_sales.db.changes import Change, changed_columns, column_keys, removed_children
from gql_sales.db.models.base import Base
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.session import Unit
from gql_sales.kernel.quantities import plain

Data = dict[str, Any]
UNKEPT = frozenset(
    {"id", "version", "created_at", "updated_at", "order_id", "company_id", "channel_id", "created_by", "source_ip"}
    | {"policy_snapshot", "policy_origins", "series_code"}
)
"""Columns that never change once they are set, tell who and whence, or are told by the event itself."""
_BESIDE = "state", "_status"


class Difference(NamedTuple):
    """One column of the order or of one of its items; values are JSON, None where the row did not exist."""

    document_type: str
    document_id: UUID
    column: str
    before: Any
    after: Any


def order_differences(unit: Unit, changed: Iterable[Change]) -> dict[UUID, Data]:
    """What is kept of each order that the unit changes, by id."""
    found: dict[UUID, Data] = {}
    removed = [row for row in removed_children(unit) if isinstance(row, OrderItem)]
    gone = {row.id for row in removed}
    for change in changed:
        row = change.row
        if not isinstance(row, Order | OrderItem) or change.column in UNKEPT or row.id in gone:
            continue
        if isinstance(row, Order):
            if change.is_new or not change.column.endswith(_BESIDE):
                _keep(found.setdefault(row.id, {}).setdefault("order", {}), change)
        else:
            group = found.setdefault(row.order_id, {}).setdefault("added" if change.is_new else "items", {})
            _keep(group.setdefault(str(row.id), {}), change)
    for row in removed:
        found.setdefault(row.order_id, {}).setdefault("removed", {})[str(row.id)] = _whole(row)
    return found


def _keep(group: Data, change: Change) -> None:
    """Of a new item the values alone, and of anything new those that say something."""
    if not change.is_new:
        group[change.column] = [to_json_value(change.before), to_json_value(change.after)]
    elif change.after:
        after = to_json_value(change.after)
        group[change.column] = [None, after] if isinstance(change.row, Order) else after


def _whole(item: OrderItem) -> Data:
    """The item as it is stored, whatever the unit did to it before it took it out."""
    stored = {key: getattr(item, key) for key in column_keys(OrderItem)} | dict(changed_columns(item))
    return {key: to_json_value(value) for key, value in stored.items() if key not in UNKEPT and value is not None}


def differences(order_id: UUID, data: Data) -> Iterator[Difference]:
    """What an event's data tells of the order: its own columns first, then items by their ids."""
    for column, (before, after) in _of_order(data).items():
        yield Difference("Order", order_id, column, before, after)
    changes = data.get("changes", {})
    for item, columns in sorted(changes.get("items", {}).items()):
        for column, (before, after) in columns.items():
            yield Difference("OrderItem", UUID(item), column, before, after)
    for item, values in sorted(changes.get("added", {}).items()):
        for column, after in values.items():
            yield Difference("OrderItem", UUID(item), column, None, after)
    for item, values in sorted(changes.get("removed", {}).items()):
        for column, before in values.items():
            yield Difference("OrderItem", UUID(item), column, before, None)


def _of_order(data: Data) -> dict[str, list[Any]]:
    """Columns of the order itself, with those that streams read elsewhere."""
    found: dict[str, list[Any]] = {}
    if data.get("state"):
        found["state"] = [data["state"]["from"], data["state"]["to"]]
    for axis in data.get("axes", ()):
        found[f"{axis['axis'].lower()}_status"] = [axis["from"], axis["to"]]
    found.update(data.get("changes", {}).get("order", {}))
    return found


class Gap(Exception):
    """The way back does not lead on: a change was not recorded."""


def undo(order: Data, items: dict[UUID, Data], data: Data) -> None:
    """Take back what one event's data tells, from rows as they were after it; Gap when they were not like that."""
    if "changes" not in data:
        raise Gap
    _undo_columns(Order, order, _of_order(data))
    changes = data["changes"]
    for item, columns in changes.get("items", {}).items():
        _undo_columns(OrderItem, items.get(UUID(item), {}), columns)
    for item in changes.get("added", {}):
        if items.pop(UUID(item), None) is None:
            raise Gap
    for item, values in changes.get("removed", {}).items():
        empty: Data = dict.fromkeys(column_keys(OrderItem))
        typed = {column: from_json_value(OrderItem, column, value) for column, value in values.items()}
        items[UUID(item)] = empty | typed | {"id": UUID(item), "order_id": order["id"]}


def _undo_columns(cls: type[Base], row: Data, columns: Mapping[str, list[Any]]) -> None:
    for column, (before, after) in columns.items():
        if column not in row or to_json_value(row[column]) != after:
            raise Gap
        row[column] = from_json_value(cls, column, before)


def to_json_value(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """A column's value as it is kept: exact, and the same for equal values."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | StrEnum):
        return str(value)
    return value


def from_json_value(cls: type[Base], column: str, value: Any) -> Any:  # noqa: ANN401 (of the column's type)
    """The column's value that was kept."""
    return None if value is None else _readers(cls)[column](value)


@cache
def _readers(cls: type[Base]) -> dict[str, Callable[[Any], Any]]:
    """How each column of a class is read from JSON."""
    named: dict[type[Any], Callable[[Any], Any]] = {
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
        list: _same,
        object: _same,
    }
    types = {key: column.type.python_type for key, column in cls.__table__.columns.items()}
    return {key: named.get(type_, type_) for key, type_ in types.items()}


def _same(value: Any) -> Any:  # noqa: ANN401 (JSON)
    return value
