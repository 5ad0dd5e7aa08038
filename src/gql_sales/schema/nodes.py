"""Objects that can be fetched again by their id, and the fields that ids and money need."""

from decimal import Decimal
from typing import Any

import strawberry

from gql_sales.kernel.ids import encode_id
from gql_sales.kernel.money import to_major
from gql_sales.schema.scalars import CurrencyCode


def _global_id(root: Any, info: strawberry.Info) -> strawberry.ID:  # noqa: ANN401 (a row)
    return strawberry.ID(encode_id(info._raw_info.parent_type.name, root.id))


@strawberry.interface(description="An object that can be fetched again by its id.")
class Node:
    """Rows that implement it carry their GraphQL type in ``typename``; see db/queries/reading.py."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.", resolver=_global_id)

    @classmethod
    def resolve_type(cls, value: Any, *_: Any) -> str:  # noqa: ANN401 (a row)
        """The GraphQL type of a row."""
        name: str = value.typename
        return name

    @classmethod
    def is_type_of(cls, *_: Any) -> bool:  # noqa: ANN401 (asked for every row, always true)
        """Fields of one concrete type always hold rows of that type."""
        return True


@strawberry.type(description="Amount of money in one currency.")
class Money:
    """Made from minor units when it is shown."""

    amount: Decimal = strawberry.field(description="Exact amount in major units.")
    currency_code: CurrencyCode = strawberry.field(description="Currency of the amount.")


def money(minor: int, currency: str) -> Money:
    """Minor units as GraphQL money."""
    return Money(amount=to_major(minor, currency), currency_code=CurrencyCode(currency))


def _money_of(root: Any, column: str) -> Money:  # noqa: ANN401 (a row)
    return money(getattr(root, column), root.currency_code)


def money_field(column: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """A non-null Money field over a column of minor units; the row names its currency in ``currency_code``."""

    def resolve(root: Any) -> Money:  # noqa: ANN401 (a row)
        return _money_of(root, column)

    return strawberry.field(resolver=resolve, description=description)


def id_field(type_name: str, column: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The global id behind a foreign key that is never null."""

    def resolve(root: Any) -> strawberry.ID:  # noqa: ANN401 (a row)
        return strawberry.ID(encode_id(type_name, getattr(root, column)))

    return strawberry.field(resolver=resolve, description=description)


def optional_id_field(type_name: str, column: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The global id behind a foreign key that may be null."""

    def resolve(root: Any) -> strawberry.ID | None:  # noqa: ANN401 (a row)
        id_ = getattr(root, column)
        return None if id_ is None else strawberry.ID(encode_id(type_name, id_))

    return strawberry.field(resolver=resolve, description=description)


def text(description: str) -> Any:  # noqa: ANN401 (a field)
    """A plain column with its description."""
    return strawberry.field(description=description)


def optional(description: str) -> Any:  # noqa: ANN401 (a field)
    """An input field that may be absent (which keeps what is) or null (which clears it)."""
    return strawberry.field(description=description, default=strawberry.UNSET)


def given(value: Any) -> Any:  # noqa: ANN401 (of the input's type)
    """The value of an optional input where absent and null mean the same."""
    return None if value is strawberry.UNSET else value
