"""The commands of a random day: what each asks for, mostly sense and sometimes not, and what the model learns of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.orders import HoldScope
from gql_sales.domain.allocations.create import allocation_create
from gql_sales.domain.allocations.release import allocation_release
from gql_sales.domain.cash_sales.issue import cash_sale_issue
from gql_sales.domain.invoices.issue import invoice_issue
from gql_sales.domain.invoices.lines import Selected
from gql_sales.domain.orders.acknowledge import order_acknowledge
from gql_sales.domain.orders.cancel import Settlement, order_cancel
from gql_sales.domain.orders.hold import order_hold
from gql_sales.domain.orders.item_cancel import CancelledItem, order_item_cancel
from gql_sales.domain.orders.place import order_place
from gql_sales.domain.orders.release import order_release
from gql_sales.domain.payments.tenders import NewTender
from gql_sales.domain.runner import Outcome
from gql_sales.domain.shipments.book import shipment_book
from gql_sales.domain.shipments.create import ShipmentStep, shipment_create
from gql_sales.domain.shipments.finalize import shipment_finalize
from gql_sales.domain.shipments.lines import NewShipmentItem
from gql_sales.domain.shipments.unbook import shipment_unbook
from gql_sales.kernel.ids import new_id
from tests.stateful.day import Day
from tests.stateful.model import Item
from tests.stateful.model import Shipment as Note

Learn = Callable[[Outcome], Awaitable[None]]


@dataclass(frozen=True)
class Attempt:
    """A verb with its arguments, and how the model learns what was accepted."""

    verb: Any
    arguments: dict[str, Any]
    learn: Learn


Command = Callable[[Day, UUID], Awaitable[Attempt]]


async def nothing(_: Outcome) -> None:
    """What the model does not tell changes no figure of it."""


def learned(act: Callable[[Outcome], None]) -> Learn:
    """What the model does without asking for anything more."""

    async def learn(outcome: Outcome) -> None:
        act(outcome)

    return learn


def new(outcome: Outcome, name: str, known: Mapping[UUID, Any]) -> list[UUID]:
    """Documents of the type that the command made."""
    return [id_ for id_ in outcome.documents.get(name, []) if id_ not in known]


def items_of(day: Day, order_id: UUID) -> dict[UUID, Item]:
    """What the model knows of the order's items."""
    order = day.model.orders.get(order_id)
    return order.items if order else {}


def parts(day: Day, left: Mapping[UUID, int]) -> list[tuple[UUID, Decimal]]:
    """Quantities of some of the items of which something is left, or of anything when nothing is."""
    ids = [id_ for id_, quantity in left.items() if quantity > 0] or list(left) or [new_id()]
    chosen = day.dice.sample(ids, day.dice.randint(1, len(ids)))
    return [(id_, day.some(left.get(id_, 0))) for id_ in chosen]


async def place(day: Day, order_id: UUID) -> Attempt:
    """Place a draft."""
    return Attempt(order_place, {}, learned(lambda _: day.model.promise(order_id)))


async def acknowledge(_: Day, __: UUID) -> Attempt:
    """Confirm an order."""
    return Attempt(order_acknowledge, {}, nothing)


async def hold(day: Day, _: UUID) -> Attempt:
    """Hold an order."""
    return Attempt(order_hold, {"scope": day.dice.choice(list(HoldScope)), "reason": "Wait"}, nothing)


async def release(day: Day, order_id: UUID) -> Attempt:
    """Release one of the holds of an order."""
    rows = await day.rows(
        "SELECT id FROM order_holds WHERE order_id = :id AND released_at IS NULL ORDER BY id", id=order_id
    )
    return Attempt(order_release, {"hold_id": day.one(row.id for row in rows), "reason": "Go on"}, nothing)


async def allocate(day: Day, _: UUID) -> Attempt:
    """Set stock aside, anywhere or in one warehouse."""
    chosen = day.dice.choice([None, None, *day.warehouses])
    return Attempt(allocation_create, {"warehouse_id": chosen} if chosen else {}, nothing)


async def give_back(_: Day, __: UUID) -> Attempt:
    """Give what is set aside back."""
    return Attempt(allocation_release, {}, nothing)


async def ship(day: Day, order_id: UUID) -> Attempt:
    """Write a note for part or all of an order, and perhaps send it off."""
    then = day.dice.choice([(), (), (ShipmentStep.BOOK,), (ShipmentStep.FINALIZE,)])
    warehouse = day.warehouses[0] if day.dice.random() < 0.8 else day.one(day.warehouses)
    arguments: dict[str, Any] = {"warehouse_id": warehouse, "then": then}
    if day.dice.random() < 0.6:
        left = {id_: item.open for id_, item in items_of(day, order_id).items() if item.is_goods or day.is_odd()}
        arguments["items"] = [NewShipmentItem(*part) for part in parts(day, left)]

    async def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Shipment", day.model.shipments)
        day.model.shipments[id_] = Note(order_id, await lines_of(day, id_))
        if then:
            day.model.promise(order_id)
        if ShipmentStep.FINALIZE in then:
            day.model.ship(id_)

    return Attempt(shipment_create, arguments, learn)


