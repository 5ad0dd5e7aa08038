"""Merging customers: one history from then on, while everything issued names whom it named (KS-23, KS-24)."""

from typing import Any

from gql_sales.db.engine import Database
from gql_sales.db.event_log import last_place, read_events, read_places
from gql_sales.db.logged_events import LoggedEvent, Position, Wanted, may_see
from gql_sales.domain.verify import verify
from gql_sales.kernel.principals import Principal
from tests.bills import INVOICE_FIELDS, PAYMENT, advanced, issued, paid, payment_values, sold
from tests.client import Json
from tests.credits import goodwill
from tests.race.checks import at_once
from tests.sales_story import place_all
from tests.shop import ADDRESS, Shop
from tests.snapshot import snapshot

FIELDS = "customer { id state version mergedInto { id } }"
RECORD = """query ($id: ID!) { customer(by: {id: $id}) { state version mergedInto { id } mergedRecords { nodes { id } }
    balance { amount } advances { amount } credits { amount } orders { nodes { id customer { id } } }
    invoices { nodes { id buyer { name } } } cashSales { nodes { id } } payments { nodes { id } }
    creditMemos { nodes { id } } timeline { nodes { ... on TimelineEvent { type documentId } } }
    availableTransitions { name isAllowed } } }"""


async def record(shop: Shop, id_: str) -> Json:
    """A customer record with all its history."""
    found: Json = (await shop.query(RECORD, id=id_))["customer"]
    return found


async def another(shop: Shop, name: str = "A. Byron", **values: Any) -> str:
    """A second record."""
    made = await shop.did("customerCreate", "customer { id }", **{"kind": "STAFF_CREATED", "name": name, **values})
    id_: str = made["customer"]["id"]
    return id_


async def merge(shop: Shop, loser: str, winner: str) -> Json:
    """The merged record."""
    made = await shop.did("customerMerge", FIELDS, customerId=loser, intoCustomerId=winner)
    customer: Json = made["customer"]
    return customer


def ids(page: Json) -> set[str]:
    """Of the page's objects."""
    return {node["id"] for node in page["nodes"]}


async def test_the_winner_has_the_history_of_both_and_nothing_issued_changes(shop: Shop, database: Database) -> None:
    winner, loser = shop.customer_id, await another(shop)
    own = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    order = await shop.placed(("apple", 10), customerId=loser)
    theirs = await issued(shop, order["id"])
    shop.customer_id = loser
    money = await paid(shop, theirs["id"], "20")
    advance = await advanced(shop, "5")
    memo = await goodwill(shop, "3")
    sale = await sold(shop, (await shop.placed(("apple", 1), customerId=loser))["id"])
    invoice = f"query ($id: ID!) {{ invoice(by: {{id: $id}}) {{ {INVOICE_FIELDS} customer {{ id name }} }} }}"
    before = await shop.query(invoice, id=theirs["id"])
    assert await merge(shop, loser, winner) == {
        "id": loser, "state": "MERGED", "version": 2, "mergedInto": {"id": winner},
    }  # fmt: skip
    assert await shop.query(invoice, id=theirs["id"]) == before
    assert before["invoice"]["customer"] == {"id": loser, "name": "A. Byron"}
    found = await record(shop, winner)
    assert ids(found["mergedRecords"]) == {loser}
    assert found["balance"] == [{"amount": "112"}]
    assert found["advances"] == [{"amount": "5"}]
    assert found["credits"] == [{"amount": "3"}]
    assert ids(found["invoices"]) == {own["id"], theirs["id"]}
    assert ids(found["cashSales"]) == {sale["id"]}
    assert ids(found["payments"]) >= {money["id"], advance["id"]}
    assert ids(found["creditMemos"]) == {memo["id"]}
    assert [node["customer"]["id"] for node in found["orders"]["nodes"]] == [loser, loser, winner]
    assert found["timeline"]["nodes"][0] == {"type": "CustomerMerged", "documentId": loser}
    left = await record(shop, loser)
    assert (ids(left["invoices"]), left["balance"]) == ({theirs["id"]}, [{"amount": "100"}])
    assert await verify(database, shop.company) == []


