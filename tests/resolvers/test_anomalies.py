"""What should be put right, and what may be billed now: the two lists of a billing clerk (PK-25, X-25)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.queries.anomalies import anomaly_list
from tests.bills import advanced, issued
from tests.bulk.calls import bulk, refusals
from tests.client import Json
from tests.credits import billed, credited, part
from tests.plans import plan
from tests.shop import Shop, open_shop

FIELDS = "kind documentType documentId number quantity amount { amount currencyCode } order { number }"


async def anomalies(shop: Shop, *kinds: str) -> list[Json]:
    """The list, newest first."""
    query = f"query ($filter: AnomalyFilter) {{ anomalies(filter: $filter) {{ nodes {{ {FIELDS} }} }} }}"
    found: list[Json] = (await shop.query(query, filter={"kind": list(kinds)} if kinds else None))["anomalies"]["nodes"]
    return found


async def kinds(shop: Shop) -> list[str]:
    """Just what is odd."""
    return [one["kind"] for one in await anomalies(shop)]


async def test_an_unpaid_cash_sale_is_told_until_it_is_paid(shop: Shop) -> None:
    """X-25, PK-17: never blocked, never hidden."""
    order = await shop.placed(("apple", 1))
    tenders = [{"method": "CASH", "amount": "2"}]
    sale = (await shop.did("cashSaleIssue", "cashSale { id number }", orderId=order["id"], tenders=tenders))["cashSale"]
    assert await anomalies(shop) == [
        {
            "kind": "CASH_SALE_UNPAID", "documentType": "CashSale", "documentId": sale["id"], "number": sale["number"],
            "quantity": None, "amount": {"amount": "10", "currencyCode": "EUR"}, "order": {"number": order["number"]},
        }
    ]  # fmt: skip
    rest = {"customerId": shop.customer_id, "kind": "REGULAR", "tenders": [{"method": "CASH", "amount": "10"}]}
    await shop.did("paymentRecord", **rest, allocations=[{"cashSaleId": sale["id"]}])
    assert await anomalies(shop) == []


async def test_what_is_billed_too_much_is_told_until_it_is_credited(shop: Shop) -> None:
    """I-4: an item that was cancelled after it was billed; C-30 gives the quantity that is left."""
    bill = await billed(shop, ("apple", 10))
    items = [{"orderItemId": bill["order"]["items"][0]["id"], "quantity": "3"}]
    await shop.did("orderItemCancel", orderId=bill["order"]["id"], items=items, reason="less")
    (found,) = await anomalies(shop)
    assert (found["kind"], found["documentType"], found["quantity"]) == ("BILLED_TOO_MUCH", "Order", "3")
    await credited(shop, part(bill, "apple", "3"), cause="CANCELLED_QUANTITY")
    assert await anomalies(shop) == []


async def test_what_is_paid_but_not_billed_is_told_until_it_is_billed(shop: Shop) -> None:
    order = await shop.placed(("apple", 10))
    await advanced(shop, "119", orderId=order["id"])
    assert await anomalies(shop) == []
    await advanced(shop, "1", orderId=order["id"])
    (found,) = await anomalies(shop)
    assert (found["kind"], found["amount"]["amount"]) == ("PAID_UNBILLED", "120")
    await issued(shop, order["id"])
    assert await anomalies(shop) == []


async def test_a_proforma_that_nobody_swept_is_told(shop: Shop, database: Database) -> None:
    """X-24: between its last moment and the sweeper's next round."""
    order = await shop.placed(("apple", 1), typeCode="PF")
    assert await anomalies(shop) == []
    async with database.write_engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(minutes=1)
        await connection.execute(
            text("UPDATE orders SET expires_at = :past WHERE expires_at IS NOT NULL"), {"past": past}
        )
    (found,) = await anomalies(shop)
    assert (found["kind"], found["order"]["number"]) == ("PROFORMA_EXPIRED", order["number"])


async def test_kinds_are_chosen_and_pages_go_on(shop: Shop) -> None:
    for sku in ("apple", "pear"):
        await shop.did("cashSaleIssue", orderId=(await shop.placed((sku, 1)))["id"], tenders=[
            {"method": "CASH", "amount": "1"}
        ])  # fmt: skip
    order = await shop.placed(("apple", 10))
    await advanced(shop, "120", orderId=order["id"])
    assert sorted(await kinds(shop)) == ["CASH_SALE_UNPAID", "CASH_SALE_UNPAID", "PAID_UNBILLED"]
    assert len(await anomalies(shop, "PAID_UNBILLED")) == 1
    assert await anomalies(shop, "BILLED_TOO_MUCH") == []
    shown = "nodes { number } pageInfo { endCursor hasNextPage }"
    query = f"query ($after: String) {{ anomalies(first: 1, after: $after) {{ {shown} }} }}"
    seen: list[str] = []
    after, page = None, {}
    for _ in range(3):
        page = (await shop.query(query, after=after))["anomalies"]
        seen += [node["number"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (len(set(seen)), page["pageInfo"]["hasNextPage"]) == (3, False)


async def test_anomalies_are_of_ones_own_company(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await shop.did("cashSaleIssue", orderId=order["id"], tenders=[{"method": "CASH", "amount": "1"}])
    other = await open_shop(shop.client)
    assert (len(await anomalies(shop)), await anomalies(other)) == (1, [])
    answer = await shop.client.execute("{ anomalies { nodes { kind } } }", {}, shop.member("orders:read"))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_anomalies_are_found_by_indexes(shop: Shop, database: Database) -> None:
    """api.md 4: no table is read as a whole."""
    told = await plan(database, anomaly_list(shop.staff, None).limit(10))
    assert "Seq Scan" not in told, told


TO_BILL = """query { orders(
  filter: {billingStatus: {in: [UNBILLED, PARTIAL]}, state: {in: [PLACED, ACKNOWLEDGED, COMPLETED]}},
  first: 100) { nodes { id isOnHold } } }"""


@pytest.mark.parametrize("mode", ["ALL_OR_NOTHING", "BEST_EFFORT"])
async def test_the_pending_list_is_billed_at_once(shop: Shop, mode: str) -> None:
    """PK-25, N-15: what the list shows is invoiced in one call; three rows cannot be, and stay on it."""
    orders = [await shop.placed(("apple", 1)) for _ in range(8)]
    done = await shop.placed(("apple", 1))
    await issued(shop, done["id"])
    for order in orders[:3]:
        await shop.did("orderHold", orderId=order["id"], scope="BILLING", reason="odd")
    listed = [node["id"] for node in (await shop.query(TO_BILL))["orders"]["nodes"]]
    assert set(listed) == {order["id"] for order in orders}
    payload = await bulk(shop, "invoiceIssue", [{"orderId": id_} for id_ in listed], mode, "invoice { number }")
    assert list(refusals(payload).values()) == [["ON_HOLD"]] * 3
    left = {node["id"] for node in (await shop.query(TO_BILL))["orders"]["nodes"]}
    assert left == ({order["id"] for order in orders[:3]} if mode == "BEST_EFFORT" else set(listed))
