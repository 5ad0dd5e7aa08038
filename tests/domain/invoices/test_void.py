"""invoiceVoid: an invoice is taken back as a whole by a credit memo; both numbers stay (X-7, C-38, C-39)."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, balances, issued, paid
from tests.client import Json
from tests.credits import billed, credited, part
from tests.scenarios.books import balance, summary
from tests.shop import Shop

FIELDS = """
  invoice { number state openBalance { amount } voidedBy { number } availableTransitions { name isAllowed } }
  creditMemo { number cause reason hasReopenedBilling total { amount } balance { amount } }
"""


async def void(shop: Shop, invoice: Json, fields: str = FIELDS) -> Json:
    """The invoice and its memo."""
    return await shop.did("invoiceVoid", fields, invoiceId=invoice["id"], reason="wrong buyer")


async def test_a_void_invoice_keeps_its_number_and_its_order_is_billed_anew(shop: Shop, database: Database) -> None:
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"])
    made = await void(shop, invoice)
    assert made["invoice"] == {
        "number": "INV-000001", "state": "VOIDED", "openBalance": {"amount": "0"}, "voidedBy": {"number": "CM-000001"},
        "availableTransitions": [
            {"name": "invoiceConfirm", "isAllowed": False}, {"name": "invoiceVoid", "isAllowed": False},
        ],
    }  # fmt: skip
    assert made["creditMemo"] == {
        "number": "CM-000001", "cause": "INVOICE_VOID", "reason": "wrong buyer", "hasReopenedBilling": True,
        "total": {"amount": "120"}, "balance": {"amount": "0"},
    }  # fmt: skip
    assert (await summary(shop, order["id"]), await balance(shop)) == ("committed, unbilled, unpaid, credited", [])
    assert (await issued(shop, order["id"]))["number"] == "INV-000002"
    assert (await summary(shop, order["id"]), await balance(shop)) == (
        "committed, invoiced, unpaid, partly credited",
        ["120"],
    )
    assert (await balances(shop))["RECEIVABLE"] == "120"
    assert await verify(database, shop.company) == []


async def test_what_was_credited_before_is_not_credited_again(shop: Shop, database: Database) -> None:
    bill = await billed(shop, ("apple", 10))
    await credited(shop, part(bill, "apple", "4"))
    made = await void(shop, bill["invoice"])
    assert made["creditMemo"]["total"]["amount"] == "72"
    assert await verify(database, shop.company) == []


async def test_nothing_is_left_of_what_is_credited_as_a_whole(shop: Shop) -> None:
    bill = await billed(shop, ("apple", 10))
    await credited(shop, part(bill, "apple", "10"))
    assert await shop.refused("invoiceVoid", invoiceId=bill["invoice"]["id"], reason="late") == ["EXCEEDS_CREDITABLE"]


async def test_money_is_taken_off_first(shop: Shop, database: Database) -> None:
    """The case of domain.md 3: paid in full, deallocated, voided: unpaid and unbilled."""
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"])
    payment = await paid(shop, invoice["id"], "120")
    refused = {"invoiceId": invoice["id"], "reason": "late"}
    assert await shop.refused("invoiceVoid", **refused) == ["PAYMENT_ALLOCATED"]
    read = "query ($id: ID!) { invoice(by: {id: $id}) { availableTransitions { name isAllowed blockers { code } } } }"
    (found,) = [
        one
        for one in (await shop.query(read, id=invoice["id"]))["invoice"]["availableTransitions"]
        if one["name"] == "invoiceVoid"
    ]
    assert (found["isAllowed"], found["blockers"]) == (False, [{"code": "PAYMENT_ALLOCATED"}])
    await shop.did("paymentDeallocate", paymentId=payment["id"])
    await void(shop, invoice)
    order = await shop.order(order["id"])
    assert (order["paymentStatus"], order["billingStatus"]) == ("UNPAID", "UNBILLED")
    assert await verify(database, shop.company) == []


async def test_an_advance_pays_the_next_invoice(shop: Shop, database: Database) -> None:
    order = await shop.placed(("apple", 10))
    advance = await advanced(shop, "120", orderId=order["id"])
    await void(shop, await issued(shop, order["id"]))
    again = await issued(shop, order["id"])
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": again["id"]}])
    assert await summary(shop, order["id"]) == "committed, invoiced, paid, partly credited"
    assert await verify(database, shop.company) == []


async def test_a_void_invoice_stays_void(shop: Shop) -> None:
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    made = await void(shop, invoice, "creditMemo { id }")
    assert await shop.refused("invoiceVoid", invoiceId=invoice["id"], reason="again") == ["INVALID_TRANSITION"]
    assert await shop.refused("creditMemoVoid", creditMemoId=made["creditMemo"]["id"]) == ["MEMO_USED"]


async def test_a_reason_is_given(shop: Shop) -> None:
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    assert await shop.refused("invoiceVoid", invoiceId=invoice["id"], reason=" ") == ["REASON_REQUIRED"]


async def test_nobody_voids_by_crediting(shop: Shop) -> None:
    """The cause belongs to invoiceVoid, which has a state to set."""
    bill = await billed(shop, ("apple", 1))
    values = {"cause": "INVOICE_VOID", "items": [part(bill, "apple", "1")]}
    assert await shop.refused("creditMemoIssue", **values) == ["INVALID_INPUT"]
