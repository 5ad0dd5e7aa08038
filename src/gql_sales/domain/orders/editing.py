"""What may still be changed of an order, and what has to hold afterwards: every verb that edits asks here (X-5, BA-9).

A draft is edited freely. A placed order is edited by the shop until it locks; what is billed of it stays as it is, and
it must remain an order that could be placed.
"""

from collections.abc import Iterable
from decimal import Decimal

from gql_sales.db.models.orders import IN_PROCESS, Order, OrderItem, OrderState
from gql_sales.db.session import PendingEvent, Unit
from gql_sales.domain.orders import guards
from gql_sales.domain.orders.items import set_rates
from gql_sales.domain.orders.locks import is_item_locked, is_locked
from gql_sales.domain.orders.totals import recalculate
from gql_sales.kernel.errors import (
    AlreadyBilled,
    InvalidQuantity,
    ItemLocked,
    OrderLocked,
    Refused,
    SalesError,
    StockAllocated,
)

EDITABLE = IN_PROCESS | {OrderState.OPEN}


def is_editable(unit: Unit, order: Order) -> Iterable[SalesError]:
    """The order is not locked; shoppers edit drafts only."""
    if order.state == OrderState.OPEN:
        return
    if is_locked(order):
        yield OrderLocked("The order is acknowledged, and locked by that.")
    elif unit.principal.is_shopper:
        yield OrderLocked("A placed order is changed by the shop.")


def is_untouched(unit: Unit, order: Order) -> Iterable[SalesError]:
    """Whose it is and where it goes is settled once anything is booked, gone or billed."""
    for guard in (guards.nothing_shipped, guards.nothing_booked, guards.nothing_billed):
        yield from guard(unit, order)


def item_refusals(order: Order, item: OrderItem, quantity: Decimal | None) -> Iterable[SalesError]:
    """Why an item of a placed order cannot be changed, or not to the ordered quantity.

    What is billed keeps its price, tax and share of every rounding, so that bills and the rest sum to the order (L4).
    """
    if order.state == OrderState.OPEN:
        return
    if item.billed_quantity > 0:
        yield AlreadyBilled(f"{item.sku} is billed.", ("input", "orderItemId"))
    elif is_item_locked(order, item):
        yield ItemLocked(f"{item.sku} is on a packing slip.", ("input", "orderItemId"))
    elif quantity is not None:
        yield from _floor(item, quantity - item.cancelled_quantity)


def _floor(item: OrderItem, net: Decimal) -> Iterable[SalesError]:
    path = ("input", "quantity")
    held = item.locked_quantity + item.allocated_quantity
    if net <= 0:
        message = (
            f"{item.cancelled_quantity.normalize():f} of {item.sku} are cancelled; orderItemCancel takes more back."
        )
        yield InvalidQuantity(message, path)
    elif net < item.locked_quantity:
        message = f"{item.locked_quantity.normalize():f} of {item.sku} are booked, packed or gone."
        yield ItemLocked(message, path)
    elif net < held:
        yield StockAllocated(f"{held.normalize():f} of {item.sku} are set aside, booked or gone; release them.", path)


async def retax(unit: Unit, order: Order) -> bool:
    """Give every item the rate of today's country and date anew; whether any rate is another one (BA-84)."""
    before = [(item.tax_country_code, item.tax_rate) for item in order.items]
    await set_rates(unit, order, order.items)
    return before != [(item.tax_country_code, item.tax_rate) for item in order.items]


def finish(unit: Unit, order: Order, *, is_retaxed: bool = False) -> None:
    """Compute the amounts anew and tell of the change; a placed order must remain one that could be placed.

    Refusals: ADDRESS_REQUIRED, TAX_INCOMPLETE, INVALID_AMOUNT.
    """
    recalculate(unit, order)
    if order.state != OrderState.OPEN:
        needed = (guards.has_addresses, guards.is_taxed, guards.is_not_negative)
        refusals = [refusal for guard in needed for refusal in guard(unit, order)]
        if refusals:
            raise Refused(*refusals)
    unit.events.append(PendingEvent("OrderChanged", order, {"taxRecalculated": is_retaxed}, is_main=True))
