"""paymentDeallocate: a payment is taken off its bills and waits on account; what it settled is open again (BA-47)."""

import asyncio

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import PAYMENT, advanced, balances, issued, paid, read_invoice
from tests.client import Json
from tests.scenarios.books import entries
from tests.shop import Shop

ROWS = "payment { unallocated { amount } allocations { id amount { amount } reversesId } }"


async def test_all_of_it(shop: Shop, database: Database) -> None:
    """Posting table: Receivable against what received the money; the order is unpaid again."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    payment = await paid(shop, invoice["id"], "12.00")
    made = await shop.did("paymentDeallocate", ROWS, paymentId=payment["id"])
    (first, back) = made["payment"]["allocations"]
    assert (first["amount"]["amount"], back["amount"]["amount"], back["reversesId"]) == ("12", "-12", first["id"])
    assert made["payment"]["unallocated"]["amount"] == "12"
    assert (await read_invoice(shop, invoice["id"]))["openBalance"]["amount"] == "12"
    assert (await shop.order(order["id"]))["paymentStatus"] == "UNPAID"
    assert ("PAYMENT_ALLOCATION", {"RECEIVABLE": "12", "CASH": "-12"}) in await entries(shop, payment["id"])
    assert await shop.refused("paymentDeallocate", paymentId=payment["id"]) == ["EXCEEDS_UNALLOCATED"]
    await shop.did("paymentAllocate", paymentId=payment["id"], targets=[{"invoiceId": invoice["id"]}])
    assert (await balances(shop))["CASH"] == "12"
    assert await verify(database, shop.company) == []


async def test_one_of_several_once(shop: Shop, database: Database) -> None:
    """C-37: by amount; an allocation that was taken back is not taken back again."""
    bills = [await issued(shop, (await shop.placed(("apple", 1)))["id"]) for _ in range(2)]
    payment = await advanced(shop, "24.00")
    targets = [{"invoiceId": bill["id"]} for bill in bills]
    made = await shop.did("paymentAllocate", ROWS, paymentId=payment["id"], targets=targets)
    ids = [row["id"] for row in made["payment"]["allocations"]]
    values: Json = {"paymentId": payment["id"], "allocationIds": [ids[1], ids[1]]}
    made = await shop.did("paymentDeallocate", ROWS, **values)
    assert made["payment"]["unallocated"]["amount"] == "12"
    assert await shop.refused("paymentDeallocate", **values) == ["NOT_FOUND", "NOT_FOUND"]
    assert [(await read_invoice(shop, bill["id"]))["openBalance"]["amount"] for bill in bills] == ["0", "12"]
    assert await verify(database, shop.company) == []


async def test_from_many_sides_once(shop: Shop, database: Database) -> None:
    """T2: of many at the same moment one takes it back."""
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    payment = await paid(shop, invoice["id"], "12.00")
    values = {"paymentId": payment["id"]}
    found = await asyncio.gather(*[shop.client.mutate("paymentDeallocate", "", values, shop.staff) for _ in range(6)])
    assert sum(not payload["userErrors"] for payload in found) == 1
    assert await verify(database, shop.company) == []


async def test_money_that_waits_for_an_order_waits_again(shop: Shop, database: Database) -> None:
    """BA-17: a tagged advance keeps its tag, and the order is prepaid by it again."""
    order = await shop.placed(("apple", 1))
    payment = await advanced(shop, "12.00", orderId=order["id"])
    invoice = await issued(shop, order["id"])
    await shop.did("paymentAllocate", paymentId=payment["id"], targets=[{"invoiceId": invoice["id"]}])
    await shop.did("paymentDeallocate", PAYMENT, paymentId=payment["id"])
    after = await shop.order(order["id"])
    assert (after["paid"]["amount"], after["outstanding"]["amount"]) == ("12", "0")
    assert await verify(database, shop.company) == []


async def test_off_a_cash_sale_that_was_invoiced(shop: Shop, database: Database) -> None:
    """PK-15: what was paid on the cash sale counts on its invoice, also when it is taken back."""
    order = await shop.placed(("apple", 1))
    made = await shop.did("cashSaleIssue", f"cashSale {{ id }} {PAYMENT}", orderId=order["id"], paymentMethod="CASH")
    invoiced = await shop.did("cashSaleInvoice", "invoice { id }", cashSaleId=made["cashSale"]["id"])
    await shop.did("paymentDeallocate", paymentId=made["payment"]["id"])
    assert (await read_invoice(shop, invoiced["invoice"]["id"]))["openBalance"]["amount"] == "12"
    assert await verify(database, shop.company) == []
