"""The commands of a random day that begin something: orders, sales at the till, and what happens to stock."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from gql_sales.db.models.orders import OrderType
from gql_sales.domain.counter_sales.record import counter_sale_record
from gql_sales.domain.orders.create import OrderStep, order_create
from gql_sales.domain.orders.items import NewItem
from gql_sales.domain.runner import Outcome
from gql_sales.domain.stock.adjust import AdjustedLine, stock_adjust
from gql_sales.domain.stock.move import MovedLine, stock_move
from gql_sales.domain.stock.receive import ReceivedLine, stock_receive
from gql_sales.kernel.ids import new_id
from tests.sales_story import ADDRESS
from tests.stateful.commands import Attempt, Command, learned, lines_of, new, pay_at_once
from tests.stateful.day import Day
from tests.stateful.model import GOODS, Item, Order
from tests.stateful.model import Shipment as Note
from tests.stateful.money import advance

MOST = 4


def basket(day: Day) -> list[NewItem]:
    """One to three lines; a product may be in it twice."""
    skus = [day.dice.choice(list(day.story.products)) for _ in range(day.dice.randint(1, 3))]
    return [NewItem(new_id() if day.is_odd(0.02) else day.story.products[sku], day.some(MOST)) for sku in skus]


async def learn_order(day: Day, order_id: UUID, customer: UUID) -> None:
    """The order that was made, with the ids of its items."""
    rows = await day.rows(
        "SELECT id, sku, ordered_quantity FROM order_items WHERE order_id = :id ORDER BY position", id=order_id
    )
    day.model.orders[order_id] = Order(customer, {row.id: Item(row.sku, int(row.ordered_quantity)) for row in rows})


async def order(day: Day, _: UUID) -> Attempt:
    """Make an order, which may be a proforma, and place it in most cases."""
    customer = day.dice.choice(day.customers)
    then = (OrderStep.PLACE,) if day.dice.random() < 0.9 else ()
    arguments: dict[str, Any] = {
        "channel_id": day.story.channel_id,
        "customer_id": customer,
        "items": basket(day),
        "shipping_address": ADDRESS,
        "billing_address": ADDRESS,
        "type_code": OrderType.PF if day.dice.random() < 0.08 else None,
        "then": then,
    }

    async def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Order", day.model.orders)
        await learn_order(day, id_, customer)
        if then:
            day.model.promise(id_)

    return Attempt(order_create, arguments, learn)


async def sell_at_till(day: Day, _: UUID) -> Attempt:
    """Sell, hand over and take the money at once."""
    customer = day.dice.choice(day.customers)
    arguments = {
        "channel_id": day.story.channel_id,
        "customer_id": customer,
        "items": basket(day),
        "payment_method": "CASH",
        "warehouse_id": day.warehouses[0],
    }

    async def learn(outcome: Outcome) -> None:
        (id_,) = new(outcome, "Order", day.model.orders)
        await learn_order(day, id_, customer)
        day.model.promise(id_)
        for shipment_id in new(outcome, "Shipment", day.model.shipments):
            day.model.shipments[shipment_id] = Note(id_, await lines_of(day, shipment_id))
            day.model.ship(shipment_id)
        (sale_id,) = new(outcome, "CashSale", day.model.bills)
        day.model.bill(sale_id, id_, None, is_cash_sale=True)
        pay_at_once(day, outcome, sale_id)

    return Attempt(counter_sale_record, arguments, learn)


def draw_goods(day: Day) -> tuple[str, UUID]:
    """A product that has stock, and sometimes one that has none."""
    sku = "delivery" if day.is_odd(0.03) else day.dice.choice(sorted(GOODS))
    return sku, day.story.products[sku]


def put(day: Day, sku: str, quantity: Decimal) -> None:
    """More or less on hand."""
    day.model.stock[sku][0] += int(quantity)


async def receive(day: Day, _: UUID) -> Attempt:
    """Goods arrive."""
    sku, product = draw_goods(day)
    quantity = day.some(MOST)
    is_scrap = day.dice.random() < 0.1
    line = ReceivedLine(product, quantity, bin_id=day.scrap if is_scrap else None)
    warehouse = day.warehouses[0] if is_scrap else day.dice.choice(day.warehouses)
    learn = learned(lambda _: None if is_scrap else put(day, sku, quantity))
    return Attempt(stock_receive, {"warehouse_id": warehouse, "lines": [line]}, learn)


async def adjust(day: Day, _: UUID) -> Attempt:
    """The books were wrong."""
    sku, product = draw_goods(day)
    difference = day.some(3) * day.dice.choice([1, -1])
    arguments = {
        "warehouse_id": day.dice.choice(day.warehouses),
        "lines": [AdjustedLine(product, difference=difference)],
        "reason": "Counted",
    }
    return Attempt(stock_adjust, arguments, learned(lambda _: put(day, sku, difference)))


async def move(day: Day, _: UUID) -> Attempt:
    """Goods go to the other warehouse, to the scrap, or back from it."""
    sku, product = draw_goods(day)
    quantity, (first, second) = day.some(MOST), day.warehouses
    start, start_bin, goal, goal_bin, sign = day.dice.choice(
        [
            (first, None, second, None, 0),
            (second, None, first, None, 0),
            (first, None, first, day.scrap, -1),
            (first, day.scrap, first, None, 1),
        ]
    )
    arguments = {
        "from_warehouse_id": start,
        "to_warehouse_id": goal,
        "lines": [MovedLine(product, quantity, start_bin, goal_bin)],
    }
    return Attempt(stock_move, arguments, learned(lambda _: put(day, sku, sign * quantity)))


BEGINNINGS: list[tuple[int, Command]] = [
    (9, order),
    (3, sell_at_till),
    (4, receive),
    (3, adjust),
    (4, move),
    (4, advance),
]
