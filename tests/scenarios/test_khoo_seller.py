"""KhooSeller's way: an order ring-fences stock, items are processed one by one, money goes its own way."""

from itertools import permutations

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, balances, issued, paid, ship
from tests.client import Json
from tests.scenarios.books import available, axes, balance, drafted_shipment, entries, level, summary
from tests.shop import Shop


async def test_from_order_to_money(shop: Shop, database: Database) -> None:
    """KS-5..9, KS-12, KS-13, KS-15, KS-19, KS-25, KS-33, KS-34."""
    order = await shop.draft(("apple", 10), ("pear", 4), ("delivery", 1))
    id_ = order["id"]
    assert (order["summary"], await available(shop, "apple")) == ("draft", "50")
    await shop.did("orderPlace", orderId=id_)
    # The pool is lowered, no warehouse is chosen yet (KS-6, KS-7).
    assert (await available(shop, "apple"), await level(shop, "apple")) == ("40", ("50", "0", "0"))
    assert await axes(shop, id_) == ("FULL", "NONE", "NONE", "UNBILLED", "UNPAID")
    assert await summary(shop, id_) == "committed, unbilled, unpaid"
    await shop.did("allocationCreate", orderId=id_, warehouseId=shop.warehouse_ids[0])
    assert await level(shop, "apple") == ("50", "10", "0")
    order = await shop.order(id_)
    assert [(item["sku"], item["allocatedQuantity"]) for item in order["items"]] == [
        ("apple", "10"), ("pear", "4"), ("delivery", "0"),
    ]  # fmt: skip
    assert order["summary"] == "allocated, unbilled, unpaid"
    slip = await drafted_shipment(shop, order, ("apple", 10), ("pear", 4), then=["BOOK"])
    assert await summary(shop, id_) == "allocated, unbilled, unpaid"
    await shop.did("shipmentFinalize", shipmentId=slip["id"])
    assert await level(shop, "apple") == ("40", "0", "0")
    order = await shop.order(id_)
    # The delivery line is done when it is billed (I-1), so the order is not complete (KS-12).
    assert (order["state"], order["summary"]) == ("PLACED", "shipped, unbilled, unpaid")
    assert (await balance(shop), await balances(shop)) == ([], {})
    invoice = await issued(shop, id_)
    assert invoice["total"]["amount"] == order["total"]["amount"] == "137.88"
    order = await shop.order(id_)
    assert (order["state"], order["summary"]) == ("COMPLETED", "shipped, invoiced, unpaid")
    assert await balance(shop) == ["137.88"]
    assert await entries(shop, invoice["id"]) == [
        ("INVOICING", {"RECEIVABLE": "137.88", "REVENUE": "-114.9", "TAX_PAYABLE": "-22.98"})
    ]
    payment = await paid(shop, invoice["id"], "137.88")
    assert await entries(shop, payment["id"]) == [("PAYMENT_ALLOCATION", {"CASH": "137.88", "RECEIVABLE": "-137.88"})]
    assert await summary(shop, id_) == "shipped, invoiced, paid"
    assert await axes(shop, id_) == ("FULL", "FULL", "FULL", "INVOICED", "PAID")
    assert await balance(shop) == []
    books = await balances(shop)
    assert books == {"CASH": "137.88", "RECEIVABLE": "0", "REVENUE": "-114.9", "TAX_PAYABLE": "-22.98"}
    assert await verify(database, shop.company) == []


async def test_each_warehouse_gives_its_part(shop: Shop, database: Database) -> None:
    """KS-7, KS-8, KS-13: the pool promises, two warehouses deliver; a slip has one source (C-14)."""
    await shop.receive("apple", 20, 1)
    order = await shop.placed(("apple", 60))
    first, second = shop.warehouse_ids
    await shop.did("allocationCreate", orderId=order["id"])
    order = await shop.order(order["id"])
    assert {one["warehouseId"]: one["quantity"] for one in order["allocations"]} == {first: "50", second: "10"}
    item = order["items"][0]["id"]
    for warehouse, quantity, left in ((first, "50", "allocated, partly shipped"), (second, "10", "shipped")):
        lines = [{"orderItemId": item, "quantity": quantity}]
        await shop.did(
            "shipmentCreate", orderId=order["id"], warehouseId=warehouse, items=lines, then=["BOOK", "FINALIZE"]
        )
        assert await summary(shop, order["id"]) == f"{left}, unbilled, unpaid"
    assert (await level(shop, "apple", 0), await level(shop, "apple", 1)) == (("0", "0", "0"), ("10", "0", "0"))
    assert (await shop.order(order["id"]))["state"] == "COMPLETED"
    assert await verify(database, shop.company) == []