async def test_lists_and_statements_of_the_winner_include_both(shop: Shop) -> None:
    winner, loser = shop.customer_id, await another(shop)
    first = await issued(shop, (await shop.placed(("apple", 1)))["id"], invoicedOn="2026-01-05")
    order = await shop.placed(("apple", 2), customerId=loser)
    second = await issued(shop, order["id"], invoicedOn="2026-01-06")
    lists = """query ($id: ID!) { orders(filter: {customerId: {in: [$id]}}) { nodes { id } }
        invoices(filter: {customerId: {in: [$id]}}) { nodes { id } totalCount { value } }
        customerStatement(customerId: $id) { accounts { closing { amount } lines { number balance { amount } } } } }"""
    before = await shop.query(lists, id=winner)
    assert (ids(before["invoices"]), before["invoices"]["totalCount"]["value"]) == ({first["id"]}, 1)
    await merge(shop, loser, winner)
    found = await shop.query(lists, id=winner)
    assert order["id"] in ids(found["orders"])
    assert (ids(found["invoices"]), found["invoices"]["totalCount"]["value"]) == ({first["id"], second["id"]}, 2)
    (account,) = found["customerStatement"]["accounts"]
    assert account["closing"]["amount"] == "36"
    assert [(line["number"], line["balance"]["amount"]) for line in account["lines"]] == [
        (first["number"], "12"), (second["number"], "36"),
    ]  # fmt: skip
    assert ids((await shop.query(lists, id=loser))["invoices"]) == {second["id"]}


async def test_money_and_credit_of_one_record_settle_bills_of_the_other(shop: Shop, database: Database) -> None:
    """CUSTOMER_MISMATCH before, none after, in both directions; the ledger's receivables stay with the bills."""
    winner, loser = shop.customer_id, await another(shop)
    own = await issued(shop, (await shop.placed(("apple", 10)))["id"])
    theirs = await issued(shop, (await shop.placed(("apple", 10), customerId=loser))["id"])
    advance = await advanced(shop, "30")
    shop.customer_id = loser
    memo = await goodwill(shop, "25")
    spare = await advanced(shop, "8")
    shop.customer_id = winner
    calls: list[tuple[str, Json]] = [
        ("paymentAllocate", {"paymentId": advance["id"], "targets": [{"invoiceId": theirs["id"], "amount": "10"}]}),
        ("paymentAllocate", {"paymentId": spare["id"], "targets": [{"invoiceId": own["id"]}]}),
        ("creditMemoApply", {"creditMemoId": memo["id"], "targets": [{"invoiceId": own["id"]}]}),
        (
            "paymentRecord",
            payment_values(shop, "REGULAR", "5", allocations=[{"invoiceId": theirs["id"], "amount": "5"}]),
        ),
    ]
    for name, values in calls:
        assert await shop.refused(name, **values) == ["CUSTOMER_MISMATCH"], name
    await merge(shop, loser, winner)
    for name, values in calls:
        await shop.did(name, **values)
    assert (await record(shop, winner))["balance"] == [{"amount": "192"}]
    assert (await record(shop, loser))["balance"] == [{"amount": "105"}]
    assert await verify(database, shop.company) == []


async def test_an_advance_may_be_reserved_for_an_order_of_the_other_record(shop: Shop, database: Database) -> None:
    loser = await another(shop)
    order = await shop.placed(("apple", 1), customerId=loser)
    values = payment_values(shop, "ADVANCE", "12", orderId=order["id"])
    assert await shop.refused("paymentRecord", **values) == ["CUSTOMER_MISMATCH"]
    await merge(shop, loser, shop.customer_id)
    made = await shop.did("paymentRecord", PAYMENT, **values)
    await issued(shop, order["id"])
    invoice = (await record(shop, loser))["invoices"]["nodes"][0]
    await shop.did("paymentAllocate", paymentId=made["payment"]["id"], targets=[{"invoiceId": invoice["id"]}])
    assert (await shop.order(order["id"]))["paymentStatus"] == "PAID"
    assert await verify(database, shop.company) == []


