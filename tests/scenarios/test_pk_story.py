"""A small shop's day with receipts and invoices: paid at once, on account, and changed minds (PK-1 to PK-19)."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import CASH_SALE, INVOICE, balances, issued, paid, sold
from tests.client import Client, Json
from tests.scenarios.books import axes, balance, entries, summary
from tests.shop import Shop


async def references(shop: Shop, id_: str) -> tuple[list[str], list[str]]:
    """Numbers of the cash sales and of the invoices that an order shows (PK-28)."""
    data = await shop.query(
        "query ($id: ID!) { order(by: {id: $id}) { cashSales { number } invoices { number } } }", id=id_
    )
    order = data["order"]
    return [one["number"] for one in order["cashSales"]], [one["number"] for one in order["invoices"]]


async def test_receipts_and_invoices_of_one_day(shop: Shop, client: Client, database: Database) -> None:
    """PK-1..6, PK-10..16, PK-18, PK-20, PK-28: axes move apart, both series are unbroken, the pair counts once."""
    counter = await shop.placed(("apple", 2), paymentMethod="CASH")
    account = await shop.placed(("pear", 4), paymentMethod="INVOICE")
    assert await axes(shop, counter["id"]) == ("FULL", "NONE", "NONE", "UNBILLED", "UNPAID")
    await sold(shop, counter["id"], None)
    await issued(shop, account["id"])
    assert await summary(shop, counter["id"]) == "committed, cash-saled, paid"
    assert await summary(shop, account["id"]) == "committed, invoiced, unpaid"
    assert await axes(shop, counter["id"]) == ("FULL", "NONE", "NONE", "CASH_SALED", "PAID")
    assert await references(shop, counter["id"]) == (["CS-000001"], [])
    assert await references(shop, account["id"]) == ([], ["INV-000001"])
    assert await balance(shop) == ["12"]

    # The customer of the counter comes back and wants an invoice after all.
    data = await shop.query('{ cashSale(by: {number: "CS-000001"}) { id } }')
    sale_id = data["cashSale"]["id"]
    tried = await shop.did("cashSaleInvoice", INVOICE, cashSaleId=sale_id, dryRun=True)
    assert (tried["invoice"], await references(shop, counter["id"])) == (None, (["CS-000001"], []))
    payload = await shop.did("cashSaleInvoice", f"{INVOICE} {CASH_SALE}", cashSaleId=sale_id)
    invoice: Json = payload["invoice"]
    assert (invoice["total"], invoice["paymentStatus"]) == ({"amount": "24"}, "PAID")
    assert [part["amount"]["amount"] for part in invoice["paymentAllocations"]] == ["24"]
    assert await references(shop, counter["id"]) == (["CS-000001"], ["INV-000002"])
    assert await axes(shop, counter["id"]) == ("FULL", "NONE", "NONE", "CASH_SALED_AND_INVOICED", "PAID")
    assert await summary(shop, counter["id"]) == "committed, cash-saled and invoiced, paid"
    assert await entries(shop, invoice["id"]) == []
    assert await balance(shop) == ["12"]

    data = await shop.query('{ invoice(by: {number: "INV-000001"}) { id } }')
    await paid(shop, data["invoice"]["id"], "12.00")
    assert (await balance(shop), await balances(shop)) == (
        [],
        {"CASH": "36", "RECEIVABLE": "0", "REVENUE": "-30", "TAX_PAYABLE": "-6"},
    )
    for order in (counter, account):
        await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["FINALIZE"])
    assert await summary(shop, counter["id"]) == "shipped, cash-saled and invoiced, paid"
    assert await verify(database, shop.company) == []


async def test_a_web_order_collapses_its_steps(shop: Shop, client: Client, database: Database) -> None:
    """PK-6 to PK-9, PK-17: one call places and bills; what the money's way decides, the shopper reads."""
    await shop.set_policy("billOn", "PLACE")
    guest = shop.shopper()
    await client.did("customerCreate", "", {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}, guest)
    fields = """order { id summary paymentMethodClass cashSales { number openBalance { amount } invoice { id } }
        invoices { number openBalance { amount } } }"""
    told = []
    for method, wants_invoice in (("PAYPAL", False), ("PAYPAL", True), ("BANK_TRANSFER", False)):
        values = shop.order_values(("apple", 1), paymentMethod=method, isInvoiceRequested=wants_invoice, then=["PLACE"])
        del values["customerId"]
        payload = await client.did("orderCreate", fields, values, guest)
        order = payload["order"]
        told.append((order["summary"], order["cashSales"], [one["number"] for one in order["invoices"]]))
        assert [warning["code"] for warning in payload["warnings"]] == ["CASH_SALE_UNPAID"] * len(order["cashSales"])
    sale = {"number": "CS-000001", "openBalance": {"amount": "12"}, "invoice": None}
    assert told == [
        ("committed, cash-saled, unpaid", [sale], []),
        ("committed, invoiced, unpaid", [], ["INV-000001"]),
        ("committed, invoiced, unpaid", [], ["INV-000002"]),
    ]
    assert await verify(database, shop.company) == []


async def test_an_unpaid_cash_sale_is_invoiced_with_its_balance(shop: Shop, client: Client, database: Database) -> None:
    """PK-15, I-11: a part paid on the cash sale and the rest on its invoice; afterwards the cash sale takes nothing."""
    await shop.set_policy("billOn", "PLACE")
    guest = shop.shopper()
    await client.did("customerCreate", "", {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}, guest)
    values = shop.order_values(("apple", 1), paymentMethod="CARD", then=["PLACE"])
    del values["customerId"]
    placed = await client.did("orderCreate", "order { id customer { id } cashSales { id } }", values, guest)
    order, (sale,) = placed["order"], placed["order"]["cashSales"]
    pay = {"customerId": order["customer"]["id"], "kind": "REGULAR"}

    def tenders(amount: str) -> list[Json]:
        return [{"method": "CARD", "amount": amount}]

    await shop.did("paymentRecord", **pay, tenders=tenders("5.00"), allocations=[{"cashSaleId": sale["id"]}])
    assert await summary(shop, order["id"]) == "committed, cash-saled, partly paid"
    invoice = (await shop.did("cashSaleInvoice", INVOICE, cashSaleId=sale["id"]))["invoice"]
    assert (invoice["openBalance"]["amount"], invoice["paymentStatus"]) == ("7", "PARTIAL")
    assert await balance(shop, order["customer"]["id"]) == ["7"]
    codes = await shop.refused(
        "paymentRecord", **pay, tenders=tenders("7.00"), allocations=[{"cashSaleId": sale["id"]}]
    )
    assert codes == ["EXCEEDS_OPEN_BALANCE"]
    await shop.did("paymentRecord", **pay, tenders=tenders("7.00"), allocations=[{"invoiceId": invoice["id"]}])
    assert await summary(shop, order["id"]) == "committed, cash-saled and invoiced, paid"
    assert await verify(database, shop.company) == []
