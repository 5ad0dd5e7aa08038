"""creditMemoIssue: parts of bills at their own price and rate, free lines, and what it does to every balance."""

import asyncio

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import balances, read_invoice, sold
from tests.client import Json
from tests.credits import MEMO, billed, credited, goodwill, part, read_memo
from tests.scenarios.books import balance, entries
from tests.shop import Shop
from tests.snapshot import snapshot


def amounts(memo: Json, *names: str) -> list[str]:
    """Some amounts of a memo."""
    return [memo[name]["amount"] for name in names]


async def test_credit_for_what_is_unpaid_settles_the_bill_by_itself(shop: Shop, database: Database) -> None:
    """KH-21, KH-22, posting table: 8 of 10 credited, 70 of 120 open; the rest is the customer's credit."""
    bill = await billed(shop, ("apple", 10), pay="50.00")
    memo = await credited(shop, part(bill, "apple", "8"), reason="Lost on the way")
    assert (memo["number"], memo["state"], memo["cause"]) == ("CM-000001", "ISSUED", "LOST_CONSIGNMENT")
    assert amounts(memo, "net", "tax", "total", "applied", "balance") == ["80", "16", "96", "70", "26"]
    assert [(a["amount"]["amount"], a["isAutomatic"], a["invoice"]["number"]) for a in memo["applications"]] == [
        ("70", True, "INV-000001")
    ]
    (line,) = memo["items"]
    assert (line["sku"], line["quantity"], line["taxRate"], line["gross"]["amount"]) == ("apple", "8", "0.2", "96")
    assert [(t["rate"], t["net"]["amount"], t["tax"]["amount"]) for t in memo["taxLines"]] == [("0.2", "80", "16")]
    assert (memo["buyerName"], memo["billingAddress"]["city"], memo["usageStatus"]) == (
        "Ada Byron",
        "Berlin",
        "PARTIAL",
    )
    assert (await read_invoice(shop, bill["invoice"]["id"]))["openBalance"]["amount"] == "0"
    assert sorted(await entries(shop, memo["id"]), key=lambda entry: entry[0]) == [
        ("CREDITING", {"SALES_RETURNS": "80", "TAX_PAYABLE": "16", "CUSTOMER_CREDIT": "-96"}),
        ("PAYMENT_ALLOCATION", {"CUSTOMER_CREDIT": "70", "RECEIVABLE": "-70"}),
    ]
    order = await shop.order(bill["order"]["id"])
    assert order["summary"] == "committed, invoiced, paid, partly credited"
    assert (order["due"]["amount"], order["outstanding"]["amount"], order["paid"]["amount"]) == ("24", "0", "24")
    assert await balance(shop) == []
    assert (await balances(shop))["CUSTOMER_CREDIT"] == "-26"
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize(
    ("pay", "paid", "outstanding", "status", "left"),
    [("50.00", "50", "22", "PARTIAL", "0"), ("120.00", "72", "0", "PAID", "48"), (None, "0", "72", "UNPAID", "0")],
)
async def test_what_is_due_after_a_credit(
    shop: Shop, pay: str | None, paid: str, outstanding: str, status: str, left: str
) -> None:
    """Domain.md 3, payment of an order: D = B − K + U, and what its own memos gave back is not paid (C-31)."""
    bill = await billed(shop, ("apple", 10), pay=pay)
    memo = await credited(shop, part(bill, "apple", "4"))
    order = await shop.order(bill["order"]["id"])
    assert (order["due"]["amount"], order["paid"]["amount"], order["outstanding"]["amount"]) == (
        "72",
        paid,
        outstanding,
    )
    assert (order["paymentStatus"], order["billingStatus"], memo["balance"]["amount"]) == (status, "INVOICED", left)


async def test_all_parts_of_a_line_sum_to_it(shop: Shop, database: Database) -> None:
    """N-13, C-28: whatever the steps, the credits of a line of 3 at 3.33 sum to the minor unit."""
    await shop.add_product("plum", "3.33", 10)
    bill = await billed(shop, ("plum", 3))
    memos = [await credited(shop, part(bill, "plum", "1")) for _ in range(3)]
    whole = await read_invoice(shop, bill["invoice"]["id"])
    assert sum(float(memo["total"]["amount"]) for memo in memos) == pytest.approx(float(whole["total"]["amount"]))
    assert sum(float(memo["tax"]["amount"]) for memo in memos) == pytest.approx(float(whole["tax"]["amount"]))
    assert whole["openBalance"]["amount"] == "0"
    assert (await shop.order(bill["order"]["id"]))["summary"].endswith("paid, credited")
    assert await verify(database, shop.company) == []