async def test_a_merged_customer_orders_nothing_new(shop: Shop) -> None:
    winner, loser = shop.customer_id, await another(shop)
    draft = await shop.draft(("apple", 1), customerId=loser)
    advance = await shop.did("paymentRecord", **{
        **payment_values(shop, "ADVANCE", "2", orderId=draft["id"]), "customerId": loser,
    })  # fmt: skip
    assert advance["userErrors"] == []
    await merge(shop, loser, winner)
    assert await shop.refused("orderCreate", **shop.order_values(("apple", 1), customerId=loser)) == [
        "INVALID_TRANSITION",
    ]  # fmt: skip
    fresh = await shop.draft(("apple", 1))
    assert await shop.refused("orderSetCustomer", orderId=fresh["id"], customerId=loser) == ["INVALID_TRANSITION"]
    assert await shop.refused("orderPlace", orderId=draft["id"]) == ["CUSTOMER_REQUIRED"]
    await shop.did("orderSetCustomer", orderId=draft["id"], customerId=winner)
    await shop.did("orderPlace", orderId=draft["id"])


async def test_an_order_placed_before_is_shipped_and_billed(shop: Shop) -> None:
    winner, loser = shop.customer_id, await another(shop)
    order = await shop.placed(("apple", 1), customerId=loser)
    await merge(shop, loser, winner)
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["BOOK", "FINALIZE"])
    invoice = await issued(shop, order["id"])
    assert invoice["buyer"]["name"] == "A. Byron"
    assert invoice["id"] in ids((await record(shop, winner))["invoices"])


async def test_merging_again_leaves_one_link_to_follow(shop: Shop) -> None:
    first, second, third = shop.customer_id, await another(shop), await another(shop, "Ada")
    order = await shop.placed(("apple", 1))
    await merge(shop, first, second)
    assert await merge(shop, second, third) == {
        "id": second, "state": "MERGED", "version": 2, "mergedInto": {"id": third},
    }  # fmt: skip
    found = await record(shop, third)
    assert ids(found["mergedRecords"]) == {first, second}
    assert ids(found["orders"]) == {order["id"]}
    assert (await record(shop, first))["mergedInto"] == {"id": third}
    assert ids((await record(shop, second))["orders"]) == set()


async def test_what_cannot_be_merged(shop: Shop, database: Database) -> None:
    winner, loser, other = shop.customer_id, await another(shop), await another(shop, "Bob")

    async def refused(customer: str, into: str) -> list[str]:
        return await shop.refused("customerMerge", customerId=customer, intoCustomerId=into)

    assert await refused(loser, loser) == ["INVALID_INPUT"]
    assert await refused(loser, "cus_" + "0" * 32) == ["NOT_FOUND"]
    await merge(shop, loser, winner)
    before = await snapshot(database)
    assert await refused(loser, other) == ["INVALID_TRANSITION"]
    assert await refused(other, loser) == ["INVALID_TRANSITION"]
    for name in ("customerUpdate", "customerAddressSave"):
        values: Json = {"customerId": loser, "address": ADDRESS} if "Address" in name else {"customerId": loser}
        assert await shop.refused(name, **values) == ["INVALID_TRANSITION"]
    assert await snapshot(database) == before
    told = {one["name"]: one["isAllowed"] for one in (await record(shop, loser))["availableTransitions"]}
    assert [name for name, is_allowed in told.items() if is_allowed] == ["customerTimelineAdd"]
    await shop.did("customerTimelineAdd", customerId=loser, kind="NOTE", text="Merged by mistake?")


