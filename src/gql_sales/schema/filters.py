"""Operators of filters as inputs, and how a filter reaches the database (api.md 4)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.db.filters import MOST_VALUES, FieldKind, FilterField
from gql_sales.kernel.enums import DescribedEnum
from gql_sales.kernel.ids import decode_any, decode_id
from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.schema.nodes import given, optional
from gql_sales.schema.scalars import CurrencyCode

KEYWORDS = {"in": "in_", "not": "not_", "and": "and_", "or": "or_"}
"""Names of the schema that Python keeps for itself."""
_ANY_OF = f"One of these, at most {MOST_VALUES}."
_NONE_OF = f"None of these, at most {MOST_VALUES}."
_IS_NULL = "True for rows without a value, false for those with one."


def _named(name: str, description: str) -> Any:  # noqa: ANN401 (a field)
    return strawberry.field(name=name, description=description, default=strawberry.UNSET)


@strawberry.input(description="Conditions on an id; all given ones must hold.")
class IDFilter:
    """At least one operator has an effect."""

    in_: list[strawberry.ID] | None = _named("in", _ANY_OF)
    not_in: list[strawberry.ID] | None = optional(_NONE_OF)
    is_null: bool | None = optional(_IS_NULL)


@strawberry.input(description="Conditions on a text; all given ones must hold.")
class StringFilter:
    """Whole texts; parts are what ``query`` is for."""

    in_: list[str] | None = _named("in", _ANY_OF)
    not_in: list[str] | None = optional(_NONE_OF)
    is_null: bool | None = optional(_IS_NULL)


@strawberry.input(description="A stretch of time; all given ends must hold.")
class DateTimeFilter:
    """Half-open stretches are the usual ones: gte and lt."""

    gt: datetime | None = optional("After.")
    gte: datetime | None = optional("At or after.")
    lt: datetime | None = optional("Before.")
    lte: datetime | None = optional("At or before.")
    is_null: bool | None = optional(_IS_NULL)


@strawberry.input(description="A stretch of days; all given ends must hold.")
class DateFilter:
    """Both ends with gte and lte."""

    gt: date | None = optional("After.")
    gte: date | None = optional("On or after.")
    lt: date | None = optional("Before.")
    lte: date | None = optional("On or before.")


@strawberry.input(description="A range of quantities; all given ends must hold.")
class DecimalFilter:
    """Exact."""

    gt: Decimal | None = optional("More than.")
    gte: Decimal | None = optional("At least.")
    lt: Decimal | None = optional("Less than.")
    lte: Decimal | None = optional("At most.")


@strawberry.input(description="A range of amounts in one currency; what is in another one is outside of it.")
class MoneyFilter:
    """Amounts of different currencies are not compared."""

    currency_code: CurrencyCode = strawberry.field(description="Currency of the ends and of what is found.")
    gt: Decimal | None = optional("More than.")
    gte: Decimal | None = optional("At least.")
    lt: Decimal | None = optional("Less than.")
    lte: Decimal | None = optional("At most.")


_PLAIN: Mapping[FieldKind, type] = {
    FieldKind.AMOUNT: MoneyFilter,
    FieldKind.DAY: DateFilter,
    FieldKind.FLAG: bool,
    FieldKind.ID: IDFilter,
    FieldKind.INSTANT: DateTimeFilter,
    FieldKind.QUANTITY: DecimalFilter,
    FieldKind.TEXT: StringFilter,
}
_CHOICES: dict[type[DescribedEnum], type] = {}


def input_of(field: FilterField) -> type:
    """The input that a field of a filter takes."""
    if field.kind is not FieldKind.CHOICE:
        return _PLAIN[field.kind]
    assert isinstance(field.of, type)  # noqa: S101 (a choice names its enumeration)
    if field.of not in _CHOICES:
        _CHOICES[field.of] = _choice(field.of)
    return _CHOICES[field.of]


def _choice(of: type[DescribedEnum]) -> type:
    body = {
        "__doc__": "One operator or both.",
        "__module__": __name__,
        "__annotations__": {"in_": list[of] | None, "not_in": list[of] | None},  # type: ignore[valid-type]
        "in_": _named("in", "One of these."),
        "not_in": optional("None of these."),
    }
    made = type(f"{of.__name__}Filter", (), body)
    return strawberry.input(made, description=f"Conditions on {of.__name__}; all given ones must hold.")


def wanted_of(filter_: Any, fields: Mapping[str, FilterField]) -> dict[str, Any]:  # noqa: ANN401 (an input)
    """A filter as the database takes it; what is absent or null sets no condition. MalformedId, BAD_USER_INPUT."""
    found: dict[str, Any] = {}
    for name in ("and", "or"):
        if (branches := given(getattr(filter_, KEYWORDS[name]))) is not None:
            found[name] = [wanted_of(branch, fields) for branch in branches]
    if (branch := given(filter_.not_)) is not None:
        found["not"] = wanted_of(branch, fields)
    for name, field in fields.items():
        value = given(getattr(filter_, name))
        if value is None:
            continue
        operators = value if field.kind is FieldKind.FLAG else _operators(value, field)
        if operators != {}:
            found[name] = operators
    return found


def _operators(value: Any, field: FilterField) -> dict[str, Any]:  # noqa: ANN401 (an input)
    given_ = {name.rstrip("_"): given(operand) for name, operand in vars(value).items()}
    return {name: _operand(operand, field) for name, operand in given_.items() if operand is not None}


def _operand(operand: Any, field: FilterField) -> Any:  # noqa: ANN401 (of the operator's type)
    if not isinstance(operand, list):
        return operand
    if len(operand) > MOST_VALUES:
        raise RequestError(Code.BAD_USER_INPUT, f"A filter names at most {MOST_VALUES} at once.")
    if field.kind is FieldKind.ID:
        return [decode_id(field.of, id_) if isinstance(field.of, str) else decode_any(id_)[1] for id_ in operand]
    return operand
