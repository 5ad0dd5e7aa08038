"""The history of an order, what each event changed of it, and the order as it was at any instant (N-6, N-11)."""

from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type, is_leaf_type
from sqlalchemy import text

from gql_sales.api import schema_files
from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.db.pages import Window
from gql_sales.db.queries.nested import NESTED
from gql_sales.kernel.ids import decode_id, new_id
from gql_sales.kernel.principals import Principal
from gql_sales.schema.history import TOLD
from tests.bills import advanced, issued, paid, ship
from tests.client import Json
from tests.plans import plan
from tests.shop import ADDRESS, Shop
from tests.test_reading import statements

SCHEMA = build_schema(schema_files()["schema.graphql"])
OF_TODAY = {"asOf", "orderId", "customerId", "orderItemId", "items"}
HISTORY = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { order(by: {id: $id}) {
    history(first: $first, after: $after, last: $last, before: $before) {
        nodes { id type occurredAt actor documentType documentId orderVersion
            changes { documentType documentId field before after } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount { value } } } }"""
AS_OF = "query ($id: ID!, $at: DateTime!) {{ orderAsOf(by: {{id: $id}}, at: $at) {{ {} }} }}"


def selection(name: str) -> str:
    """Everything of a snapshot type that the type of today has too."""
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    fields = []
    for field, definition in type_.fields.items():
        inner = get_named_type(definition.type)
        if field in OF_TODAY:
            continue
        fields.append(field if is_leaf_type(inner) else f"{field} {{ {selection(inner.name)} }}")
    return " ".join(fields)


FACTS, ITEM_FACTS = selection("OrderSnapshotInfo"), selection("OrderItemSnapshotInfo")


async def now(shop: Shop, order_id: str) -> Json:
    """The order as it is."""
    query = f"query ($id: ID!) {{ order(by: {{id: $id}}) {{ {FACTS} customer {{ id }} items {{ id {ITEM_FACTS} }} }} }}"
    order: Json = (await shop.query(query, id=order_id))["order"]
    order["customerId"] = (order.pop("customer") or {}).get("id")
    return order


async def then(shop: Shop, order_id: str, at: str, principal: Principal | None = None) -> Json | None:
    """The order as it was, in the same words."""
    query = AS_OF.format(f"{FACTS} customerId items {{ id: orderItemId {ITEM_FACTS} }}")
    data = await shop.client.query(query, {"id": order_id, "at": at}, principal or shop.staff)
    found: Json | None = data["orderAsOf"]
    return found


async def history(shop: Shop, order_id: str, principal: Principal | None = None, **values: Any) -> Json:
    """A page of the order's history."""
    data = await shop.client.query(HISTORY, {"id": order_id, **values}, principal or shop.staff)
    page: Json = data["order"]["history"]
    return page


async def told_story(shop: Shop) -> tuple[str, list[Json]]:
    """A long life of an order, and the order after each step of it."""
    order = await shop.draft(("apple", 5), ("pear", 2), ("delivery", 1))
    id_, seen = order["id"], []
    items = {item["sku"]: item["id"] for item in order["items"]}

    async def did(name: str, /, **values: Any) -> None:
        await shop.did(name, "", **{"orderId": id_, **values})
        seen.append(await now(shop, id_))

    seen.append(await now(shop, id_))
    await did("orderItemRemove", orderItemId=items["pear"])
    await did("orderItemUpdate", orderItemId=items["apple"], quantity="6")
    await did("orderItemAdd", items=[{"productId": shop.products["pear"], "quantity": "3"}])
    await did("orderSetAddresses", billingAddress={**ADDRESS, "city": "Hamburg"})
    await did("orderPlace")
    await did("orderHold", reason="Check the price", scope="BILLING")
    holds = await shop.query("query ($id: ID!) { order(by: {id: $id}) { holds { id } items { id sku } } }", id=id_)
    items = {item["sku"]: item["id"] for item in holds["order"]["items"]}
    await did("orderRelease", holdId=holds["order"]["holds"][0]["id"], reason="Right")
    await did("orderItemUpdate", orderItemId=items["apple"], quantity="7", unitPrice="9.50")
    await did("orderAcknowledge")
    await did("allocationCreate")
    await advanced(shop, "10", orderId=id_)
    seen.append(await now(shop, id_))
    placed = {"id": id_, "items": [{"sku": sku, "id": item} for sku, item in items.items()]}
    await ship(shop, placed, ("apple", 4))
    seen.append(await now(shop, id_))
    invoice = await issued(shop, id_)
    seen.append(await now(shop, id_))
    await paid(shop, invoice["id"], "20")
    seen.append(await now(shop, id_))
    lines = await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { items { id sku } } }", id=invoice["id"])
    credit = [{"invoiceItemId": line["id"], "quantity": "1"} for line in lines["invoice"]["items"][:1]]
    await shop.did("creditMemoIssue", "", cause="PRICE_CORRECTION", items=credit)
    seen.append(await now(shop, id_))
    await ship(shop, placed, ("apple", 3), ("pear", 3))
    seen.append(await now(shop, id_))
    return id_, seen


