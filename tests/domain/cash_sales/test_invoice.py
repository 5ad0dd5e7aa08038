"""A cash sale may be invoiced later, once; the pair counts once everywhere (PK-15, PK-16)."""

import asyncio

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import CASH_SALE, INVOICE, balances, read_cash_sale, sold
from tests.scenarios.books import balance, entries
from tests.shop import ADDRESS, ORDER, Shop


async def test_the_invoice_is_the_cash_sale_again(shop: Shop, database: Database) -> None:
    """PK-15, I-11: same lines, rates and tax point, allocations and balance; nothing is posted or counted twice."""
    order = await shop.placed(("apple", 2), ("delivery", 1))
    sale = await sold(shop, order["id"])
    before = await balances(shop)
    fields = f"{INVOICE} {CASH_SALE} {ORDER}"
    payload = await shop.did("cashSaleInvoice", fields, cashSaleId=sale["id"])
    invoice, after = payload["invoice"], payload["cashSale"]
    assert (invoice["number"], invoice["paymentStatus"], invoice["version"]) == ("INV-000001", "PAID", 1)
    for name in ("items", "taxLines", "net", "tax", "total", "taxPointOn", "openBalance", "paymentAllocations"):
        assert invoice[name] == sale[name], name
    assert (after["handedOver"]["amount"], after["openBalance"]["amount"]) == ("29.88", "0")
    assert after["invoice"] == {"id": invoice["id"], "number": "INV-000001"}
    assert (after["number"], after["state"], after["version"]) == ("CS-000001", "ISSUED", 2)
    assert payload["order"]["summary"] == "committed, cash-saled and invoiced, paid"
    assert (payload["order"]["due"]["amount"], payload["order"]["paid"]["amount"]) == ("29.88", "29.88")
    messages = {effect["message"] for effect in payload["effects"]}
    assert {"CashSaleInvoiced.", "INVOICE INV-000001."} <= messages
    assert not any(effect["__typename"] == "JournalLineEffect" for effect in payload["effects"])
    assert await balances(shop) == before
    assert await entries(shop, invoice["id"]) == []
    assert await balance(shop) == []
    assert await verify(database, shop.company) == []


async def test_once(shop: Shop, database: Database) -> None:
    """ALREADY_INVOICED: told beforehand, also of two that ask at once."""
    order = await shop.placed(("apple", 1))
    sale = await sold(shop, order["id"])
    payloads = await asyncio.gather(
        *[shop.client.mutate("cashSaleInvoice", "", {"cashSaleId": sale["id"]}, shop.staff) for _ in range(3)]
    )
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["ALREADY_INVOICED", "ALREADY_INVOICED"]
    (told,) = (await read_cash_sale(shop, sale["id"]))["availableTransitions"]
    assert told == {
        "name": "cashSaleInvoice",
        "isAllowed": False,
        "blockers": [{"code": "ALREADY_INVOICED"}],
    }
    assert await shop.refused("cashSaleIssue", orderId=order["id"], paymentMethod="CASH") == [
        "INVOICE_EXISTS",
        "NOTHING_TO_BILL",
    ]
    assert await verify(database, shop.company) == []


async def test_the_invoice_names_its_buyer_in_full(shop: Shop) -> None:
    """ADDRESS_REQUIRED; a complete address is copied to the invoice, the cash sale keeps its own."""
    order = await shop.placed(("apple", 1))
    sale = await sold(shop, order["id"])
    partial = {**ADDRESS, "city": " "}
    assert await shop.refused("cashSaleInvoice", cashSaleId=sale["id"], billingAddress=partial) == ["ADDRESS_REQUIRED"]
    whole = {**ADDRESS, "name": "Byron Ltd", "city": "Hamburg"}
    payload = await shop.did("cashSaleInvoice", f"{INVOICE} {CASH_SALE}", cashSaleId=sale["id"], billingAddress=whole)
    assert payload["invoice"]["billingAddress"]["city"] == "Hamburg"
    assert payload["cashSale"]["billingAddress"]["city"] == "Berlin"


async def test_the_date_obeys_the_series_of_invoices(shop: Shop) -> None:
    """X-27: the tax point stays that of the cash sale."""
    await shop.set_policy("numberDateOrder", "MONOTONE")
    first, second = [await sold(shop, (await shop.placed(("apple", 1)))["id"]) for _ in range(2)]
    payload = await shop.did("cashSaleInvoice", INVOICE, cashSaleId=first["id"], invoicedOn="2050-02-02")
    assert (payload["invoice"]["datedOn"], payload["invoice"]["taxPointOn"]) == ("2050-02-02", first["taxPointOn"])
    codes = await shop.refused("cashSaleInvoice", cashSaleId=second["id"], invoicedOn="2050-02-01")
    assert codes == ["DATE_BEFORE_LAST_NUMBER"]
    await shop.did("cashSaleInvoice", cashSaleId=second["id"], invoicedOn="2050-02-02")


async def test_a_foreign_cash_sale_is_not_found(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await sold(shop, order["id"])
    assert await shop.refused("cashSaleInvoice", cashSaleId="csh_" + "0" * 32) == ["NOT_FOUND"]
