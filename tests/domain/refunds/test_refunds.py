"""refundRequest, refundIssue, refundComplete, refundFail: always out of a credit memo, never more than came in (P6)."""

import asyncio
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gql_sales.db.engine import Database
from gql_sales.db.models.payments import Tender
from gql_sales.domain.refunds.payout import refundable, spread
from gql_sales.domain.verify import verify
from tests.bills import balances
from tests.client import Json
from tests.credits import MEMO, REFUND, billed, credited, goodwill, part, read_memo
from tests.scenarios.books import entries
from tests.shop import Shop


async def requested(shop: Shop, memo: Json, **values: object) -> Json:
    """A refund of the memo."""
    payload = await shop.did("refundRequest", REFUND, creditMemoId=memo["id"], **values)
    refund: Json = payload["refund"]
    return refund


async def test_back_to_the_tender_that_paid(shop: Shop, database: Database) -> None:
    """BA-44, BA-51, posting table: the memo first, then the money; KS-34's fourth event."""
    bill = await billed(shop, ("apple", 10), pay="120.00")
    memo = await credited(shop, part(bill, "apple", "3"))
    refund = await requested(shop, memo)
    assert (refund["number"], refund["state"], refund["amount"]["amount"]) == ("RF-000001", "REQUESTED", "36")
    assert refund["tenders"] == [
        {"method": "CARD", "tenderId": bill["payment"]["tenders"][0]["id"], "amount": {"amount": "36"}}
    ]
    pending = await read_memo(shop, memo["id"])
    assert (pending["balance"]["amount"], pending["refundPending"]["amount"]) == ("0", "36")
    paid = await shop.did("refundComplete", REFUND, refundId=refund["id"], reference="psp-1")
    assert (paid["refund"]["state"], paid["refund"]["reference"]) == ("PAID", "psp-1")
    done = await read_memo(shop, memo["id"])
    assert (done["refundPending"]["amount"], done["refunded"]["amount"], done["usageStatus"]) == ("0", "36", "FULL")
    assert await entries(shop, refund["id"]) == [("REFUNDING", {"CUSTOMER_CREDIT": "36", "CASH": "-36"})]
    assert (await balances(shop))["CASH"] == "84"
    order = await shop.order(bill["order"]["id"])
    assert (order["due"]["amount"], order["paid"]["amount"], order["paymentStatus"]) == ("84", "84", "PAID")
    assert await verify(database, shop.company) == []


async def test_a_failed_refund_is_credit_again(shop: Shop, database: Database) -> None:
    """Refund failed: its entry is reversed, the tender can take the money once more."""
    bill = await billed(shop, ("apple", 1), pay="12.00")
    memo = await credited(shop, part(bill, "apple", "1"))
    refund = await requested(shop, memo)
    failed = await shop.did("refundFail", REFUND, refundId=refund["id"], reason="Account closed")
    assert (failed["refund"]["state"], failed["refund"]["failureReason"]) == ("FAILED", "Account closed")
    assert failed["refund"]["creditMemo"]["balance"]["amount"] == "12"
    assert await shop.refused("refundComplete", refundId=refund["id"]) == ["INVALID_TRANSITION"]
    again = await requested(shop, memo, then=["COMPLETE"])
    assert (again["state"], again["number"]) == ("PAID", "RF-000002")
    assert (await balances(shop))["CASH"] == "0"
    assert await verify(database, shop.company) == []


async def test_both_in_one_step(shop: Shop, database: Database) -> None:
    """X-11, KS-34: refundIssue makes the memo and consumes it; what settles an open bill is not refunded."""
    bill = await billed(shop, ("apple", 10), pay="60.00")
    fields = f"{MEMO} {REFUND}"
    values = {"cause": "LOST_CONSIGNMENT", "items": [part(bill, "apple", "7")]}
    made = await shop.did("refundIssue", fields, **values, then=["COMPLETE"])
    memo, refund = made["creditMemo"], made["refund"]
    assert (memo["total"]["amount"], memo["applied"]["amount"], refund["amount"]["amount"]) == ("84", "60", "24")
    assert (refund["state"], memo["refunded"]["amount"]) == ("PAID", "24")
    open_bill = await billed(shop, ("apple", 1))
    values = {"cause": "MANUAL", "items": [part(open_bill, "apple", "1")]}
    assert await shop.refused("refundIssue", **values) == ["EXCEEDS_BALANCE"]
    assert await verify(database, shop.company) == []


async def test_what_no_tender_takes_needs_a_method(shop: Shop, database: Database) -> None:
    """X-21: a rebate was never paid in; a mixed memo goes back to the tender as far as it paid."""
    memo = await goodwill(shop, "5.00")
    assert await shop.refused("refundRequest", creditMemoId=memo["id"]) == ["INVALID_INPUT"]
    refund = await requested(shop, memo, method="BANK_TRANSFER")
    assert [(way["method"], way["tenderId"]) for way in refund["tenders"]] == [("BANK_TRANSFER", None)]
    bill = await billed(shop, ("apple", 1), pay="12.00")
    lines = [{"description": "For the trouble", "unitPrice": "3.00"}]
    values = {"cause": "MANUAL", "items": [part(bill, "apple", "1")], "lines": lines, "method": "BANK_TRANSFER"}
    made = await shop.did("refundIssue", REFUND, **values)
    ways = [(way["method"], way["amount"]["amount"]) for way in made["refund"]["tenders"]]
    assert sorted(ways) == [("BANK_TRANSFER", "3"), ("CARD", "12")]
    assert await verify(database, shop.company) == []