async def test_never_more_than_was_billed(shop: Shop) -> None:
    """C-30, I-4: what is left is computed here; two bad items give two errors, and a line named twice is summed."""
    bill = await billed(shop, ("apple", 3), ("pear", 2))
    await credited(shop, part(bill, "apple", "1"))
    items = [part(bill, "apple", "2"), part(bill, "apple", "1"), part(bill, "pear", "0")]
    payload = await shop.client.mutate("creditMemoIssue", "", {"cause": "MANUAL", "items": items}, shop.staff)
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("EXCEEDS_CREDITABLE", ["input", "items", "1", "quantity"]),
        ("INVALID_QUANTITY", ["input", "items", "2", "quantity"]),
    ]
    await credited(shop, part(bill, "apple", "2"), part(bill, "pear", "2"))


async def test_a_price_correction_credits_value_and_no_quantity(shop: Shop, database: Database) -> None:
    """Domain.md: creditedAmount only; a later return of everything gives back exactly the rest (C-22)."""
    bill = await billed(shop, ("apple", 3))
    line = {"invoiceItemId": bill["lines"]["apple"], "amount": "6.00"}
    memo = await credited(shop, line, cause="PRICE_CORRECTION")
    assert amounts(memo, "net", "tax", "total") == ["5", "1", "6"]
    order = await shop.order(bill["order"]["id"])
    assert order["summary"] == "committed, invoiced, unpaid, partly credited"
    too_much = {**line, "amount": "30.01"}
    assert await shop.refused("creditMemoIssue", cause="PRICE_CORRECTION", items=[too_much]) == ["EXCEEDS_CREDITABLE"]
    rest = await credited(shop, part(bill, "apple", "3"))
    assert amounts(rest, "net", "tax", "total") == ["25", "5", "30"]
    assert await verify(database, shop.company) == []


async def test_lines_that_belong_to_no_bill(shop: Shop, database: Database) -> None:
    """KH-23, KH-24: untaxed goodwill, taxed goods of an old system, a rebate as selling expense."""
    lines = [
        {"description": "Sold in the old shop", "unitPrice": "2.50", "quantity": "3", "taxGroup": "STANDARD",
         "productId": shop.products["pear"]},
        {"description": "Postage", "unitPrice": "1.00"},
    ]  # fmt: skip
    payload = await shop.did("creditMemoIssue", MEMO, cause="MANUAL", customerId=shop.customer_id, lines=lines)
    memo = payload["creditMemo"]
    assert amounts(memo, "net", "tax", "total", "balance") == ["8.5", "1.5", "10", "10"]
    assert [(i["name"], i["sku"], i["orderId"]) for i in memo["items"]] == [
        ("Sold in the old shop", "pear", None),
        ("Postage", None, None),
    ]
    lines = [{"description": "Listing fee", "unitPrice": "4.00"}]
    scheme = await shop.did("creditMemoIssue", MEMO, cause="SCHEME", customerId=shop.customer_id, lines=lines)
    assert await entries(shop, scheme["creditMemo"]["id"]) == [
        ("CREDITING", {"SELLING_EXPENSE": "4", "CUSTOMER_CREDIT": "-4"})
    ]
    assert await verify(database, shop.company) == []


async def test_one_memo_with_both_kinds_of_line_and_several_bills(shop: Shop, database: Database) -> None:
    """A cancellation may concern sales of two orders and something that was never billed here."""
    first, second = await billed(shop, ("apple", 2)), await billed(shop, ("pear", 4), pay="12.00")
    lines = [{"description": "Discount", "unitPrice": "1.00"}]
    memo = await credited(shop, part(first, "apple", "1"), part(second, "pear", "2"), lines=lines, cause="MANUAL")
    assert amounts(memo, "total", "applied", "balance") == ["19", "12", "7"]
    assert [order["number"] for order in memo["orders"]] == ["S-000001", "S-000002"]
    assert [(await shop.order(bill["order"]["id"]))["due"]["amount"] for bill in (first, second)] == ["12", "6"]
    assert await verify(database, shop.company) == []


