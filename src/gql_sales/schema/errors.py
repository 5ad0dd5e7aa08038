"""User errors: one GraphQL type per refusal of kernel/errors.py, made from its annotated data."""

from dataclasses import fields
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from gql_sales.kernel.errors import SalesError
from gql_sales.kernel.ids import encode_id
from gql_sales.schema.enums import UserErrorCode, error_classes

_TEXTS = {
    "current_version": "Version now stored.",
    "from_state": "State the document is in.",
    "warning_code": "Send it in acknowledgeWarnings to go on.",
    "policy": "The setting that forbids it.",
    "order_item_id": "The item that is short.",
    "available_quantity": "Quantity that can be had now.",
    "open_amount": "Open balance, in major units.",
    "creditable_quantity": "Quantity that can still be credited.",
    "creditable_amount": "Amount with tax that can still be credited, in major units.",
    "balance_amount": "Balance of the credit memo, in major units.",
    "refundable_amount": "What can still go back to the tender, in major units.",
    "unallocated_amount": "Unallocated amount, in major units.",
}
_TYPES: dict[object, Any] = {int: int, str: str, Decimal: Decimal, UUID | None: strawberry.ID | None}
_BASE = {"message", "path"}


@strawberry.interface(description="An expected failure of a mutation that the caller can act on.")
class UserError:
    """The three fields that every refusal has."""

    code: UserErrorCode = strawberry.field(description="Stable machine code.")
    message: str = strawberry.field(description="English text for developers.")
    path: list[str] | None = strawberry.field(
        description="Path into the input, such as ['input', 'items', '0', 'quantity'].", default=None
    )


def _make(cls: type[SalesError]) -> Any:  # noqa: ANN401 (a class made here)
    data = [field for field in fields(cls) if field.name not in _BASE]
    body: dict[str, Any] = {
        "__annotations__": {field.name: _TYPES[field.type] for field in data},
        "__doc__": cls.__doc__,
    }
    for field in data:
        body[field.name] = strawberry.field(description=_TEXTS[field.name], default=field.default)
    return strawberry.type(type(f"{cls.__name__}Error", (UserError,), body), description=(cls.__doc__ or "").strip())


ERROR_TYPES: dict[type[SalesError], Any] = {cls: _make(cls) for cls in error_classes()}


def user_error(error: SalesError) -> UserError:
    """The refusal as the caller sees it."""
    data = {
        field.name: encode_id("OrderItem", value) if isinstance(value, UUID) else value
        for field in fields(error)
        for value in [getattr(error, field.name)]
    }
    data["path"] = list(error.path) if error.path else None
    made: UserError = ERROR_TYPES[type(error)](code=UserErrorCode(error.code()), **data)
    return made
