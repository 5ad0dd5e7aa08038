"""Effects of a mutation: what it did, or with dryRun what it would do (beyond.md N-2)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from gql_sales.domain.effects import Effect as DomainEffect
from gql_sales.kernel.ids import encode_id
from gql_sales.schema.nodes import Money, text
from gql_sales.schema.scalars import CurrencyCode


@strawberry.interface(description="One consequence of a mutation; with dryRun, one that it would have.")
class Effect:
    """Told by its type."""

    message: str = text("English text for developers.")


@strawberry.type(description="The lifecycle state of a document changes.")
class StateChangeEffect(Effect):
    """``from_state`` is null for a new document."""

    document_id: strawberry.ID = text("The document.")
    document_type: str = text("Its GraphQL type.")
    from_state: str | None = text("State before; null when the document is new.")
    to_state: str = text("State after.")


@strawberry.type(description="A derived status of a document changes.")
class AxisChangeEffect(Effect):
    """One axis."""

    document_id: strawberry.ID = text("The document.")
    document_type: str = text("Its GraphQL type.")
    axis: str = text("Axis, such as BILLING.")
    from_status: str = text("Value before.")
    to_status: str = text("Value after.")


@strawberry.type(description="A quantity of an order item changes.")
class QuantityChangeEffect(Effect):
    """One bucket."""

    order_item_id: strawberry.ID = text("The order item.")
    bucket: str = text("Bucket, such as COMMITTED.")
    difference: Decimal = text("Signed change.")


@strawberry.type(description="The stock of a pool changes.")
class PoolChangeEffect(Effect):
    """One of its two quantities."""

    product_id: strawberry.ID = text("The product.")
    quantity: str = text("ON_HAND_SELLABLE or COMMITTED.")
    difference: Decimal = text("Signed change.")


@strawberry.type(description="Stock moves into or out of a bucket of a level.")
class StockMovementEffect(Effect):
    """One bucket of one level."""

    product_id: strawberry.ID = text("The product.")
    warehouse_id: strawberry.ID = text("The warehouse.")
    bucket: str = text("ON_HAND, ALLOCATED or BOOKED.")
    difference: Decimal = text("Signed change.")


@strawberry.type(description="A document is made.")
class DocumentCreatedEffect(Effect):
    """With a new id, which a dry run does not keep."""

    document_id: strawberry.ID = text("The document.")
    document_type: str = text("Its GraphQL type.")


@strawberry.type(description="A number is taken from a series; a dry run names the next one.")
class NumberEffect(Effect):
    """One number."""

    number: str = text("The number.")
    series: str = text("Kind of the series.")


@strawberry.type(description="A journal line is posted.")
class JournalLineEffect(Effect):
    """One side of an entry."""

    amount: Money = text("Debit above zero, credit below.")
    event: str = text("Which of the ledger events it belongs to.")
    role: str = text("Role of the account.")


@strawberry.type(description="A balance of a document changes.")
class BalanceChangeEffect(Effect):
    """Open balance, unallocated amount and the like."""

    amount: Money = text("Signed change.")
    balance: str = text("Which balance, such as OPEN.")
    document_id: strawberry.ID = text("The document.")
    document_type: str = text("Its GraphQL type.")


@strawberry.type(description="Money is applied to a document.")
class ApplicationEffect(Effect):
    """From a payment or a credit memo to an invoice or a cash sale; below zero when it is taken back."""

    amount: Money = text("Amount applied.")
    from_document_id: strawberry.ID = text("Where the money comes from.")
    from_document_type: str = text("The GraphQL type of where it comes from.")
    to_document_id: strawberry.ID = text("What it settles.")
    to_document_type: str = text("The GraphQL type of what it settles.")


@strawberry.type(description="An event is appended to the log.")
class EventEffect(Effect):
    """One event."""

    document_id: strawberry.ID = text("The document it is about.")
    document_type: str = text("Its GraphQL type.")
    type: str = text("Event type, such as OrderPlaced.")


EFFECT_TYPES: list[type[Effect]] = [
    StateChangeEffect, AxisChangeEffect, QuantityChangeEffect, PoolChangeEffect, StockMovementEffect,
    DocumentCreatedEffect, NumberEffect, JournalLineEffect, BalanceChangeEffect, ApplicationEffect, EventEffect,
]  # fmt: skip
_BY_KIND = {cls.__name__.removesuffix("Effect"): cls for cls in EFFECT_TYPES}
_IDS = {
    "order_item_id": "OrderItem",
    "product_id": "Product",
    "warehouse_id": "Warehouse",
}


def effect(found: DomainEffect) -> Effect:
    """The domain's effect as the caller sees it."""
    data: dict[str, Any] = dict(found.data)
    for key, value in data.items():
        if key == "document_id":
            data[key] = encode_id(data["document_type"], UUID(value))
        elif key in ("to_document_id", "from_document_id"):
            data[key] = encode_id(data[key.replace("_id", "_type")], UUID(value))
        elif key in _IDS:
            data[key] = encode_id(_IDS[key], UUID(value))
        elif key in ("difference", "amount"):
            data[key] = Decimal(value)
    if "currency_code" in data:
        data["amount"] = Money(amount=data["amount"], currency_code=CurrencyCode(data.pop("currency_code")))
    return _BY_KIND[found.kind](message=found.message, **data)