async def lines_of(day: Day, shipment_id: UUID) -> dict[UUID, int]:
    """What is on a note now."""
    rows = await day.rows("SELECT order_item_id, quantity FROM shipment_items WHERE shipment_id = :id", id=shipment_id)
    return {row.order_item_id: int(row.quantity) for row in rows}


async def book(day: Day, shipment_id: UUID) -> Attempt:
    """Book a note, on which nothing is more than before."""

    async def learn(_: Outcome) -> None:
        note, lines = day.model.shipments[shipment_id], await lines_of(day, shipment_id)
        assert all(quantity <= note.lines.get(id_, 0) for id_, quantity in lines.items())
        note.lines = lines
        day.model.promise(note.order)

    return Attempt(shipment_book, {}, learn)


async def unbook(_: Day, __: UUID) -> Attempt:
    """Make a note a draft again."""
    return Attempt(shipment_unbook, {}, nothing)


async def finalize(day: Day, shipment_id: UUID) -> Attempt:
    """Send a note off."""
    return Attempt(shipment_finalize, {}, learned(lambda _: day.model.ship(shipment_id)))


async def invoice(day: Day, order_id: UUID) -> Attempt:
    """Invoice all of an order or some of it, perhaps with money."""
    left = {id_: item.billable for id_, item in items_of(day, order_id).items()}
    chosen = parts(day, left) if day.dice.random() < 0.4 else None
    arguments: dict[str, Any] = {"items": [Selected(*part) for part in chosen]} if chosen else {}
    amount = day.money(500) if chosen is None and day.dice.random() < 0.3 else None
    if amount is not None:
        arguments["tenders"] = [NewTender("CASH", amount)]

    def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Invoice", day.model.bills)
        wanted = {item: int(quantity) for item, quantity in chosen} if chosen else None
        day.model.bill(id_, order_id, wanted, is_cash_sale=False)
        pay_at_once(day, outcome, id_, None if amount is None else int(amount * 100))

    return Attempt(invoice_issue, arguments, learned(learn))


async def cash_sale(day: Day, order_id: UUID) -> Attempt:
    """Sell an order for cash."""

    def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "CashSale", day.model.bills)
        day.model.bill(id_, order_id, None, is_cash_sale=True)
        pay_at_once(day, outcome, id_)

    return Attempt(cash_sale_issue, {"payment_method": day.dice.choice(["CASH", "CARD"])}, learned(learn))


def pay_at_once(day: Day, outcome: Outcome, bill_id: UUID, amount: int | None = None) -> None:
    """The money that came with a bill, if any did: an amount, or all that is open."""
    bill = day.model.bills[bill_id]
    amount = bill.open if amount is None else amount
    for payment_id in new(outcome, "Payment", day.model.payments):
        day.model.receive_money(payment_id, day.model.orders[bill.order].customer, amount)
        day.model.pay(payment_id, bill_id, amount)


async def cancel_items(day: Day, order_id: UUID) -> Attempt:
    """Cancel some of what is open."""
    chosen = parts(day, {id_: item.open for id_, item in items_of(day, order_id).items()})
    items = [CancelledItem(*part) for part in chosen]
    learn = learned(lambda _: day.model.cancel_items(order_id, {id_: int(n) for id_, n in chosen}))
    return Attempt(order_item_cancel, {"items": items, "reason": "Too many"}, learn)


async def cancel(day: Day, order_id: UUID) -> Attempt:
    """Cancel an order, with each way of settling what is billed of it."""
    settlement = day.dice.choice(list(Settlement))

    async def learn(outcome: Outcome) -> None:
        day.model.cancel(order_id, next(iter(new(outcome, "CreditMemo", day.model.memos)), None))
        await learn_refund(day, outcome)

    return Attempt(order_cancel, {"reason": "Changed my mind", "settlement": settlement}, learn)


async def learn_refund(day: Day, outcome: Outcome) -> None:
    """The refund that was made, with the amount that the tenders take back."""
    for id_ in new(outcome, "Refund", day.model.refunds):
        (row,) = await day.rows("SELECT credit_memo_id, amount FROM refunds WHERE id = :id", id=id_)
        day.model.refund(id_, row.credit_memo_id, row.amount)


ORDERS: list[tuple[int, Command]] = [
    (2, place),
    (3, acknowledge),
    (1, hold),
    (1, release),
    (4, allocate),
    (2, give_back),
    (12, ship),
    (10, invoice),
    (4, cash_sale),
    (5, cancel_items),
    (2, cancel),
]
SHIPMENTS: list[tuple[int, Command]] = [(5, book), (2, unbook), (5, finalize)]