async def test_an_order_is_shown_as_it_was_after_each_step_of_a_long_story(shop: Shop) -> None:
    """N-11: field by field, from the draft to its completion."""
    id_, seen = await told_story(shop)
    assert len({order["state"] for order in seen}) >= 4
    assert [order["version"] for order in seen] == sorted({order["version"] for order in seen})
    for order in seen:
        assert await then(shop, id_, order["updatedAt"]) == order
    assert await then(shop, id_, "2999-01-01T00:00:00Z") == seen[-1]
    assert await then(shop, id_, "2020-01-01T00:00:00Z") is None


async def test_the_history_tells_each_event_and_what_it_changed(shop: Shop) -> None:
    id_, seen = await told_story(shop)
    nodes = (await history(shop, id_, first=100))["nodes"]
    assert [node["orderVersion"] for node in nodes] == list(range(seen[-1]["version"], 0, -1))
    types = [node["type"] for node in nodes]
    assert types[-1] == "OrderCreated"
    assert {"OrderPlaced", "OrderHeld", "ShipmentFinalized", "InvoiceIssued", "PaymentReceived"} <= set(types)
    about = {(node["type"], node["documentType"]) for node in nodes}
    assert {("InvoiceIssued", "Invoice"), ("ShipmentFinalized", "Shipment"), ("OrderPlaced", "Order")} <= about
    by_type = {node["type"]: node for node in reversed(nodes)}

    def changed(type_: str) -> dict[str, tuple[str | None, str | None]]:
        found = by_type[type_]["changes"]
        return {one["field"]: (one["before"], one["after"]) for one in found if one["documentType"] == "Order"}

    assert changed("OrderPlaced")["state"] == ("OPEN", "PLACED")
    assert changed("OrderPlaced")["number"] == (None, seen[-1]["number"])
    assert changed("InvoiceIssued")["billingStatus"][0] == "UNBILLED"
    assert changed("OrderHeld") == {"holds": ("", "BILLING"), "summary": (changed("OrderHeld")["summary"])}
    priced = next(
        node
        for node in nodes
        if any(one["field"] == "unitPrice" for one in node["changes"]) and node["type"] == "OrderChanged"
    )
    assert {"field": "unitPrice", "before": "10", "after": "9.5"}.items() <= next(
        one for one in priced["changes"] if one["field"] == "unitPrice"
    ).items()
    removed = next(node for node in reversed(nodes) if node["type"] == "OrderChanged")
    assert {(one["field"], one["before"], one["after"]) for one in removed["changes"]} >= {
        ("sku", "pear", None), ("orderedQuantity", "2", None), ("net", "59.9", "54.9"),
    }  # fmt: skip


async def test_pages_of_a_history_go_both_ways(shop: Shop) -> None:
    id_, _ = await told_story(shop)
    whole = [node["id"] for node in (await history(shop, id_, first=100))["nodes"]]
    forwards: list[str] = []
    after = None
    while True:
        page = await history(shop, id_, first=4, after=after)
        forwards += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forwards == whole
    assert page["totalCount"]["value"] == len(whole) > 10
    back = await history(shop, id_, last=3, before=page["pageInfo"]["startCursor"])
    start = whole.index(page["nodes"][0]["id"])
    assert [node["id"] for node in back["nodes"]] == whole[start - 3 : start]


async def test_histories_of_orders_take_as_many_statements_as_that_of_one(shop: Shop, database: Database) -> None:
    """C-45."""
    for _ in range(4):
        await shop.placed(("apple", 1))
    query = """query ($first: Int) { orders(first: $first) { nodes {
        history(first: 2) { nodes { type changes { field } } totalCount { value } } } } }"""
    with statements(database) as one:
        await shop.query(query, first=1)
    with statements(database) as four:
        nodes = (await shop.query(query, first=4))["orders"]["nodes"]
    assert len(one) == len(four)
    assert [len(node["history"]["nodes"]) for node in nodes] == [2] * 4