async def test_the_login_that_is_left_sees_both_and_the_other_none(shop: Shop) -> None:
    """A2, and reliability case 40 over every edge: documents of the merged record are the winner's, for reading too."""
    eve, twin = shop.shopper(), shop.shopper()
    records = {}
    for principal in (eve, twin):
        made = await shop.client.did(
            "customerCreate", "customer { id }", {"name": "E", "email": "e@example.com"}, principal
        )
        records[principal] = made["customer"]["id"]
    order = await shop.placed(("apple", 1), customerId=records[twin])
    await issued(shop, order["id"])
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["BOOK", "FINALIZE"])
    mine = """{ orders { nodes { id shipments { id } invoices { id } customer { mergedInto { name } } } }
        invoices { nodes { id } } customers { nodes { state } } }"""
    assert (await shop.client.query(mine, None, eve))["orders"]["nodes"] == []
    await merge(shop, records[twin], records[eve])
    found = await shop.client.query(mine, None, eve)
    (seen,) = found["orders"]["nodes"]
    assert (seen["id"], len(seen["shipments"]), len(seen["invoices"])) == (order["id"], 1, 1)
    assert seen["customer"]["mergedInto"] == {"name": "E"}
    assert len(found["invoices"]["nodes"]) == 1
    assert [node["state"] for node in found["customers"]["nodes"]] == ["MERGED", "ACTIVE"]
    assert await shop.client.query(mine, None, twin) == {
        "orders": {"nodes": []}, "invoices": {"nodes": []}, "customers": {"nodes": []},
    }  # fmt: skip
    made = await shop.client.did("orderCreate", "order { customer { id } }", {"channelId": shop.channel_id}, eve)
    assert made["order"]["customer"] == {"id": records[eve]}


async def test_events_of_the_merged_record_reach_the_login_that_is_left(shop: Shop, database: Database) -> None:
    """E4: who may hear of an order is judged by the record that stands for its customer now."""
    eve, twin = shop.shopper(), shop.shopper()
    records = []
    for principal in (eve, twin):
        values = {"name": "E", "email": "e@example.com"}
        made = await shop.client.did("customerCreate", "customer { id }", values, principal)
        records.append(made["customer"]["id"])
    await shop.draft(("apple", 1), customerId=records[1])
    await place_all(database)

    async def heard(principal: Principal) -> list[str]:
        found = await read_events(database, principal, Wanted("Order"), Position(0), 100)
        assert all(may_see(principal, event) for event in found)
        assert [event for event in await everything(database) if may_see(principal, event)] == found
        return [event.type for event in found]

    assert (await heard(eve), await heard(twin)) == ([], ["OrderCreated"])
    await merge(shop, records[1], records[0])
    assert (await heard(eve), await heard(twin)) == (["OrderCreated"], [])


async def everything(database: Database) -> list[LoggedEvent]:
    """What the one reader of a process hears of all orders."""
    found = await read_places(database, 0, await last_place(database))
    return [event for event in found if event.document_type == "Order"]


async def test_the_only_login_does_not_end(shop: Shop) -> None:
    eve = shop.shopper()
    made = await shop.client.did("customerCreate", "customer { id }", {"name": "E", "email": "e@example.com"}, eve)
    registered, entered = made["customer"]["id"], shop.customer_id
    values = {"customerId": registered, "intoCustomerId": entered}
    assert await shop.refused("customerMerge", **values) == ["INVALID_INPUT"]
    await merge(shop, entered, registered)


async def test_records_merged_in_a_circle_at_once_end_up_in_one(shop: Shop, database: Database) -> None:
    """Three records, each merged into the next at the same time: no deadlock is told, no circle is left."""
    records = [shop.customer_id, await another(shop), await another(shop)]
    for _ in range(3):
        pairs = [(one, records[(index + 1) % 3]) for index, one in enumerate(records)]
        found = await at_once(
            shop.client.mutate("customerMerge", "", {"customerId": one, "intoCustomerId": other}, shop.staff)
            for one, other in pairs
        )
        codes = {error["code"] for payload in found for error in payload["userErrors"]}
        assert codes <= {"INVALID_TRANSITION"}
    states = [(await record(shop, one))["state"] for one in records]
    assert sorted(states) == ["ACTIVE", "MERGED", "MERGED"]
    assert await verify(database, shop.company) == []


async def test_the_list_of_customers_may_leave_merged_ones_out(shop: Shop) -> None:
    loser = await another(shop)
    await merge(shop, loser, shop.customer_id)
    query = "query ($states: [CustomerState!]) { customers(filter: {state: {in: $states}}) { nodes { id } } }"
    assert ids((await shop.query(query))["customers"]) == {loser, shop.customer_id}
    assert ids((await shop.query(query, states=["ACTIVE"]))["customers"]) == {shop.customer_id}
    assert ids((await shop.query(query, states=["MERGED"]))["customers"]) == {loser}
