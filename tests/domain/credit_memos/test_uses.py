"""creditMemoApply, creditMemoUnapply, creditMemoVoid: what can be done with credit that is there (BA-45)."""

import asyncio

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import balances, read_invoice
from tests.client import Json
from tests.credits import MEMO, billed, credited, goodwill, part, read_memo
from tests.scenarios.books import entries
from tests.shop import Shop


async def test_credit_settles_other_bills(shop: Shop, database: Database) -> None:
    """Posting table: Customer credit to Receivable; the bill's balance and the order's follow."""
    memo = await goodwill(shop, "20.00")
    first, second = await billed(shop, ("apple", 1)), await billed(shop, ("apple", 1))
    targets = [{"invoiceId": first["invoice"]["id"]}, {"invoiceId": second["invoice"]["id"], "amount": "5.00"}]
    made = await shop.did("creditMemoApply", MEMO, creditMemoId=memo["id"], targets=targets)
    after = made["creditMemo"]
    assert (after["applied"]["amount"], after["balance"]["amount"], after["usageStatus"]) == ("17", "3", "PARTIAL")
    assert [(a["amount"]["amount"], a["isAutomatic"]) for a in after["applications"]] == [("12", False), ("5", False)]
    assert (await shop.order(first["order"]["id"]))["paymentStatus"] == "PAID"
    assert (await read_invoice(shop, second["invoice"]["id"]))["openBalance"]["amount"] == "7"
    posted = await entries(shop, memo["id"])
    assert ("PAYMENT_ALLOCATION", {"CUSTOMER_CREDIT": "5", "RECEIVABLE": "-5"}) in posted
    assert await verify(database, shop.company) == []


async def test_never_more_than_is_left_or_open(shop: Shop) -> None:
    """M5: both limits, told per target with their figures, and the right amounts beside them."""
    memo = await goodwill(shop, "10.00")
    bill, other = await billed(shop, ("apple", 1)), await billed(shop, ("pear", 1))
    values = {"creditMemoId": memo["id"]}
    wrong: list[tuple[list[Json], list[str]]] = [
        ([], ["INVALID_INPUT"]),
        ([{"invoiceId": bill["invoice"]["id"], "amount": "10.01"}], ["EXCEEDS_BALANCE"]),
        ([{"invoiceId": other["invoice"]["id"], "amount": "3.01"}], ["EXCEEDS_OPEN_BALANCE"]),
        ([{"invoiceId": bill["invoice"]["id"], "amount": "12.01"}], ["EXCEEDS_OPEN_BALANCE", "EXCEEDS_BALANCE"]),
        ([{"invoiceId": "inv_" + "0" * 32}, {"cashSaleId": "csh_" + "0" * 32}], ["NOT_FOUND", "NOT_FOUND"]),
    ]
    for targets, codes in wrong:
        assert await shop.refused("creditMemoApply", **values, targets=targets) == codes, targets
    await shop.did("creditMemoApply", **values, targets=[{"invoiceId": bill["invoice"]["id"], "amount": "10.00"}])
    codes = await shop.refused("creditMemoApply", **values, targets=[{"invoiceId": other["invoice"]["id"]}])
    assert codes == ["EXCEEDS_BALANCE"]


async def test_the_last_cent_from_two_sides(shop: Shop, database: Database) -> None:
    """M5: credit is not spent below zero, also over two orders at the same moment."""
    memo = await goodwill(shop, "12.00")
    bills = [await billed(shop, ("apple", 1)) for _ in range(6)]
    found = await asyncio.gather(
        *[
            shop.client.mutate(
                "creditMemoApply",
                "",
                {"creditMemoId": memo["id"], "targets": [{"invoiceId": bill["invoice"]["id"], "amount": "7.00"}]},
                shop.staff,
            )
            for bill in bills
        ]
    )
    assert sum(not payload["userErrors"] for payload in found) == 1
    assert {e["code"] for payload in found for e in payload["userErrors"]} == {"EXCEEDS_BALANCE"}
    assert await verify(database, shop.company) == []


