"""What broke elsewhere and has no test beside a verb: one each, by the ids of spec/known-failures.md."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import issued
from tests.client import Json, key
from tests.credits import REFUND, billed, credited, goodwill, part, read_memo
from tests.scenarios.books import available, level
from tests.shop import Shop


async def test_every_promise_has_its_rows(shop: Shop, database: Database) -> None:
    """C-2: of many orders that are placed at once none is without its allocation."""
    await shop.set_policy("allocateOn", "PLACE")
    orders = await asyncio.gather(*[shop.placed(("apple", 2)) for _ in range(20)])
    query = "query ($id: ID!) { order(by: {id: $id}) { allocations { state quantity } } }"
    for order in orders:
        rows = (await shop.query(query, id=order["id"]))["order"]["allocations"]
        assert rows == [{"state": "ALLOCATED", "quantity": "2"}]
    assert await level(shop, "apple") == ("50", "40", "0")
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("stock_pools SET committed = on_hand_sellable + 1", "committed_within_on_hand"),
        ("stock_pools SET committed = -1", "committed_not_negative"),
        ("stock_levels SET allocated = on_hand + 1", "allocated_within_on_hand"),
        ("stock_levels SET on_hand = -1", "stock_levels"),
    ],
)
async def test_the_rows_guard_themselves(shop: Shop, database: Database, change: str, constraint: str) -> None:
    """C-6, C-10: whoever writes past all workflows and locks is refused by the database, with the server's own role."""
    await shop.placed(("apple", 1))
    with pytest.raises(Exception, match=constraint):
        async with database.write_engine.begin() as connection:
            await connection.execute(text(f"UPDATE {change}"))
    async with database.write_engine.begin() as connection:
        await connection.execute(text("UPDATE stock_pools SET committed = committed"))


async def test_a_sale_is_whole_or_not_there(shop: Shop, database: Database) -> None:
    """C-11: the last of its steps fails, and nothing of the others is left; with the right money all of it is there."""
    tenders = [{"method": "CARD", "amount": "12.01"}]
    bill: Json = {"document": "INVOICE", "tenders": tenders}
    values = shop.order_values(("apple", 1), then=["PLACE", "SHIP", "BILL"], externalRef="whole", bill=bill)
    assert await shop.refused("orderCreate", **values) == ["EXCEEDS_OPEN_BALANCE"]
    assert (await level(shop, "apple"), await available(shop, "apple")) == (("50", "0", "0"), "50")
    count = "{ orders { totalCount { value } } payments { totalCount { value } } invoices { totalCount { value } } }"
    assert await counts(shop, count) == [0, 0, 0]
    tenders[0]["amount"] = "12.00"
    await shop.did("orderCreate", **values)
    assert (await level(shop, "apple"), await counts(shop, count)) == (("49", "0", "0"), [1, 1, 1])
    assert await verify(database, shop.company) == []


async def counts(shop: Shop, query: str) -> list[int]:
    """The total of each list of the query."""
    return [one["totalCount"]["value"] for one in (await shop.query(query)).values()]


async def test_a_draft_that_is_completed_twice_is_promised_once(shop: Shop, database: Database) -> None:
    """C-12: both calls meet at the draft; one places it, and its items are promised once."""
    draft = await shop.draft(("apple", 30))
    answers = await asyncio.gather(
        *[shop.client.mutate("orderPlace", "", {"orderId": draft["id"]}, shop.staff) for _ in range(2)]
    )
    told = sorted([error["code"] for error in answer["userErrors"]] for answer in answers)
    assert told == [[], ["INVALID_TRANSITION"]]
    assert await available(shop, "apple") == "20"
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize(("shortage", "is_refused"), [("REJECT", True), ("COMMIT_PARTIAL", False)])
async def test_every_step_answers_alike_what_can_be_promised(shop: Shop, shortage: str, *, is_refused: bool) -> None:
    """C-17, C-20: availability, blockers, dry run and placement agree; only the policy decides what shortage means."""
    await shop.set_policy("commitShortage", shortage)
    draft = await shop.draft(("apple", 51))
    assert await available(shop, "apple") == "50"
    query = "query ($id: ID!) { order(by: {id: $id}) { availableTransitions { name isAllowed blockers { code } } } }"
    offered = (await shop.query(query, id=draft["id"]))["order"]["availableTransitions"]
    (place,) = [one for one in offered if one["name"] == "orderPlace"]
    expected = ["INSUFFICIENT_STOCK"] if is_refused else []
    assert (place["isAllowed"], [one["code"] for one in place["blockers"]]) == (not is_refused, expected)
    for is_dry in (True, False):
        values: dict[str, Any] = {"orderId": draft["id"], "dryRun": is_dry}
        payload = await shop.client.mutate("orderPlace", "", values, shop.staff)
        assert [error["code"] for error in payload["userErrors"]] == expected
    assert await available(shop, "apple") == ("50" if is_refused else "0")


async def test_a_refund_tells_which_items_it_is_for(shop: Shop) -> None:
    """C-33: who finances the purchase needs the lines of what goes back, and they sum to it."""
    bill = await billed(shop, ("apple", 3), ("pear", 2), pay="42")
    memo = await credited(shop, part(bill, "apple", "2"), part(bill, "pear", "1"))
    made = await shop.did("refundRequest", REFUND, creditMemoId=memo["id"])
    query = """query ($id: ID!) { refund(by: {id: $id}) { amount { amount }
      creditMemo { items { sku quantity gross { amount } } } } }"""
    refund = (await shop.query(query, id=made["refund"]["id"]))["refund"]
    items = refund["creditMemo"]["items"]
    assert [(item["sku"], item["quantity"]) for item in items] == [("apple", "2"), ("pear", "1")]
    assert sum(float(item["gross"]["amount"]) for item in items) == float(refund["amount"]["amount"])


async def test_a_refund_that_is_asked_for_again_runs_once(shop: Shop, database: Database) -> None:
    """C-34: eight copies of one request, at once and afterwards, are one refund; another key is another one."""
    memo = await goodwill(shop, "10.00")
    values = {"creditMemoId": memo["id"], "amount": "4.00", "method": "CASH", "idempotencyKey": key()}

    async def ask() -> Json:
        return await shop.client.mutate("refundRequest", "refund { id }", values, shop.staff)

    copies = [*await asyncio.gather(*[ask() for _ in range(8)]), await ask()]
    assert [payload["userErrors"] for payload in copies] == [[]] * 9
    assert len({payload["refund"]["id"] for payload in copies}) == 1
    assert (await read_memo(shop, memo["id"]))["refundPending"]["amount"] == "4"
    await shop.did("refundRequest", **{**values, "idempotencyKey": key()})
    assert (await read_memo(shop, memo["id"]))["refundPending"]["amount"] == "8"
    assert await verify(database, shop.company) == []


async def test_a_deleted_draft_leaves_no_hole(shop: Shop) -> None:
    """C-38: a draft has no number to lose, neither of orders nor of invoices."""
    numbers = []
    for _ in range(3):
        thrown_away = await shop.draft(("apple", 1))
        assert thrown_away["number"] is None
        await shop.did("orderDelete", orderId=thrown_away["id"])
        order = await shop.placed(("apple", 1))
        numbers.append((order["number"], (await issued(shop, order["id"]))["number"]))
    assert numbers == [(f"S-{n:06d}", f"INV-{n:06d}") for n in (1, 2, 3)]
