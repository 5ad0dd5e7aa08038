"""Conditions that lists can be filtered by: which operators a field has, and what they mean in SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, any_, bindparam, false, func, literal_column, or_, select, true
from sqlalchemy.orm import aliased

from gql_sales.db.models.customers import Customer
from gql_sales.db.models.list_indexes import NEVER
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.inputs import is_storable
from gql_sales.kernel.money import to_minor
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError

MOST_VALUES = 100
"""How many values ``in`` and ``notIn`` take: as many as a page has rows."""
MOST_DEEP = 3
MOST_WIDE = 20

Wanted = Mapping[str, Any]
"""A filter: conditions by field, and lists of filters below ``and`` and ``or``, one below ``not``."""
Build = Callable[[Principal, Any], ColumnElement[bool]]


class FieldKind(Enum):
    """What a field is compared with, hence its operators."""

    AMOUNT = "AMOUNT"
    CHOICE = "CHOICE"
    DAY = "DAY"
    FLAG = "FLAG"
    ID = "ID"
    INSTANT = "INSTANT"
    QUANTITY = "QUANTITY"
    TEXT = "TEXT"


@dataclass(frozen=True)
class FilterField:
    """One field of a filter; ``of`` is the enumeration of a choice or the type of an id, None for any type."""

    kind: FieldKind
    description: str
    build: Build = field(repr=False)
    of: type[DescribedEnum] | str | None = None


_NEVER = literal_column(NEVER, DateTime(timezone=True))


def choice(column: Any, of: type[DescribedEnum], description: str) -> FilterField:  # noqa: ANN401 (a column)
    """One of the values of an enumeration; they stand in the statement, so that the planner knows how rare they are."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(
            column, {name: [_written(value, column) for value in values] for name, values in operators.items()}
        )

    return FilterField(FieldKind.CHOICE, description, build, of)


def reference(column: Any, of: str | None, description: str) -> FilterField:  # noqa: ANN401
    """The row that a foreign key names."""
    return FilterField(FieldKind.ID, description, _compared(column), of)


def text(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """Exactly one of some texts; what no row can hold is none of them."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(column, {name: _storable(value) for name, value in operators.items()})

    return FilterField(FieldKind.TEXT, description, build)


def codes(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """Exactly one of some codes, without regard to case."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        lowered = {
            name: [code.strip().lower() for code in value if is_storable(code)] if isinstance(value, list) else value
            for name, value in operators.items()
        }
        return compare(func.lower(column), lowered)

    return FilterField(FieldKind.TEXT, description, build)


def instants(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """A stretch of time."""
    return FilterField(FieldKind.INSTANT, description, _compared(column))


def moment(column: Any) -> ColumnElement[datetime]:  # noqa: ANN401 (a column)
    """An instant to sort by: what has not happened yet comes behind everything that has."""
    return func.coalesce(column, _NEVER)


def moments(column: Any, description: str) -> FilterField:  # noqa: ANN401 (a column)
    """A stretch of time of something that may not have happened yet."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        bounds = {name: value for name, value in operators.items() if name != "is_null"}
        empty = {name: value for name, value in operators.items() if name == "is_null"}
        terms = [compare(column, empty)]
        if bounds:
            terms += [compare(moment(column), bounds), moment(column) < _NEVER]
        return and_(*terms)

    return FilterField(FieldKind.INSTANT, description, build)


def days(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """A stretch of days."""
    return FilterField(FieldKind.DAY, description, _compared(column))


def quantities(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """A range of quantities."""
    return FilterField(FieldKind.QUANTITY, description, _compared(column))


def flag(is_so: ColumnElement[bool], is_not: ColumnElement[bool], description: str) -> FilterField:
    """True and false, each with its condition."""

    def build(_: Principal, value: object) -> ColumnElement[bool]:
        return is_so if value else is_not

    return FilterField(FieldKind.FLAG, description, build)


def amounts(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """A range of money; rows in another currency are outside of it."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        currency: str = operators["currency_code"]
        bounds = {name: _minor(value, currency) for name, value in operators.items() if name != "currency_code"}
        return and_(column.class_.currency_code == currency, compare(column, bounds))

    return FilterField(FieldKind.AMOUNT, description, build)


def customers(column: Any, description: str) -> FilterField:  # noqa: ANN401
    """Customers, with the records that were merged into them."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        widened = {name: _records(value) if name in ("in", "not_in") else value for name, value in operators.items()}
        return compare(column, widened)

    return FilterField(FieldKind.ID, description, build, "Customer")


def _records(ids: Sequence[UUID]) -> ColumnElement[Any]:
    # As an array, so that the index that begins with the column is used.
    record = aliased(Customer)
    records = select(record.id).where(or_(record.id.in_(ids), record.merged_into_id.in_(ids)))
    return func.array(records.scalar_subquery())


def _minor(amount: Decimal, currency: str) -> int:
    try:
        return to_minor(amount, currency)
    except ValueError as error:
        raise RequestError(Code.BAD_USER_INPUT, str(error)) from None


def compare(column: Any, operators: Wanted) -> ColumnElement[bool]:  # noqa: ANN401
    """All of the operators hold for the column."""
    return and_(true(), *[_OPERATORS[name](column, value) for name, value in operators.items()])


def _written(value: DescribedEnum, column: Any) -> ColumnElement[Any]:  # noqa: ANN401
    return bindparam(None, value, type_=column.type, literal_execute=True)


def _compared(column: Any) -> Build:  # noqa: ANN401
    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(column, operators)

    return build


def _among(column: Any, values: Any) -> ColumnElement[bool]:  # noqa: ANN401
    found: ColumnElement[bool] = column.in_(values) if isinstance(values, list) else column == any_(values)
    return found


_OPERATORS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "in": _among,
    "not_in": lambda column, values: _among(column, values).is_not(true()),
    "is_null": lambda column, value: column.is_(None) if value else column.is_not(None),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}


def _storable(value: object) -> object:
    return [item.strip() for item in value if is_storable(item)] if isinstance(value, list) else value


def matching(principal: Principal, fields: Mapping[str, FilterField], wanted: Wanted) -> ColumnElement[bool]:
    """The rows for which the whole filter holds; BAD_USER_INPUT when it is nested or branched too much."""
    return _matching(principal, fields, wanted, 0)


def _matching(
    principal: Principal, fields: Mapping[str, FilterField], wanted: Wanted, depth: int
) -> ColumnElement[bool]:
    if depth > MOST_DEEP:
        raise RequestError(Code.BAD_USER_INPUT, f"A filter goes at most {MOST_DEEP} deep.")
    terms: list[ColumnElement[bool]] = []
    for name, value in wanted.items():
        if name in ("and", "or"):
            if len(value) > MOST_WIDE:
                raise RequestError(Code.BAD_USER_INPUT, f"A filter has at most {MOST_WIDE} branches.")
            branches = [_matching(principal, fields, branch, depth + 1) for branch in value]
            terms.append(and_(true(), *branches) if name == "and" else or_(false(), *branches))
        elif name == "not":
            # A row without a value does not meet a condition, so it meets the opposite.
            terms.append(_matching(principal, fields, value, depth + 1).is_not(true()))
        else:
            terms.append(fields[name].build(principal, value))
    return and_(true(), *terms)