async def test_cash_sales_are_credited_until_they_are_invoiced(shop: Shop, database: Database) -> None:
    """PK-15: afterwards a memo refers to the invoice, which counts what was credited before."""
    order = await shop.placed(("apple", 3))
    sale = await shop.did("cashSaleIssue", "cashSale { id items { id } }", orderId=order["id"], paymentMethod="CASH")
    line = {"cashSaleItemId": sale["cashSale"]["items"][0]["id"], "quantity": "1"}
    memo = await credited(shop, line)
    assert amounts(memo, "total", "applied", "balance") == ["12", "0", "12"]
    made = await shop.did("cashSaleInvoice", "invoice { items { id } }", cashSaleId=sale["cashSale"]["id"])
    assert await shop.refused("creditMemoIssue", cause="MANUAL", items=[line]) == ["INVALID_INPUT"]
    invoiced = {"invoiceItemId": made["invoice"]["items"][0]["id"], "quantity": "3"}
    assert await shop.refused("creditMemoIssue", cause="MANUAL", items=[invoiced]) == ["EXCEEDS_CREDITABLE"]
    await credited(shop, {**invoiced, "quantity": "2"})
    assert (await shop.order(order["id"]))["summary"].endswith("paid, credited")
    assert await verify(database, shop.company) == []


async def test_what_is_credited_may_be_billed_again_when_asked_for(shop: Shop, database: Database) -> None:
    """Domain.md 3: rebillable quantity; a completed order of services is at work again until it is billed anew."""
    bill = await billed(shop, ("delivery", 2))
    assert (await shop.order(bill["order"]["id"]))["state"] == "COMPLETED"
    kept = await credited(shop, part(bill, "delivery", "1"))
    assert (kept["hasReopenedBilling"], (await shop.order(bill["order"]["id"]))["state"]) == (False, "COMPLETED")
    again = await credited(shop, part(bill, "delivery", "1"), reopenBilling=True)
    order = await shop.order(bill["order"]["id"])
    assert (again["hasReopenedBilling"], order["state"], order["billingStatus"]) == (True, "PLACED", "PARTIAL")
    assert order["items"][0]["openQuantity"] == "1"
    made = await shop.did("invoiceIssue", "invoice { total { amount } }", orderId=bill["order"]["id"])
    assert made["invoice"]["total"]["amount"] == again["total"]["amount"]
    assert (await shop.order(bill["order"]["id"]))["state"] == "COMPLETED"
    assert await verify(database, shop.company) == []


async def test_refusals_leave_no_trace(shop: Shop, database: Database) -> None:
    """Each with what would be right beside it."""
    bill = await billed(shop, ("apple", 3))
    other = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    lines = [{"description": "Goodwill", "unitPrice": "1.00"}]
    item = part(bill, "apple", "1")
    wrong: list[tuple[Json, str]] = [
        ({}, "INVALID_INPUT"),
        ({"lines": lines}, "INVALID_INPUT"),
        ({"items": [item], "customerId": other["customer"]["id"]}, "CUSTOMER_MISMATCH"),
        ({"items": [item], "currencyCode": "USD"}, "CURRENCY_MISMATCH"),
        ({"items": [{"cashSaleItemId": "csi_" + "0" * 32, "quantity": "1"}]}, "NOT_FOUND"),
        ({"items": [{**item, "amount": "1.00"}]}, "INVALID_INPUT"),
        ({"lines": [{**lines[0], "taxGroup": "NONE"}], "customerId": shop.customer_id}, "TAX_INCOMPLETE"),
        ({"lines": [{**lines[0], "unitPrice": "-1"}], "customerId": shop.customer_id}, "INVALID_AMOUNT"),
        ({"lines": [{**lines[0], "quantity": "0"}], "customerId": shop.customer_id}, "INVALID_QUANTITY"),
    ]
    before = await snapshot(database)
    for values, code in wrong:
        assert await shop.refused("creditMemoIssue", cause="MANUAL", **values) == [code], values
    assert await snapshot(database) == before
    await goodwill(shop, "1.00")
    await credited(shop, item, customerId=shop.customer_id, currencyCode="EUR")