async def pay(shop: Shop, order: Json, invoice: Json | None) -> Json | None:
    """Money for the invoice, or for the order as long as there is none; the advance that is still to be used."""
    if invoice is not None:
        await paid(shop, invoice["id"], "120")
        return None
    return await advanced(shop, "120", orderId=order["id"])


@pytest.mark.parametrize("steps", list(permutations(("ship", "invoice", "pay"))), ids="-".join)
async def test_no_axis_implies_another(steps: tuple[str, ...], shop: Shop, database: Database) -> None:
    """KS-17, PK-3, PK-4, PK-23, BA-13, IF-20: ship, invoice and pay in any order, to the same end."""
    order = await shop.placed(("apple", 10))
    id_ = order["id"]
    invoice: Json | None = None
    advance: Json | None = None
    done = set()
    for step in steps:
        if step == "ship":
            await ship(shop, order, ("apple", 10))
        elif step == "invoice":
            invoice = await issued(shop, id_)
        else:
            advance = await pay(shop, order, invoice)
        done.add(step)
        goods = "FULL" if "ship" in done else "NONE"
        billing = "INVOICED" if "invoice" in done else "UNBILLED"
        payment = ("PAID" if "invoice" in done else "PREPAID") if "pay" in done else "UNPAID"
        assert await axes(shop, id_) == ("FULL", goods, goods, billing, payment)
        words = ("shipped" if "ship" in done else "committed", billing.lower(), payment.lower())
        assert await summary(shop, id_) == ", ".join(words)
        # Nothing is owed before there is an invoice (BA-14), and an advance pays nothing before it is used.
        owed = "invoice" in done and ("pay" not in done or advance is not None)
        assert await balance(shop) == (["120"] if owed else [])
    assert invoice is not None
    if advance is not None:
        await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": invoice["id"]}])
        # Using a tagged advance moves money between the parts of P, not P itself.
        assert await summary(shop, id_) == "shipped, invoiced, paid"
        assert await entries(shop, advance["id"]) == [("PAYMENT_ALLOCATION", {"CASH": "120", "RECEIVABLE": "-120"})]
    assert await balance(shop) == []
    assert (await shop.order(id_))["state"] == "COMPLETED"
    assert await balances(shop) == {"CASH": "120", "RECEIVABLE": "0", "REVENUE": "-100", "TAX_PAYABLE": "-20"}
    assert await verify(database, shop.company) == []


async def test_accounting_is_optional(shop: Shop, database: Database) -> None:
    """KS-32: without a journal the documents and their balances are the same."""
    await shop.did("policySet", name="journalMode", value="OFF")
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    assert (await balance(shop), await entries(shop, invoice["id"]), await balances(shop)) == (["12"], [], {})
    await paid(shop, invoice["id"], "12")
    assert (await balance(shop), await balances(shop)) == ([], {})
    assert await summary(shop, order["id"]) == "committed, invoiced, paid"
    assert await verify(database, shop.company) == []


async def test_an_invoice_is_for_the_whole_order(shop: Shop, database: Database) -> None:
    """KS-18, KS-19, PK-20: no part of an order is billed or, where it is so set, paid."""
    order = await shop.placed(("apple", 10))
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    assert await shop.refused("invoiceIssue", orderId=order["id"], items=lines) == ["BILLING_SCOPE"]
    await shop.set_policy("paymentScope", "FULL_ONLY")
    whole = await shop.placed(("apple", 10))
    invoice = await issued(shop, whole["id"])
    values = {"customerId": shop.customer_id, "kind": "REGULAR", "allocations": [{"invoiceId": invoice["id"]}]}
    part = [{"method": "CARD", "amount": "119.99"}]
    assert await shop.refused("paymentRecord", **values, tenders=part) == ["FULL_PAYMENT_REQUIRED"]
    both = [{"method": "CARD", "amount": "100"}, {"method": "CASH", "amount": "20"}]
    await shop.did("paymentRecord", **values, tenders=both)
    assert await summary(shop, whole["id"]) == "committed, invoiced, paid"
    assert await shop.refused("invoiceIssue", orderId=whole["id"]) == ["NOTHING_TO_BILL"]
    assert await verify(database, shop.company) == []
