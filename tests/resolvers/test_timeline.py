"""The timeline of a customer: whatever the log tells of them and their documents, page by page (KS-23, KS-29)."""

from dataclasses import replace
from typing import Any

from gql_sales.db.engine import Database
from gql_sales.db.pages import Window
from gql_sales.db.queries.nested import NESTED
from gql_sales.kernel.ids import decode_id, new_id
from gql_sales.kernel.principals import Principal
from tests.bills import advanced, issued, paid, ship, sold
from tests.client import Json
from tests.plans import plan
from tests.shop import Shop
from tests.test_reading import statements

ITEMS = """nodes { id actor occurredAt ... on TimelineEntry { text }
    ... on TimelineEvent { type documentType documentId documentVersion document { __typename id } } }"""
PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount { value exact }"
TIMELINE = f"""query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {{
    customer(by: {{id: $id}}) {{ timeline(first: $first, after: $after, last: $last, before: $before) {{
        {ITEMS} {PAGE} }} }} }}"""


async def timeline(shop: Shop, principal: Principal | None = None, **values: Any) -> Json:
    """A page of the timeline of the shop's customer."""
    data = await shop.client.query(TIMELINE, {"id": shop.customer_id, **values}, principal or shop.staff)
    page: Json = data["customer"]["timeline"]
    return page


async def test_everything_that_names_the_customer_is_told(shop: Shop) -> None:
    """Orders, shipments, bills and money, each with the document it is about; nothing of another customer."""
    order = await shop.placed(("apple", 2))
    await ship(shop, order, ("apple", 2))
    invoice = await issued(shop, order["id"])
    await paid(shop, invoice["id"], "24")
    other = await shop.placed(("pear", 1))
    sale = await sold(shop, other["id"])
    advance = await advanced(shop, "5")
    stranger = await shop.did("customerCreate", "customer { id }", name="Bob", kind="STAFF_CREATED")
    await shop.placed(("pear", 1), customerId=stranger["customer"]["id"])
    items = (await timeline(shop, first=100))["nodes"]
    assert [item["type"] for item in items][:1] + [item["type"] for item in items][-1:] == [
        "PaymentReceived", "CustomerCreated",
    ]  # fmt: skip
    told = {(item["type"], item["documentId"]) for item in items}
    shipment = next(item for item in items if item["type"] == "ShipmentFinalized")
    assert told >= {
        ("OrderPlaced", order["id"]),
        ("InvoiceIssued", invoice["id"]),
        ("CashSaleIssued", sale["id"]),
        ("PaymentReceived", advance["id"]),
        ("ShipmentBooked", shipment["documentId"]),
    }
    assert shipment["document"] == {"__typename": "Shipment", "id": shipment["documentId"]}
    assert [item["type"] for item in items].count("OrderPlaced") == 2
    assert {item["actor"] for item in items} == {shop.staff.key}


