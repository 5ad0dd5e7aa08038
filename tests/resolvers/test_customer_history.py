"""What a customer ordered, was billed and paid, page by page below the customer (KS-23, KS-24)."""

from typing import Any

import pytest

from gql_sales.db.engine import Database
from gql_sales.db.pages import Window
from gql_sales.db.queries.nested import NESTED
from gql_sales.kernel.ids import new_id
from gql_sales.kernel.principals import Principal
from tests.bills import advanced, issued, paid, sold
from tests.client import Json
from tests.credits import goodwill
from tests.plans import plan
from tests.shop import ADDRESS, Shop
from tests.test_reading import statements

HISTORY = """orders(first: 3) { nodes { id } pageInfo { hasNextPage } totalCount { value exact } }
    invoices(first: 3) { nodes { id } totalCount { value } }
    open: invoices(isOpen: true) { nodes { id } totalCount { value } }
    cashSales { nodes { id } totalCount { value } } payments { nodes { id } totalCount { value } }
    creditMemos { nodes { id } totalCount { value } } refunds { nodes { id } totalCount { value } }"""
FIELDS = ["orders", "invoices", "cashSales", "payments", "creditMemos", "refunds"]


async def history(shop: Shop, principal: Principal | None = None) -> Json:
    """What the shop's customer has."""
    query = f"query ($id: ID!) {{ customer(by: {{id: $id}}) {{ {HISTORY} }} }}"
    data = await shop.client.query(query, {"id": shop.customer_id}, principal or shop.staff)
    found: Json = data["customer"]
    return found


def ids(page: Json) -> list[str]:
    """Of the page's objects."""
    return [node["id"] for node in page["nodes"]]


async def test_a_customer_has_all_their_documents_newest_first(shop: Shop) -> None:
    orders = [await shop.placed(("apple", 1)) for _ in range(4)]
    first, second = [await issued(shop, order["id"]) for order in orders[:2]]
    money = await paid(shop, first["id"], "12")
    sale = await sold(shop, orders[2]["id"])
    advance = await advanced(shop, "1")
    stranger = await shop.did("customerCreate", "customer { id }", name="Bob", kind="STAFF_CREATED")
    await shop.draft(("apple", 1), customerId=stranger["customer"]["id"])
    memo = await goodwill(shop, "5")
    refund = await shop.did(
        "refundRequest", "refund { id }", creditMemoId=memo["id"], payout=[{"method": "BANK_TRANSFER", "amount": "5"}]
    )
    found = await history(shop)
    assert ids(found["creditMemos"]) == [memo["id"]]
    assert ids(found["refunds"]) == [refund["refund"]["id"]]
    assert ids(found["orders"]) == [order["id"] for order in reversed(orders[1:])]
    assert found["orders"]["pageInfo"]["hasNextPage"] is True
    assert found["orders"]["totalCount"] == {"value": 4, "exact": True}
    assert ids(found["invoices"]) == [second["id"], first["id"]]
    assert ids(found["open"]) == [second["id"]]
    assert ids(found["cashSales"]) == [sale["id"]]
    assert (ids(found["payments"])[0], ids(found["payments"])[-1]) == (advance["id"], money["id"])
    assert [found[name]["totalCount"]["value"] for name in ("invoices", "open", "cashSales", "payments")] == [
        2,
        1,
        1,
        3,
    ]
    shop.customer_id = stranger["customer"]["id"]
    assert [found["totalCount"]["value"] for found in (await history(shop)).values()] == [1, 0, 0, 0, 0, 0, 0]


async def test_a_page_goes_on_where_the_last_one_ended(shop: Shop) -> None:
    whole = [(await shop.draft(("apple", 1)))["id"] for _ in range(5)][::-1]
    query = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { customer(by: {id: $id}) {
        orders(first: $first, after: $after, last: $last, before: $before) {
            nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""

    async def page(**values: Any) -> Json:
        found: Json = (await shop.query(query, id=shop.customer_id, **values))["customer"]["orders"]
        return found

    one = await page(first=2)
    two = await page(first=2, after=one["pageInfo"]["endCursor"])
    last = await page(first=2, after=two["pageInfo"]["endCursor"])
    assert ids(one) + ids(two) + ids(last) == whole
    assert [found["pageInfo"]["hasNextPage"] for found in (one, two, last)] == [True, True, False]
    back = await page(last=2, before=last["pageInfo"]["startCursor"])
    assert ids(back) == whole[2:4]
    assert back["pageInfo"]["hasPreviousPage"] is True
    end = await page(last=2)
    assert ids(end) == whole[3:]
    assert end["pageInfo"]["hasNextPage"] is False
    answer = await shop.client.execute(query, {"id": shop.customer_id, "first": 101}, shop.staff)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("field", FIELDS)
async def test_lists_below_customers_take_as_many_statements_as_below_one(
    field: str, shop: Shop, database: Database
) -> None:
    """C-45."""
    for _ in range(4):
        made = await shop.did("customerCreate", "customer { id }", name="Bob", kind="STAFF_CREATED")
        shop.customer_id = made["customer"]["id"]
        await issued(shop, (await shop.placed(("apple", 1)))["id"])
        await sold(shop, (await shop.placed(("apple", 1)))["id"])
        memo = await goodwill(shop, "5")
        await shop.did("refundRequest", creditMemoId=memo["id"], payout=[{"method": "BANK_TRANSFER", "amount": "5"}])
    query = f"""query ($first: Int) {{ customers(first: $first) {{ nodes {{ id
        {field}(first: 2) {{ nodes {{ id }} totalCount {{ value }} }} }} }} }}"""
    with statements(database) as one:
        (newest,) = (await shop.query(query, first=1))["customers"]["nodes"]
    with statements(database) as five:
        nodes = (await shop.query(query, first=5))["customers"]["nodes"]
    assert len(one) == len(five)
    assert nodes[0] == newest
    expected = 2 if field == "orders" else 1
    assert [node[field]["totalCount"]["value"] for node in nodes] == [expected] * 4 + [0]
    assert len({node[field]["nodes"][0]["id"] for node in nodes[:4]}) == 4


async def test_a_shopper_has_their_own_history_and_sees_no_other(shop: Shop) -> None:
    """A3: an edge is checked as a node is."""
    eve = shop.shopper()
    values = {"name": "Eve", "email": "eve@example.com", "addresses": [ADDRESS]}
    made = await shop.client.did("customerCreate", "customer { id }", values, eve)
    shop.customer_id = made["customer"]["id"]
    order = await shop.placed(("apple", 1))
    await issued(shop, order["id"])
    found = await history(shop, eve)
    assert ids(found["orders"]) == [order["id"]]
    assert found["open"]["totalCount"]["value"] == 1
    query = f"query ($id: ID!) {{ customer(by: {{id: $id}}) {{ {HISTORY} }} }}"
    assert (await shop.client.query(query, {"id": shop.customer_id}, shop.shopper()))["customer"] is None


@pytest.mark.parametrize("name", sorted(NESTED))
async def test_lists_below_customers_are_read_by_an_index(name: str, shop: Shop, database: Database) -> None:
    """api.md 4."""
    window = Window(25, is_backwards=False, after=None, before=None)
    for statement in (NESTED[name].page(shop.staff, window), NESTED[name].count(shop.staff)):
        told = await plan(database, statement, ids=[new_id()])
        assert "Seq Scan" not in told
        assert any(key in told for key in ("_id = (unnest(", "customer_id = records.owner_key", "document_ids @> "))
