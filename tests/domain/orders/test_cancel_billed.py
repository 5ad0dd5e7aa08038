"""orderCancel with a settlement: a billed order is cancelled, credited and refunded in one step (X-19, BA-95)."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import balances
from tests.client import key
from tests.credits import MEMO, REFUND, billed, credited, part
from tests.scenarios.books import available
from tests.shop import ORDER, Shop
from tests.snapshot import snapshot

FIELDS = f"{ORDER} {MEMO} {REFUND}"


async def test_without_a_settlement_a_billed_order_stands(shop: Shop, database: Database) -> None:
    """X-19: NONE is the default; told are the items that are billed, and the memo is the way out."""
    bill = await billed(shop, ("apple", 2), ("delivery", 1))
    before = await snapshot(database)
    assert await shop.refused("orderCancel", orderId=bill["order"]["id"], reason="no") == ["ALREADY_BILLED"] * 2
    assert await snapshot(database) == before


async def test_credit_for_all_that_is_billed(shop: Shop, database: Database) -> None:
    """CREDIT: an unpaid bill is settled by it, goods and charges are cancelled, the stock is free again."""
    bill = await billed(shop, ("apple", 2), ("delivery", 1))
    values = {"orderId": bill["order"]["id"], "reason": "Changed my mind", "settlement": "CREDIT"}
    made = await shop.did("orderCancel", FIELDS, **values)
    order, memo = made["order"], made["creditMemo"]
    assert (order["state"], order["summary"]) == ("CANCELLED", "cancelled, paid, credited")
    assert (order["due"]["amount"], order["outstanding"]["amount"]) == ("0", "0")
    assert (memo["cause"], memo["total"]["amount"], memo["applied"]["amount"]) == (
        "CANCELLED_QUANTITY",
        "29.88",
        "29.88",
    )
    assert (memo["reason"], memo["hasReopenedBilling"], made["refund"]) == ("Changed my mind", True, None)
    assert [item["openQuantity"] for item in order["items"]] == ["0", "0"]
    assert await available(shop, "apple") == "50"
    assert set((await balances(shop)).values()) <= {"0", "24.9", "-24.9"}
    assert await shop.refused("invoiceIssue", orderId=order["id"]) == ["INVALID_TRANSITION"]
    assert await verify(database, shop.company) == []


async def test_refund_of_what_was_paid(shop: Shop, database: Database) -> None:
    """REFUND, BA-95: the paid part goes back to where it came from, the open part is settled; one transaction."""
    bill = await billed(shop, ("apple", 2), pay="20.00")
    values = {"orderId": bill["order"]["id"], "reason": "Out of business", "settlement": "REFUND"}
    made = await shop.did("orderCancel", FIELDS, **values)
    assert (made["creditMemo"]["applied"]["amount"], made["creditMemo"]["refundPending"]["amount"]) == ("4", "20")
    assert (made["refund"]["state"], made["refund"]["amount"]["amount"]) == ("REQUESTED", "20")
    assert [way["tenderId"] for way in made["refund"]["tenders"]] == [bill["payment"]["tenders"][0]["id"]]
    assert made["order"]["summary"] == "cancelled, paid, credited"
    assert await verify(database, shop.company) == []


async def test_only_what_is_left_is_credited(shop: Shop, database: Database) -> None:
    """C-42, C-27: what was credited before is not credited twice, whatever was paid."""
    bill = await billed(shop, ("apple", 3), ("delivery", 2), pay="47.76")
    await credited(shop, part(bill, "apple", "1"), part(bill, "delivery", "1"))
    values = {"orderId": bill["order"]["id"], "reason": "no", "settlement": "REFUND"}
    made = await shop.did("orderCancel", FIELDS, **values)
    assert (made["creditMemo"]["total"]["amount"], made["refund"]["amount"]["amount"]) == ("29.88", "29.88")
    assert [(i["cancelledQuantity"], i["openQuantity"]) for i in made["order"]["items"]] == [("3", "0"), ("1", "0")]
    assert await verify(database, shop.company) == []


async def test_cash_sales_and_their_invoices(shop: Shop, database: Database) -> None:
    """PK-15: the pair of cash sale and invoice is credited once."""
    for is_invoiced in (False, True):
        order = await shop.placed(("apple", 1))
        sale = await shop.did("cashSaleIssue", "cashSale { id }", orderId=order["id"], paymentMethod="CASH")
        if is_invoiced:
            await shop.did("cashSaleInvoice", cashSaleId=sale["cashSale"]["id"])
        made = await shop.did("orderCancel", FIELDS, orderId=order["id"], reason="no", settlement="REFUND")
        assert (made["creditMemo"]["total"]["amount"], made["refund"]["amount"]["amount"]) == ("12", "12")
        assert made["refund"]["tenders"][0]["method"] == "CASH"
    assert await verify(database, shop.company) == []


async def test_goods_that_left_do_not_come_back_by_cancelling(shop: Shop) -> None:
    """X-19: shipped goods need a return, also with a settlement."""
    order = await shop.draft(("apple", 1), then=["PLACE", "SHIP", "BILL"])
    values = {"orderId": order["id"], "reason": "no", "settlement": "CREDIT"}
    assert await shop.refused("orderCancel", **values) == ["INVALID_TRANSITION"]
    part_shipped = await shop.placed(("apple", 2))
    items = [{"orderItemId": part_shipped["items"][0]["id"], "quantity": "1"}]
    warehouse = shop.warehouse_ids[0]
    await shop.did(
        "shipmentCreate", orderId=part_shipped["id"], warehouseId=warehouse, items=items, then=["BOOK", "FINALIZE"]
    )
    values["orderId"] = part_shipped["id"]
    assert await shop.refused("orderCancel", **values) == ["ALREADY_SHIPPED"]


async def test_an_order_that_is_not_billed_needs_no_settlement(shop: Shop, database: Database) -> None:
    """The settlement says what becomes of bills; without any, it changes nothing."""
    order = await shop.placed(("apple", 1))
    made = await shop.did("orderCancel", FIELDS, orderId=order["id"], reason="no", settlement="REFUND")
    assert (made["order"]["summary"], made["creditMemo"], made["refund"]) == ("cancelled, paid", None, None)
    assert await verify(database, shop.company) == []


async def test_settling_needs_the_scopes_of_crediting_and_refunding(shop: Shop) -> None:
    """Whoever may not credit is told beforehand that a billed order cannot be cancelled (N-1)."""
    bill = await billed(shop, ("apple", 1), pay="12.00")
    seller = shop.member("orders:read", "orders:cancel")
    query = """query ($id: ID!) { order(by: {id: $id}) { availableTransitions { name blockers { code } } } }"""
    data = await shop.client.query(query, {"id": bill["order"]["id"]}, seller)
    told = {t["name"]: [b["code"] for b in t["blockers"]] for t in data["order"]["availableTransitions"]}
    assert told["orderCancel"] == ["ALREADY_BILLED"]
    query = "mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { code } } }"
    values = {"idempotencyKey": key(), "orderId": bill["order"]["id"], "reason": "no", "settlement": "REFUND"}
    creditor = shop.member("orders:read", "orders:cancel", "credit_memos:issue")
    answer = await shop.client.execute(query, {"input": values}, creditor)
    assert answer["errors"][0]["extensions"]["requiredScopes"] == [["refunds:request"]]
    payer = shop.member("orders:read", "orders:cancel", "credit_memos:issue", "refunds:request")
    await shop.client.query(query, {"input": values}, payer)