async def test_pages_forwards_and_backwards_meet_every_item_once(shop: Shop) -> None:
    """Events and entries in one sequence, which no page border breaks."""
    for number in range(3):
        await shop.draft(("apple", 1))
        await shop.did("customerTimelineAdd", customerId=shop.customer_id, kind="NOTE", text=str(number))
    whole = [item["id"] for item in (await timeline(shop))["nodes"]]
    assert len(set(whole)) == len(whole) == 7
    forwards: list[str] = []
    after = None
    while True:
        page = await timeline(shop, first=2, after=after)
        forwards += [item["id"] for item in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forwards == whole
    assert page["totalCount"] == {"value": 7, "exact": True}
    back = await timeline(shop, last=3, before=page["pageInfo"]["startCursor"])
    assert [item["id"] for item in back["nodes"]] == whole[3:6]
    assert back["pageInfo"]["hasPreviousPage"] is True


async def test_a_cursor_is_bound_to_its_customer(shop: Shop) -> None:
    """api.md 4."""
    cursor = (await timeline(shop, first=1))["pageInfo"]["endCursor"]
    made = await shop.did("customerCreate", "customer { id }", name="Bob", kind="STAFF_CREATED")
    answer = await shop.client.execute(TIMELINE, {"id": made["customer"]["id"], "after": cursor}, shop.staff)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"]
    assert (await timeline(shop, after=cursor))["nodes"] == []


async def test_a_page_of_customers_takes_as_many_statements_as_one(shop: Shop, database: Database) -> None:
    """C-45: pages below, their lengths, and the documents of their items."""
    for _ in range(5):
        made = await shop.did("customerCreate", "customer { id }", name="Bob", kind="STAFF_CREATED")
        await shop.draft(("apple", 1), customerId=made["customer"]["id"])
    query = f"""query ($first: Int) {{ customers(first: $first) {{ nodes {{
        timeline(first: 3) {{ {ITEMS} totalCount {{ value }} }} }} }} }}"""
    with statements(database) as one:
        (newest,) = (await shop.query(query, first=1))["customers"]["nodes"]
    with statements(database) as six:
        nodes = (await shop.query(query, first=6))["customers"]["nodes"]
    assert len(one) == len(six)
    assert nodes[0] == newest
    assert [node["timeline"]["totalCount"]["value"] for node in nodes] == [2, 2, 2, 2, 2, 1]
    assert [[item["type"] for item in node["timeline"]["nodes"]] for node in nodes[4:]] == [
        ["OrderCreated", "CustomerCreated"], ["CustomerCreated"],
    ]  # fmt: skip


async def test_who_is_bound_to_channels_hears_of_these(shop: Shop) -> None:
    """Visible are the customer's own events, those of the channel, and those of money that was used in it (A3)."""
    made = await shop.did(
        "channelCreate", "channel { id }", code="shop", name="Shop", kind="EPOS", currencyCode="EUR", poolCode="main"
    )
    order = await shop.placed(("apple", 1))
    elsewhere = await advanced(shop, "3")
    await paid(shop, (await issued(shop, order["id"]))["id"], "12")
    await shop.did("orderCreate", channelId=made["channel"]["id"], customerId=shop.customer_id)
    bound = replace(shop.staff, channel_ids=frozenset({decode_id("Channel", shop.channel_id)}))
    seen = (await timeline(shop, bound))["nodes"]
    whole = (await timeline(shop))["nodes"]
    hidden = [item for item in whole if item not in seen]
    assert [item["type"] for item in hidden] == ["OrderCreated", "PaymentReceived"]
    assert hidden[1]["documentId"] == elsewhere["id"]
    assert [item["type"] for item in seen] == [
        "PaymentReceived", "InvoiceIssued", "OrderPlaced", "OrderCreated", "CustomerCreated",
    ]  # fmt: skip


async def test_a_document_of_another_scope_is_named_but_not_shown(shop: Shop) -> None:
    await shop.placed(("apple", 1))
    reader = shop.member("customers:read", "customers.timeline:read")
    newest, *_ = (await timeline(shop, reader))["nodes"]
    assert (newest["type"], newest["documentType"], newest["document"]) == ("OrderPlaced", "Order", None)
    (same, *_) = (await timeline(shop))["nodes"]
    assert same["document"] == {"__typename": "Order", "id": newest["documentId"]}


MANY_NOTES = """
INSERT INTO timeline_entries (id, customer_id, kind, text, actor, occurred_at, created_at)
SELECT gen_random_uuid(), (SELECT id FROM customers LIMIT 1), 'NOTE', 'x', 'test', now(), now()
FROM generate_series(1, 5000)"""


async def test_a_timeline_is_read_by_indexes(shop: Shop, database: Database) -> None:
    """The log of a shop is long, that of a customer is short (api.md 4)."""
    window = Window(25, is_backwards=False, after=(new_id(),), before=None)
    told = await plan(database, NESTED["Customer.timeline"].page(shop.staff, window), MANY_NOTES, ids=[new_id()])
    assert "ix_events_customer" in told
    assert "ix_timeline_entries_customer_id_id" in told
