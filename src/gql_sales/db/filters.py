"""Conditions that lists can be filtered by: which operators a field has, and what they mean in SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, any_, bindparam, false, func, literal_column, or_, true

from gql_sales.db.models.list_indexes import NEVER
from gql_sales.db.visibility import records_of
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
Column = Any
"""A mapped column, or an expression in its place."""


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


def choice(column: Column, of: type[DescribedEnum], description: str) -> FilterField:
    """One of the values of an enumeration; they stand in the statement, so that the planner knows how rare they are."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(
            column, {name: [_written(value, column) for value in values] for name, values in operators.items()}
        )

    return FilterField(FieldKind.CHOICE, description, build, of)


def reference(column: Column, of: str | None, description: str) -> FilterField:
    """The row that a foreign key names."""
    return FilterField(FieldKind.ID, description, _compared(column), of)


def text(column: Column, description: str) -> FilterField:
    """Exactly one of some texts; what no row can hold is none of them."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(column, _cleaned(operators))

    return FilterField(FieldKind.TEXT, description, build)


def codes(column: Column, description: str) -> FilterField:
    """Exactly one of some codes, without regard to case."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(func.lower(column), _cleaned(operators, str.lower))

    return FilterField(FieldKind.TEXT, description, build)


def instants(column: Column, description: str) -> FilterField:
    """A stretch of time."""
    return FilterField(FieldKind.INSTANT, description, _compared(column))


def moment(column: Column) -> ColumnElement[datetime]:
    """An instant to sort by: what has not happened yet comes behind everything that has."""
    return func.coalesce(column, _NEVER)


def moments(column: Column, description: str) -> FilterField:
    """A stretch of time of something that may not have happened yet."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        bounds = {name: value for name, value in operators.items() if name != "is_null"}
        empty = {name: value for name, value in operators.items() if name == "is_null"}
        terms = [compare(column, empty)]
        if bounds:
            terms += [compare(moment(column), bounds), moment(column) < _NEVER]
        return and_(*terms)

    return FilterField(FieldKind.INSTANT, description, build)


def days(column: Column, description: str) -> FilterField:
    """A stretch of days."""
    return FilterField(FieldKind.DAY, description, _compared(column))


def quantities(column: Column, description: str) -> FilterField:
    """A range of quantities."""
    return FilterField(FieldKind.QUANTITY, description, _compared(column))


def flag(is_so: ColumnElement[bool], is_not: ColumnElement[bool], description: str) -> FilterField:
    """True and false, each with its condition."""

    def build(_: Principal, value: object) -> ColumnElement[bool]:
        return is_so if value else is_not

    return FilterField(FieldKind.FLAG, description, build)


def amounts(column: Column, description: str) -> FilterField:
    """A range of money; rows in another currency are outside of it."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        currency: str = operators["currency_code"]
        bounds = {name: _minor(value, currency) for name, value in operators.items() if name != "currency_code"}
        return and_(column.class_.currency_code == currency, compare(column, bounds))

    return FilterField(FieldKind.AMOUNT, description, build)


def customers(column: Column, description: str) -> FilterField:
    """Customers, with the records that were merged into them."""

    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        widened = {name: records_of(value) if name in ("in", "not_in") else value for name, value in operators.items()}
        return compare(column, widened)

    return FilterField(FieldKind.ID, description, build, "Customer")


def _minor(amount: Decimal, currency: str) -> int:
    try:
        return to_minor(amount, currency)
    except ValueError as error:
        raise RequestError(Code.BAD_USER_INPUT, str(error)) from None


def compare(column: Column, operators: Wanted) -> ColumnElement[bool]:
    """All of the operators hold for the column."""
    return and_(true(), *[_OPERATORS[name](column, value) for name, value in operators.items()])


def _written(value: DescribedEnum, column: Column) -> ColumnElement[Any]:
    return bindparam(None, value, type_=column.type, literal_execute=True)


def _compared(column: Column) -> Build:
    def build(_: Principal, operators: Wanted) -> ColumnElement[bool]:
        return compare(column, operators)

    return build


def _among(column: Column, values: Column) -> ColumnElement[bool]:
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


def _cleaned(operators: Wanted, fold: Callable[[str], str] = str) -> Wanted:
    """Texts without blanks around them, and without those that no row can hold."""
    return {
        name: [fold(text.strip()) for text in value if is_storable(text)] if isinstance(value, list) else value
        for name, value in operators.items()
    }


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
