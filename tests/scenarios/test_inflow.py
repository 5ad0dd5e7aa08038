"""inFlow's way: one order tells where work stands; goods leave in parts, and bills follow the goods."""

from decimal import Decimal

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, balances, issued, read_invoice, ship
from tests.client import Json
from tests.scenarios.books import axes, balance, level, summary
from tests.shop import Shop, money


def part(order: Json, *quantities: tuple[str, str]) -> list[Json]:
    """Selection of an invoice."""
    items = {item["sku"]: item["id"] for item in order["items"]}
    return [{"orderItemId": items[sku], "quantity": quantity} for sku, quantity in quantities]


def check_sums(order: Json, invoices: list[Json]) -> None:
    """Lines sum to their invoice, and invoices to the order: as a whole and item by item."""
    for total, gross in (("net", "net"), ("tax", "tax"), ("total", "gross")):
        assert sum(money(invoice[total]) for invoice in invoices) == money(order[total])
        for item in order["items"]:
            lines = [line for invoice in invoices for line in invoice["items"] if line["orderItemId"] == item["id"]]
            assert sum(money(line[gross]) for line in lines) == money(item[gross])
    for invoice in invoices:
        assert money(invoice["net"]) + money(invoice["tax"]) == money(invoice["total"])
        assert sum(money(line["gross"]) for line in invoice["items"]) == money(invoice["total"])
        assert sum(money(line["tax"]) for line in invoice["taxLines"]) == money(invoice["tax"])


async def test_ship_wait_ship_the_rest_then_bill(shop: Shop, database: Database) -> None:
    """IF-1, IF-12, IF-13, IF-21."""
    order = await shop.placed(("apple", 10))
    id_ = order["id"]
    await ship(shop, order, ("apple", 4))
    assert await axes(shop, id_) == ("FULL", "PARTIAL", "PARTIAL", "UNBILLED", "UNPAID")
    assert await summary(shop, id_) == "committed, partly shipped, unbilled, unpaid"
    await shop.did("allocationCreate", orderId=id_)
    assert await axes(shop, id_) == ("FULL", "FULL", "PARTIAL", "UNBILLED", "UNPAID")
    assert await summary(shop, id_) == "allocated, partly shipped, unbilled, unpaid"
    await ship(shop, order, ("apple", 5))
    assert await summary(shop, id_) == "allocated, partly shipped, unbilled, unpaid"
    await ship(shop, order, ("apple", 1))
    assert await summary(shop, id_) == "shipped, unbilled, unpaid"
    assert await level(shop, "apple") == ("40", "0", "0")
    assert await shop.refused(
        "shipmentCreate", orderId=id_, warehouseId=shop.warehouse_ids[0], items=part(order, ("apple", "1"))
    )
    await issued(shop, id_)
    order = await shop.order(id_)
    assert (order["state"], order["summary"]) == ("COMPLETED", "shipped, invoiced, unpaid")
    assert await verify(database, shop.company) == []