async def test_an_external_reference_is_taken_once(shop: Shop) -> None:
    memo = await goodwill(shop, "1.00", externalRef="C536379")
    lines = [{"description": "Again", "unitPrice": "1.00"}]
    values = {"cause": "MANUAL", "customerId": shop.customer_id, "lines": lines, "externalRef": "C536379"}
    assert await shop.refused("creditMemoIssue", **values) == ["EXTERNAL_REF_TAKEN"]
    data = await shop.query(
        '{ creditMemo(by: {externalRef: "C536379"}) { id } none: creditMemo(by: {number: "x"}) { id } }'
    )
    assert (data["creditMemo"]["id"], data["none"]) == (memo["id"], None)


async def test_without_a_ledger_nothing_is_posted(shop: Shop, database: Database) -> None:
    """X-16, KS-32: a pair that differs by the setting only; credit of one kind settles no bill of the other."""
    posted = await billed(shop, ("apple", 1))
    in_books = await goodwill(shop, "5.00")
    await shop.did("policySet", name="journalMode", value="OFF")
    silent = await billed(shop, ("apple", 1))
    outside = await goodwill(shop, "5.00")
    assert (len(await entries(shop, in_books["id"])), await entries(shop, outside["id"])) == (1, [])
    assert await entries(shop, (await credited(shop, part(silent, "apple", "1")))["id"]) == []
    for memo, bill in ((in_books, silent), (outside, posted)):
        targets = [{"invoiceId": bill["invoice"]["id"], "amount": "1.00"}]
        codes = await shop.refused("creditMemoApply", creditMemoId=memo["id"], targets=targets)
        assert codes[0] == ("POLICY_FORBIDS")
    both = [part(posted, "apple", "1"), part(await billed(shop, ("apple", 1)), "apple", "1")]
    assert await shop.refused("creditMemoIssue", cause="MANUAL", items=both) == ["POLICY_FORBIDS"]
    assert await verify(database, shop.company) == []


async def test_numbers_are_gapless_when_many_credit_at_once(shop: Shop, database: Database) -> None:
    """PK-14, C-38: disjoint bills at the same moment; a refused one takes no number."""
    bills = [await billed(shop, ("pear", 1)) for _ in range(8)]
    calls = [credited(shop, part(bill, "pear", "1")) for bill in bills]
    refused = [shop.refused("creditMemoIssue", cause="MANUAL", items=[part(bill, "pear", "2")]) for bill in bills[:3]]
    memos = (await asyncio.gather(*calls, *refused))[:8]
    numbers = sorted(memo["number"] for memo in memos if isinstance(memo, dict))
    assert numbers == [f"CM-{n:06d}" for n in range(1, 9)]
    data = await shop.query("{ numberSeriesAudit(series: CREDIT_MEMO) { isUnbroken } }")
    assert data["numberSeriesAudit"]["isUnbroken"]
    assert await verify(database, shop.company) == []


async def test_two_credits_of_the_last_piece(shop: Shop, database: Database) -> None:
    """M5, reliability.md 5 case 23: at the same moment only one of them is given."""
    bill = await billed(shop, ("apple", 1))
    values = {"cause": "MANUAL", "items": [part(bill, "apple", "1")]}
    found = await asyncio.gather(
        *[shop.client.mutate("creditMemoIssue", "creditMemo { id }", values, shop.staff) for _ in range(6)]
    )
    errors = [payload["userErrors"] for payload in found]
    assert sum(not one for one in errors) == 1
    assert {e["code"] for one in errors for e in one} == {"EXCEEDS_CREDITABLE"}
    assert await verify(database, shop.company) == []


async def test_a_customer_sees_their_own_credit_only(shop: Shop) -> None:
    """P8: a foreign memo looks like one that does not exist."""
    memo = await goodwill(shop, "5.00")
    assert (await read_memo(shop, memo["id"]))["number"] == "CM-000001"
    stranger = shop.shopper()
    query = "query ($id: ID!) { creditMemo(by: {id: $id}) { number } creditMemos { nodes { number } } }"
    data = await shop.client.query(query, {"id": memo["id"]}, stranger)
    assert data == {"creditMemo": None, "creditMemos": {"nodes": []}}
    order = await shop.placed(("apple", 1))
    await sold(shop, order["id"])