async def test_a_shopper_is_told_no_more_than_an_order_shows_them(shop: Shop) -> None:
    """A3: not who of staff did it, not what stops it, not where it comes from; and nothing of others' orders."""
    eve = shop.shopper()
    values = {"name": "Eve", "email": "eve@example.com", "addresses": [ADDRESS]}
    made = await shop.client.did("customerCreate", "customer { id }", values, eve)
    order = await shop.draft(("apple", 1), customerId=made["customer"]["id"])
    await shop.did("orderSetWarehouse", orderId=order["id"], warehouseId=shop.warehouse_ids[0])
    await shop.did("orderPlace", orderId=order["id"])
    await shop.did("orderHold", orderId=order["id"], reason="Odd", scope="ALL")

    async def fields(principal: Principal) -> set[str]:
        nodes = (await history(shop, order["id"], principal))["nodes"]
        return {one["field"] for node in nodes for one in node["changes"]}

    hidden = {"holds", "defaultWarehouse"}
    assert await fields(shop.staff) - await fields(eve) == hidden
    assert {node["actor"] for node in (await history(shop, order["id"], eve))["nodes"]} == {None}
    assert (await then(shop, order["id"], "2999-01-01T00:00:00Z", eve)) is not None
    stranger = shop.shopper()
    assert await then(shop, order["id"], "2999-01-01T00:00:00Z", stranger) is None
    assert (await shop.client.query(HISTORY, {"id": order["id"]}, stranger))["order"] is None


BEFORE_DIFFERENCES = """UPDATE events SET data = data - 'changes'
WHERE document_ids @> ARRAY[CAST(:id AS uuid)] AND type = 'OrderPlaced'"""


async def as_superuser(urls: Urls, statement: str, order_id: str) -> None:
    """Change what nobody may change."""
    owner = Database(urls.owner)
    async with owner.write_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await connection.execute(text(statement), {"id": decode_id("Order", order_id)})
        await connection.execute(text("ALTER TABLE events ENABLE TRIGGER USER"))
    await owner.close()


async def codes(shop: Shop, order_id: str, at: str) -> list[str]:
    """The errors of asking for the order as it was."""
    answer = await shop.client.execute(AS_OF.format("number"), {"id": order_id, "at": at}, shop.staff)
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


async def test_what_was_not_recorded_is_refused_and_not_made_up(shop: Shop, database_urls: Urls) -> None:
    """Events from before differences were kept are listed without them, and no state before them is shown."""
    order = await shop.draft(("apple", 1))
    drafted = await now(shop, order["id"])
    await shop.did("orderPlace", orderId=order["id"])
    placed = await now(shop, order["id"])
    await shop.did("orderHold", orderId=order["id"], reason="Odd", scope="ALL")
    assert await codes(shop, order["id"], drafted["updatedAt"]) == []
    await as_superuser(database_urls, BEFORE_DIFFERENCES, order["id"])
    assert await codes(shop, order["id"], drafted["updatedAt"]) == ["HISTORY_INCOMPLETE"]
    assert await then(shop, order["id"], placed["updatedAt"]) == placed
    changes = [node["changes"] for node in (await history(shop, order["id"]))["nodes"]]
    assert [found is None for found in changes] == [False, True, False]


async def test_a_value_that_no_event_tells_of_is_noticed(shop: Shop, database: Database) -> None:
    order = await shop.draft(("apple", 1))
    drafted = await now(shop, order["id"])
    await shop.did("orderPlace", orderId=order["id"])
    async with database.write_engine.begin() as connection:
        statement = text("UPDATE orders SET summary = 'made up' WHERE id = :id")
        await connection.execute(statement, {"id": decode_id("Order", order["id"])})
    assert await codes(shop, order["id"], drafted["updatedAt"]) == ["HISTORY_INCOMPLETE"]


@pytest.mark.parametrize("type_name", ["Order", "OrderItem"])
def test_every_change_names_a_field_that_there_is(type_name: str) -> None:
    type_ = SCHEMA.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    assert {told.field for told in TOLD[type_name].values()} <= set(type_.fields)


MANY_EVENTS = """
INSERT INTO events (id, company_id, type, document_type, document_id, document_version, document_ids, document_versions,
    document_types, actor, causation_id, occurred_at, data)
SELECT gen_random_uuid(), (SELECT id FROM companies LIMIT 1), 'OrderChanged', 'Order', d.id, 1, ARRAY[d.id], ARRAY[1],
    ARRAY['Order'], 'test', d.id, now(), '{}' FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 20000)) d"""


async def test_a_history_reads_the_events_of_its_order_only(shop: Shop, database: Database) -> None:
    """In a long log: by the index of named documents, never along the ids of all events."""
    window = Window(25, is_backwards=False, after=(new_id(),), before=None)
    for statement in (NESTED["Order.history"].page(shop.staff, window), NESTED["Order.history"].count(shop.staff)):
        told = await plan(database, statement, MANY_EVENTS, ids=[new_id()])
        assert "ix_events_documents" in told
        assert "pk_events" not in told
        assert "Seq Scan on events" not in told