async def test_the_parts_of_a_bill_sum_to_the_order(shop: Shop, database: Database) -> None:
    """IF-14, X-1, C-23, L4: 0.33 and 0.17 a piece, billed in uneven parts, to the last cent."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    await shop.add_product("nut", "0.33", stock=50)
    await shop.add_product("pip", "0.17", stock=50)
    order = await shop.placed(("nut", 7), ("pip", 11), ("delivery", 1))
    id_ = order["id"]
    selections = [
        part(order, ("nut", "1"), ("pip", "3")),
        part(order, ("nut", "1")),
        part(order, ("nut", "2"), ("pip", "7"), ("delivery", "1")),
        part(order, ("nut", "3"), ("pip", "1")),
    ]
    invoices = []
    for selection in selections[:-1]:
        invoices.append(await issued(shop, id_, items=selection))
        assert (await axes(shop, id_))[3] == "PARTIAL"
        assert await summary(shop, id_) == "committed, partly billed, unpaid"
        found = await shop.order(id_)
        # D does not change while the bill is split: what is billed and what may be billed are one sum.
        assert found["due"] == found["outstanding"] == order["total"]
    too_much = part(order, ("nut", "4"))
    assert await shop.refused("invoiceIssue", orderId=id_, items=too_much)
    invoices.append(await issued(shop, id_, items=selections[-1]))
    assert (await axes(shop, id_))[3] == "INVOICED"
    assert await summary(shop, id_) == "committed, invoiced, unpaid"
    check_sums(order, invoices)
    assert [invoice["number"][-6:] for invoice in invoices] == ["000001", "000002", "000003", "000004"]
    assert await balance(shop) == [order["total"]["amount"]]
    assert (await balances(shop))["RECEIVABLE"] == order["total"]["amount"]
    assert await verify(database, shop.company) == []


async def test_one_prepayment_settles_two_partial_bills(shop: Shop, database: Database) -> None:
    """C-37, IF-15: allocation goes by amount; the bill tells what is still open."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 10))
    id_ = order["id"]
    advance = await advanced(shop, "120", orderId=id_)
    assert await summary(shop, id_) == "committed, unbilled, prepaid"
    first = await issued(shop, id_, items=part(order, ("apple", "4")))
    # O = L + U − T = 48 + 72 − 120 = 0, and there is still something to bill.
    assert await summary(shop, id_) == "committed, partly billed, prepaid"
    second = await issued(shop, id_, items=part(order, ("apple", "6")))
    assert await summary(shop, id_) == "committed, invoiced, paid"
    payload = await shop.did(
        "paymentAllocate",
        "payment { unallocated { amount } }",
        paymentId=advance["id"],
        targets=[{"invoiceId": first["id"]}, {"invoiceId": second["id"], "amount": "70"}],
    )
    assert payload["payment"]["unallocated"]["amount"] == "2"
    assert [
        (found["openBalance"]["amount"], found["paymentStatus"])
        for found in [await read_invoice(shop, one["id"]) for one in (first, second)]
    ] == [("0", "PAID"), ("2", "PARTIAL")]
    assert (await summary(shop, id_), await balance(shop)) == ("committed, invoiced, paid", ["2"])
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": second["id"]}])
    assert await balance(shop) == []
    assert await verify(database, shop.company) == []


async def test_a_bill_of_what_was_shipped(shop: Shop, database: Database) -> None:
    """IF-13, IF-14: slightly less was sent, the bill says just that."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 10))
    await ship(shop, order, ("apple", 8))
    invoice = await issued(shop, order["id"], items=part(order, ("apple", "8")))
    assert (invoice["total"]["amount"], invoice["items"][0]["quantity"]) == ("96", "8")
    found = await shop.order(order["id"])
    assert (found["state"], found["summary"]) == ("PLACED", "committed, partly shipped, partly billed, unpaid")
    assert Decimal(found["items"][0]["openQuantity"]) == 2
    assert await verify(database, shop.company) == []


async def test_only_an_unprocessed_order_is_cancelled(shop: Shop, database: Database) -> None:
    """IF-18, X-19: not shipped or booked, and what is billed only with a settlement."""
    order = await shop.placed(("apple", 10))
    await ship(shop, order, ("apple", 4))
    await issued(shop, order["id"])
    codes = await shop.refused("orderCancel", orderId=order["id"], reason="late")
    assert codes == ["ALREADY_SHIPPED"]
    billed = await shop.placed(("apple", 10))
    await issued(shop, billed["id"])
    assert await shop.refused("orderCancel", orderId=billed["id"], reason="late") == ["ALREADY_BILLED"]
    fresh = await shop.placed(("apple", 10))
    await shop.did("allocationCreate", orderId=fresh["id"])
    await shop.did("orderCancel", orderId=fresh["id"], reason="changed my mind")
    assert await summary(shop, fresh["id"]) == "cancelled, paid"
    assert await level(shop, "apple") == ("46", "0", "0")
    assert await verify(database, shop.company) == []
