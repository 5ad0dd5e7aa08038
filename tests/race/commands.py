"""Commands on one order that may meet each other, and the three kinds of order that they are tried on (R16)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.bills import payment_values
from tests.client import Json
from tests.shop import Shop

Call = tuple[str, Json]


@dataclass(frozen=True)
class Prepared:
    """An order with the documents that commands need; ids as clients know them."""

    shop: Shop
    order: str
    items: dict[str, str]
    shipment: str = ""
    bill: str = ""
    bill_lines: list[str] = field(default_factory=list)


async def fresh(shop: Shop) -> Prepared:
    """Ten apples and two pears are promised, four apples set aside, and a note for three apples is drafted."""
    order = await shop.placed(("apple", 10), ("pear", 2))
    items = {item["sku"]: item["id"] for item in order["items"]}
    line = {"orderItemId": items["apple"], "quantity": "4", "warehouseId": shop.warehouse_ids[0]}
    await shop.did("allocationCreate", orderId=order["id"], lines=[line])
    shipment = await _shipped(shop, order["id"], items["apple"], 3)
    return Prepared(shop, order["id"], items, shipment)


async def late(shop: Shop) -> Prepared:
    """Four of ten apples are billed, two have left, and three more are booked."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 10))
    apples = order["items"][0]["id"]
    chosen = [{"orderItemId": apples, "quantity": "4"}]
    invoice = (await shop.did("invoiceIssue", BILL, orderId=order["id"], items=chosen))["invoice"]
    await _shipped(shop, order["id"], apples, 2, "FINALIZE")
    shipment = await _shipped(shop, order["id"], apples, 3, "BOOK")
    lines = [line["id"] for line in invoice["items"]]
    return Prepared(shop, order["id"], {"apple": apples}, shipment, invoice["id"], lines)


async def done(shop: Shop) -> Prepared:
    """Four apples are shipped, billed and paid."""
    order = await shop.placed(("apple", 4))
    shipment = await _shipped(shop, order["id"], order["items"][0]["id"], 4, "FINALIZE")
    tenders = [{"method": "CARD", "amount": "48.00"}]
    invoice = (await shop.did("invoiceIssue", BILL, orderId=order["id"], tenders=tenders))["invoice"]
    lines = [line["id"] for line in invoice["items"]]
    return Prepared(shop, order["id"], {"apple": order["items"][0]["id"]}, shipment, invoice["id"], lines)


BILL = "invoice { id items { id } }"


async def _shipped(shop: Shop, order: str, item: str, quantity: int, *then: str) -> str:
    lines = [{"orderItemId": item, "quantity": str(quantity)}]
    values = {"orderId": order, "warehouseId": shop.warehouse_ids[0], "items": lines, "then": list(then)}
    return str((await shop.did("shipmentCreate", "shipment { id }", **values))["shipment"]["id"])


def cancel_some(on: Prepared) -> Call:
    """Five apples are not wanted."""
    items = [{"orderItemId": on.items["apple"], "quantity": "5"}]
    return "orderItemCancel", {"orderId": on.order, "items": items, "reason": "race"}


def cancel(on: Prepared) -> Call:
    """Nothing is wanted."""
    return "orderCancel", {"orderId": on.order, "reason": "race"}


def hold(on: Prepared) -> Call:
    """Nothing shall be done."""
    return "orderHold", {"orderId": on.order, "reason": "race"}


def acknowledge(on: Prepared) -> Call:
    """The order locks."""
    return "orderAcknowledge", {"orderId": on.order}


def add(on: Prepared) -> Call:
    """Two pears more."""
    return "orderItemAdd", {"orderId": on.order, "items": [{"productId": on.shop.products["pear"], "quantity": "2"}]}


def update(on: Prepared) -> Call:
    """Five apples more."""
    return "orderItemUpdate", {"orderId": on.order, "orderItemId": on.items["apple"], "quantity": "15"}


def allocate(on: Prepared) -> Call:
    """What is promised is set aside."""
    return "allocationCreate", {"orderId": on.order}


def release(on: Prepared) -> Call:
    """What is set aside is given back."""
    return "allocationRelease", {"orderId": on.order}


def ship(on: Prepared) -> Call:
    """A note for two apples, booked at once."""
    items = [{"orderItemId": on.items["apple"], "quantity": "2"}]
    place = on.shop.warehouse_ids[0]
    return "shipmentCreate", {"orderId": on.order, "warehouseId": place, "items": items, "then": ["BOOK"]}


def book(on: Prepared) -> Call:
    """The drafted note takes its goods."""
    return "shipmentBook", {"shipmentId": on.shipment}


def unbook(on: Prepared) -> Call:
    """The booked note gives them back."""
    return "shipmentUnbook", {"shipmentId": on.shipment}


def finalize(on: Prepared) -> Call:
    """The booked goods leave."""
    return "shipmentFinalize", {"shipmentId": on.shipment}


def invoice(on: Prepared) -> Call:
    """What is not billed is invoiced."""
    return "invoiceIssue", {"orderId": on.order}


def sell(on: Prepared) -> Call:
    """What is not billed is sold for cash."""
    return "cashSaleIssue", {"orderId": on.order, "paymentMethod": "CASH"}


def advance(on: Prepared) -> Call:
    """Money for this order comes in ahead."""
    return "paymentRecord", payment_values(on.shop, "ADVANCE", "50.00", orderId=on.order)


def pay(on: Prepared) -> Call:
    """Thirty of the invoice's 48.00 are paid."""
    allocations = [{"invoiceId": on.bill, "amount": "30.00"}]
    return "paymentRecord", payment_values(on.shop, "REGULAR", "30.00", allocations=allocations)


def credit(on: Prepared) -> Call:
    """Three of the four billed apples are credited."""
    items = [{"invoiceItemId": on.bill_lines[0], "quantity": "3"}]
    return "creditMemoIssue", {"cause": "LOST_CONSIGNMENT", "items": items}


def close(on: Prepared) -> Call:
    """That was it."""
    return "orderClose", {"orderId": on.order}


Command = Callable[[Prepared], Call]
Prepare = Callable[[Shop], Awaitable[Prepared]]
TABLE: dict[Prepare, list[Command]] = {
    fresh: [
        cancel_some, cancel, hold, acknowledge, add, update, allocate, release, ship, book, invoice, sell, advance,
    ],
    late: [cancel_some, hold, ship, unbook, finalize, invoice, pay, credit, advance],
    done: [close, credit, hold, advance],
}  # fmt: skip
"""Which commands are fired on which order; every pair of a list is tried, each command also with itself."""