async def test_ways_that_the_caller_chooses(shop: Shop, database: Database) -> None:
    """P6, M1, C-28: exactly the amount, to a tender at most what is left of it; part now, part later."""
    bill = await billed(shop, ("apple", 2), pay="24.00")
    memo = await credited(shop, part(bill, "apple", "2"))
    card = bill["payment"]["tenders"][0]["id"]
    values = {"creditMemoId": memo["id"]}
    wrong: list[tuple[Json, str]] = [
        ({"payout": [{"tenderId": card, "amount": "24.01"}]}, "EXCEEDS_BALANCE"),
        ({"amount": "10.00", "payout": [{"tenderId": card, "amount": "9.00"}]}, "TENDER_SUM_MISMATCH"),
        ({"payout": [{"amount": "1.00"}]}, "INVALID_INPUT"),
        ({"payout": [{"tenderId": "tnd_" + "0" * 32, "amount": "1.00"}]}, "NOT_FOUND"),
        ({"amount": "0"}, "INVALID_AMOUNT"),
        ({"amount": "24.01"}, "EXCEEDS_BALANCE"),
    ]
    for choice, code in wrong:
        assert await shop.refused("refundRequest", **values, **choice) == [code], choice
    payout = [{"tenderId": card, "amount": "10.00"}, {"method": "CASH", "amount": "4.00"}]
    refund = await requested(shop, memo, payout=payout)
    assert sorted((way["method"], way["amount"]["amount"]) for way in refund["tenders"]) == [
        ("CARD", "10"),
        ("CASH", "4"),
    ]
    rest = await requested(shop, memo, amount="10.00")
    assert [(way["method"], way["amount"]["amount"]) for way in rest["tenders"]] == [("CARD", "10")]
    more = await goodwill(shop, "30.00")
    codes = await shop.refused("refundRequest", creditMemoId=more["id"], payout=[{"tenderId": card, "amount": "4.01"}])
    assert codes == ["EXCEEDS_CAPTURED"]
    await requested(shop, more, payout=[{"tenderId": card, "amount": "4.00"}])
    assert await verify(database, shop.company) == []


async def test_a_tender_of_somebody_else_takes_nothing(shop: Shop) -> None:
    bob = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    made = await shop.did(
        "paymentRecord",
        "payment { tenders { id } }",
        customerId=bob["customer"]["id"],
        kind="ADVANCE",
        tenders=[{"method": "CASH", "amount": "9.00"}],
    )
    memo = await goodwill(shop, "5.00")
    payout = [{"tenderId": made["payment"]["tenders"][0]["id"], "amount": "5.00"}]
    assert await shop.refused("refundRequest", creditMemoId=memo["id"], payout=payout) == ["CUSTOMER_MISMATCH"]


async def test_refunds_at_the_limit_from_many_sides(shop: Shop, database: Database) -> None:
    """M1 (R5): 300 at once of 5.00 out of 100.00 credit over one tender of 60.00: exactly 12 by it, and no more."""
    bill = await billed(shop, ("apple", 5), pay="60.00")
    card = bill["payment"]["tenders"][0]["id"]
    memos = [await goodwill(shop, "100.00"), await goodwill(shop, "100.00")]

    async def ask(number: int) -> Json:
        payout = [{"tenderId": card, "amount": "5.00"}]
        values = {"creditMemoId": memos[number % 2]["id"], "payout": payout}
        return await shop.client.mutate("refundRequest", "", values, shop.staff)

    found = await asyncio.gather(*[ask(number) for number in range(300)])
    codes = [error["code"] for payload in found for error in payload["userErrors"]]
    assert codes == ["EXCEEDS_CAPTURED"] * 288
    assert await verify(database, shop.company) == []


@given(
    amounts=st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=8),
    share=st.floats(0, 1),
)
def test_a_spread_is_exact_and_within_every_tender(amounts: list[tuple[int, int]], share: float) -> None:
    """N-13, C-28: for any tenders and any amount that fits, the parts sum to it and none takes more than is left."""
    tenders = [Tender(method="CARD", amount=paid, refunded_amount=min(back, paid)) for paid, back in amounts]
    amount = int(Decimal(share) * sum(refundable(tender) for tender in tenders))
    ways = spread(tenders, amount)
    assert sum(way.amount for way in ways) == amount
    assert all(way.tender is not None and 0 < way.amount <= refundable(way.tender) for way in ways)


async def test_each_part_needs_its_own_scope(shop: Shop) -> None:
    """refundIssue is no way around the right to credit, COMPLETE none around the right to pay."""
    values = {
        "idempotencyKey": "a-key-of-sixteen-or-more",
        "cause": "MANUAL",
        "customerId": shop.customer_id,
        "lines": [{"description": "Goodwill", "unitPrice": "1.00"}],
        "method": "CASH",
        "then": ["COMPLETE"],
    }
    query = "mutation ($input: RefundIssueInput!) { refundIssue(input: $input) { userErrors { code } } }"
    scopes = {"credit_memos:issue", "refunds:request", "refunds:complete"}
    for missing in sorted(scopes):
        answer = await shop.client.execute(query, {"input": values}, shop.member(*scopes - {missing}))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"], missing
    await shop.client.query(query, {"input": values}, shop.member(*scopes))


async def test_why_a_refund_failed_is_said(shop: Shop) -> None:
    """The same code for every missing reason (domain.md 10)."""
    memo = await goodwill(shop, "10.00")
    made = await shop.did("refundRequest", REFUND, creditMemoId=memo["id"], method="CASH")
    refund = made["refund"]["id"]
    assert await shop.refused("refundFail", refundId=refund, reason=" ") == ["REASON_REQUIRED"]
    await shop.did("refundFail", REFUND, refundId=refund, reason="nobody there")