async def test_taking_a_use_back(shop: Shop, database: Database) -> None:
    """The bill is open again, by a row of its own; one application once."""
    memo = await goodwill(shop, "20.00")
    bill = await billed(shop, ("apple", 1))
    targets = [{"invoiceId": bill["invoice"]["id"], "amount": "4.00"}, {"invoiceId": bill["invoice"]["id"]}]
    made = await shop.did("creditMemoApply", MEMO, creditMemoId=memo["id"], targets=targets)
    ids = [application["id"] for application in made["creditMemo"]["applications"]]
    values = {"creditMemoId": memo["id"], "applicationIds": ids[:1]}
    back = (await shop.did("creditMemoUnapply", MEMO, **values))["creditMemo"]
    assert [(a["amount"]["amount"], a["reversesId"]) for a in back["applications"]] == [
        ("4", None),
        ("8", None),
        ("-4", ids[0]),
    ]
    assert (back["balance"]["amount"], back["applied"]["amount"]) == ("12", "8")
    assert (await read_invoice(shop, bill["invoice"]["id"]))["openBalance"]["amount"] == "4"
    assert await shop.refused("creditMemoUnapply", **values) == ["NOT_FOUND"]
    await shop.did("creditMemoUnapply", creditMemoId=memo["id"])
    assert (await shop.order(bill["order"]["id"]))["paymentStatus"] == "UNPAID"
    assert await shop.refused("creditMemoUnapply", creditMemoId=memo["id"]) == ["EXCEEDS_BALANCE"]
    assert await verify(database, shop.company) == []


async def test_a_use_on_a_cash_sale_is_taken_back_from_its_invoice(shop: Shop, database: Database) -> None:
    """PK-15: what settled a cash sale counts on its invoice."""
    order = await shop.placed(("apple", 1), paymentMethod="CASH")
    tenders = [{"method": "CASH", "amount": "2.00"}]
    sale = (await shop.did("cashSaleIssue", "cashSale { id }", orderId=order["id"], tenders=tenders))["cashSale"]
    memo = await goodwill(shop, "20.00")
    await shop.did("creditMemoApply", creditMemoId=memo["id"], targets=[{"cashSaleId": sale["id"]}])
    made = await shop.did("cashSaleInvoice", "invoice { id openBalance { amount } }", cashSaleId=sale["id"])
    assert made["invoice"]["openBalance"]["amount"] == "0"
    assert await verify(database, shop.company) == []
    await shop.did("creditMemoUnapply", creditMemoId=memo["id"])
    assert (await read_invoice(shop, made["invoice"]["id"]))["openBalance"]["amount"] == "10"
    assert await verify(database, shop.company) == []


async def test_a_mistake_is_voided_and_keeps_its_number(shop: Shop, database: Database) -> None:
    """C-39: every entry is reversed, what it settled by itself is open again, the quantity can be credited again."""
    before = await balances(shop)
    bill = await billed(shop, ("apple", 2))
    billed_balances = await balances(shop)
    memo = await credited(shop, part(bill, "apple", "2"), cause="CANCELLED_QUANTITY")
    voided = (await shop.did("creditMemoVoid", MEMO, creditMemoId=memo["id"]))["creditMemo"]
    assert (voided["state"], voided["number"], voided["voided"]["amount"]) == ("VOIDED", "CM-000001", "24")
    assert {k: v for k, v in (await balances(shop)).items() if v != "0"} == billed_balances != before
    order = await shop.order(bill["order"]["id"])
    assert (order["summary"], order["due"]["amount"]) == ("committed, invoiced, unpaid", "24")
    assert await shop.refused("creditMemoVoid", creditMemoId=memo["id"]) == ["INVALID_TRANSITION"]
    await credited(shop, part(bill, "apple", "2"))
    assert await verify(database, shop.company) == []


async def test_what_was_used_or_billed_again_is_not_voided(shop: Shop, database: Database) -> None:
    """MEMO_USED, BILLED_AGAIN; after the use is taken back it is voided."""
    used, bill = await goodwill(shop, "5.00"), await billed(shop, ("apple", 1))
    await shop.did("creditMemoApply", creditMemoId=used["id"], targets=[{"invoiceId": bill["invoice"]["id"]}])
    assert await shop.refused("creditMemoVoid", creditMemoId=used["id"]) == ["MEMO_USED"]
    await shop.did("creditMemoUnapply", creditMemoId=used["id"])
    await shop.did("creditMemoVoid", creditMemoId=used["id"])
    refunded = await goodwill(shop, "5.00")
    await shop.did("refundRequest", creditMemoId=refunded["id"], method="CASH")
    assert await shop.refused("creditMemoVoid", creditMemoId=refunded["id"]) == ["MEMO_USED"]
    again = await credited(shop, part(bill, "apple", "1"), reopenBilling=True)
    await shop.did("invoiceIssue", orderId=bill["order"]["id"])
    assert await shop.refused("creditMemoVoid", creditMemoId=again["id"]) == ["BILLED_AGAIN"]
    assert (await read_memo(shop, again["id"]))["state"] == "ISSUED"
    assert await verify(database, shop.company) == []
