"""Effects: every consequence of a mutation as a typed list, derived from what is about to be written (N-2)."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.changes import Change, changes
from gql_sales.db.models.base import Document
from gql_sales.db.models.billing import CashSale, Invoice
from gql_sales.db.models.credit_memos import CreditMemo, MemoApplication
from gql_sales.db.models.ledger import JournalEntry, JournalLine
from gql_sales.db.models.orders import Order, OrderItem
from gql_sales.db.models.payments import Payment, PaymentAllocation
from gql_sales.db.models.stock import StockLevel, StockPool
from gql_sales.db.session import Unit
from gql_sales.kernel.money import to_major

AXES = (
    "commitment_status",
    "allocation_status",
    "pack_status",
    "dispatch_status",
    "billing_status",
    "credit_status",
    "payment_status",
)
BALANCES = {
    Invoice: ("open_amount", "written_off_amount"),
    CashSale: ("open_amount", "written_off_amount", "handed_over_amount"),
    Payment: ("unallocated_amount",),
    CreditMemo: ("balance_amount",),
    Order: ("due_amount", "outstanding_amount", "paid_amount"),
}


@dataclass(frozen=True)
class Effect:
    """One consequence; ``kind`` names the GraphQL type (``kind`` + ``Effect``), ``data`` its fields."""

    kind: str
    message: str
    data: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """What is stored with the answer of a mutation."""
        return asdict(self)


def collect(unit: Unit) -> list[Effect]:
    """The effects of everything the unit has changed so far; numbers and events are added by the runner."""
    found: list[Effect] = []
    created: set[UUID] = set()
    for change in changes(unit):
        row = change.row
        if change.is_new and isinstance(row, Document) and row.id not in created:
            created.add(row.id)
            found.append(_effect("DocumentCreated", f"New {type(row).__name__}.", **_document(row)))
        for describe in _DESCRIBERS:
            found.extend(describe(unit, change))
    return sorted(found, key=_order)


def _effect(kind: str, message: str, **data: object) -> Effect:
    return Effect(kind, message, {key: _plain(value) for key, value in data.items()})


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, UUID) else value


def _document(row: Document) -> dict[str, Any]:
    return {"document_type": type(row).__name__, "document_id": row.id}


def _order(effect: Effect) -> tuple[str, str]:
    """One order for real and dry runs, which may load rows in another sequence."""
    return effect.kind, effect.message


def _state(_: Unit, change: Change) -> Iterable[Effect]:
    if isinstance(change.row, Document) and change.column == "state":
        before = str(change.before) if change.before else None
        yield _effect(
            "StateChange",
            f"{type(change.row).__name__}: {before or 'new'} → {change.after}.",
            **_document(change.row),
            from_state=before,
            to_state=str(change.after),
        )


def _axis(_: Unit, change: Change) -> Iterable[Effect]:
    if isinstance(change.row, Document) and change.column in AXES and not change.is_new:
        axis = change.column.removesuffix("_status")
        yield _effect(
            "AxisChange",
            f"{type(change.row).__name__} {axis}: {change.before} → {change.after}.",
            **_document(change.row),
            axis=axis.upper(),
            from_status=str(change.before),
            to_status=str(change.after),
        )


def _quantity(_: Unit, change: Change) -> Iterable[Effect]:
    if isinstance(change.row, OrderItem) and change.column.endswith("_quantity"):
        difference = _difference(change)
        if difference:
            bucket = change.column.removesuffix("_quantity")
            yield _effect(
                "QuantityChange",
                f"{change.row.sku} (item {change.row.position}) {bucket} {difference:+f}.",
                order_item_id=change.row.id,
                bucket=bucket.upper(),
                difference=difference,
            )


def _pool(_: Unit, change: Change) -> Iterable[Effect]:
    if isinstance(change.row, StockPool) and change.column in ("committed", "on_hand_sellable"):
        difference = _difference(change)
        if difference:
            yield _effect(
                "PoolChange",
                f"Pool {change.column.replace('_', ' ')} {difference:+f}.",
                product_id=change.row.product_id,
                quantity=change.column.upper(),
                difference=difference,
            )


def _level(_: Unit, change: Change) -> Iterable[Effect]:
    if isinstance(change.row, StockLevel) and change.column in ("on_hand", "allocated", "booked"):
        difference = _difference(change)
        if difference:
            yield _effect(
                "StockMovement",
                f"Stock level {change.column.replace('_', ' ')} {difference:+f}.",
                product_id=change.row.product_id,
                warehouse_id=change.row.warehouse_id,
                bucket=change.column.upper(),
                difference=difference,
            )


def _journal(unit: Unit, change: Change) -> Iterable[Effect]:
    row = change.row
    if isinstance(row, JournalLine) and change.column == "amount":
        entry = next(e for e in unit.session.new if isinstance(e, JournalEntry) and e.id == row.entry_id)
        amount = to_major(row.amount, row.currency_code)
        side = "Dr" if row.amount > 0 else "Cr"
        yield _effect(
            "JournalLine",
            f"{entry.event}: {side} {row.role} {abs(amount)} {row.currency_code}.",
            event=str(entry.event),
            role=str(row.role),
            amount=amount,
            currency_code=row.currency_code,
        )


def _balance(_: Unit, change: Change) -> Iterable[Effect]:
    row = change.row
    if change.column in BALANCES.get(type(row), ()):
        difference = int(_difference(change))
        if difference:
            amount = to_major(difference, row.currency_code)
            yield _effect(
                "BalanceChange",
                f"{type(row).__name__} {change.column.replace('_', ' ')} {amount:+f} {row.currency_code}.",
                **_document(row),
                balance=change.column.removesuffix("_amount").upper(),
                amount=amount,
                currency_code=row.currency_code,
            )


def _application(_: Unit, change: Change) -> Iterable[Effect]:
    row = change.row
    if isinstance(row, PaymentAllocation | MemoApplication) and change.column == "amount":
        amount = to_major(row.amount, row.currency_code)
        source = Payment if isinstance(row, PaymentAllocation) else CreditMemo
        yield _effect(
            "Application",
            f"{amount} {row.currency_code} of the {'payment' if source is Payment else 'credit memo'} applied.",
            from_document_type=source.__name__,
            from_document_id=row.payment_id if isinstance(row, PaymentAllocation) else row.credit_memo_id,
            to_document_type=Invoice.__name__ if row.invoice_id else CashSale.__name__,
            to_document_id=row.invoice_id or row.cash_sale_id,
            amount=amount,
            currency_code=row.currency_code,
        )


def _difference(change: Change) -> Decimal:
    return (Decimal(change.after or 0) - Decimal(change.before or 0)).normalize()


_DESCRIBERS: tuple[Callable[[Unit, Change], Iterable[Effect]], ...] = (
    _state,
    _axis,
    _quantity,
    _pool,
    _level,
    _journal,
    _balance,
    _application,
)
