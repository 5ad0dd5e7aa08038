"""What lists offer: operators, and/or/not, several sort keys, free text, one search over everything, work queues."""

from dataclasses import replace
from typing import Any

import pytest

from gql_sales.kernel.ids import decode_id
from tests.client import Json
from tests.shop import Shop, open_shop

ROWS = "nodes { id number externalRef total { amount } }"


async def refs(shop: Shop, arguments: str, **variables: Any) -> list[str]:
    """References of the orders in a list."""
    declared = "($id: [ID!])" if "$id" in arguments else ""
    data = await shop.query(f"query {declared} {{ orders({arguments}) {{ nodes {{ externalRef }} }} }}", **variables)
    return [node["externalRef"] for node in data["orders"]["nodes"]]


@pytest.fixture
async def pool(shop: Shop) -> Shop:
    """Orders A to D of growing value: two drafts and two that are placed, C with the value of B."""
    for ref, quantity, steps in (("A", 1, []), ("B", 2, ["PLACE"]), ("C", 2, []), ("D", 3, ["PLACE"])):
        await shop.draft(("apple", quantity), externalRef=ref, then=steps)
    return shop


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("{state: {in: [PLACED, ACKNOWLEDGED]}}", ["D", "B"]),
        ("{state: {notIn: [OPEN]}}", ["D", "B"]),
        ("{state: {in: []}}", []),
        ("{externalRef: {notIn: [A, B]}}".replace("[A, B]", '["A", "B"]'), ["D", "C"]),
        ("{externalRef: {isNull: true}}", []),
        ("{placedAt: {isNull: true}}", ["C", "A"]),
        ('{placedAt: {gte: "2020-01-01T00:00:00Z"}}', ["D", "B"]),
        ('{documentDate: {lt: "2020-01-01"}}', []),
        ("{not: {state: {in: [OPEN]}}}", ["D", "B"]),
        ('{not: {placedAt: {gte: "2020-01-01T00:00:00Z"}}}', ["C", "A"]),
        ('{or: [{externalRef: {in: ["A"]}}, {state: {in: [PLACED]}}]}', ["D", "B", "A"]),
        ('{and: [{state: {in: [PLACED]}}, {not: {externalRef: {in: ["D"]}}}]}', ["B"]),
        ('{total: {currencyCode: EUR, gt: "13", lte: "30"}}'.replace("EUR", '"EUR"'), ["C", "B"]),
        ('{total: {currencyCode: "USD", gt: "0"}}', []),
        ('{sku: {in: ["APPLE"]}, state: {in: [PLACED]}}', ["D", "B"]),
        ('{sku: {notIn: ["apple"]}}', []),
        ("{queue: {in: [TO_ALLOCATE]}}", ["D", "B"]),
        ("{queue: {notIn: [TO_ALLOCATE]}}", ["C", "A"]),
        ("{commitmentStatus: {in: [FULL]}, paymentStatus: {notIn: [PAID]}}", ["D", "B"]),
    ],
)
async def test_operators(pool: Shop, filter_: str, found: list[str]) -> None:
    assert await refs(pool, f"filter: {filter_}") == found


async def test_orders_are_sorted_by_several_keys_and_paged_in_both_directions(pool: Shop) -> None:
    """Ties are broken by the next key; a mixed order is walked without gap or double, forwards and back."""
    sort = "sort: [{key: TOTAL, direction: ASC}, {key: CREATED_AT, direction: DESC}]"
    assert await refs(pool, sort) == ["A", "C", "B", "D"]
    assert await refs(pool, "sort: [{key: TOTAL}]") == ["D", "C", "B", "A"]
    fields = "nodes { externalRef } pageInfo { endCursor startCursor hasNextPage hasPreviousPage }"
    walked: list[str] = []
    after: str | None = None
    page: Json = {}
    for _ in range(4):
        query = f"query ($after: String) {{ orders({sort}, first: 1, after: $after) {{ {fields} }} }}"
        page = (await pool.query(query, after=after))["orders"]
        walked += [node["externalRef"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (walked, page["pageInfo"]["hasNextPage"]) == (["A", "C", "B", "D"], False)
    query = f"query ($before: String) {{ orders({sort}, last: 2, before: $before) {{ {fields} }} }}"
    back = (await pool.query(query, before=after))["orders"]
    assert [node["externalRef"] for node in back["nodes"]] == ["C", "B"]
    assert (back["pageInfo"]["hasPreviousPage"], back["pageInfo"]["hasNextPage"]) == (True, True)


async def test_a_cursor_belongs_to_one_order_of_the_list(pool: Shop) -> None:
    data = await pool.query("{ orders(first: 1, sort: [{key: TOTAL}]) { pageInfo { endCursor } } }")
    cursor = data["orders"]["pageInfo"]["endCursor"]
    assert await refs(pool, f'sort: [{{key: TOTAL}}], after: "{cursor}"') == ["C", "B", "A"]
    for other in ("", "sort: [{key: TOTAL, direction: ASC}],", 'sort: [{key: TOTAL}], query: "A",'):
        answer = await pool.client.execute(f'{{ orders({other} after: "{cursor}") {{ {ROWS} }} }}', None, pool.staff)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"], other


DEEP = "{not: {not: {not: {not: {state: {in: [OPEN]}}}}}}"
WIDE = "{or: [" + "{state: {in: [OPEN]}}, " * 21 + "]}"


@pytest.mark.parametrize(
    "arguments",
    [
        f"filter: {DEEP}",
        f"filter: {WIDE}",
        "filter: {sku: {in: [" + '"a", ' * 101 + "]}}",
        'filter: {total: {currencyCode: "EUR", gt: "0.001"}}',
        "sort: [{key: TOTAL}, {key: TOTAL}]",
        "sort: [{key: TOTAL}, {key: UPDATED_AT}, {key: PLACED_AT}, {key: CREATED_AT}]",
        'query: "' + "a" * 201 + '"',
    ],
)
async def test_too_much_is_refused(pool: Shop, arguments: str) -> None:
    answer = await pool.client.execute(f"{{ orders({arguments}) {{ {ROWS} }} }}", None, pool.staff)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_just_enough_is_not(pool: Shop) -> None:
    assert await refs(pool, "filter: {not: {not: {not: {state: {in: [OPEN]}}}}}") == ["D", "B"]
    assert await refs(pool, "filter: {or: [" + "{state: {in: [OPEN]}}, " * 20 + "]}") == ["C", "A"]


async def test_free_text_finds_number_reference_customer_and_sku(shop: Shop) -> None:
    """Accents and case do not count; a text of wildcards is a text."""
    payload = await shop.did("customerCreate", "customer { id }", name="Zoë Çelik-Müller", kind="STAFF_CREATED")
    hers = await shop.placed(("apple", 1), customerId=payload["customer"]["id"], externalRef="Web 100%")
    other = await shop.placed(("pear", 1), externalRef="Tel-2")
    for text, found in [
        ("zoe", [hers]),
        ("MULLER celik", [hers]),
        ("muller smith", []),
        (hers["number"].lower(), [hers]),
        ("S-0", [other, hers]),
        ("web 100%", [hers]),
        ("%", []),
        ("tel-", [other]),
        ("PEAR", [other]),
        ("appl", []),
        ("  ", [other, hers]),
    ]:
        data = await shop.query(
            "query ($text: String) { orders(query: $text) { nodes { id } totalCount { value } } }", text=text
        )
        assert [node["id"] for node in data["orders"]["nodes"]] == [order["id"] for order in found], text
        assert data["orders"]["totalCount"]["value"] == len(found)


async def test_a_text_is_paged_across_the_ways_to_match(shop: Shop) -> None:
    """Rows that match in two ways come once."""
    payload = await shop.did("customerCreate", "customer { id }", name="S-0 Trading", kind="STAFF_CREATED")
    orders = [await shop.placed(("apple", 1), customerId=payload["customer"]["id"]) for _ in range(3)]
    orders += [await shop.placed(("apple", 1)) for _ in range(2)]
    walked: list[str] = []
    after = None
    for _ in range(3):
        query = """query ($after: String) { orders(query: "S-0", first: 2, after: $after) {
            nodes { id } pageInfo { endCursor } } }"""
        page = (await shop.query(query, after=after))["orders"]
        walked += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert walked == [order["id"] for order in reversed(orders)]


SEARCH = """query ($text: String!, $types: [SearchType!]) { search(query: $text, types: $types) {
    __typename id ... on Order { number } ... on Customer { name } ... on Product { sku } } }"""


async def test_one_search_goes_over_all_types(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    invoice = await shop.did("invoiceIssue", "invoice { id number }", orderId=order["id"])
    await shop.did("customerCreate", name="Applegate", kind="STAFF_CREATED")
    found = (await shop.query(SEARCH, text="apple"))["search"]
    assert {row["__typename"] for row in found} == {"Customer", "Order", "Product"}
    found = (await shop.query(SEARCH, text=invoice["invoice"]["number"], types=["INVOICE", "ORDER"]))["search"]
    assert [row["id"] for row in found] == [invoice["invoice"]["id"]]
    assert (await shop.query(SEARCH, text="nothing of it"))["search"] == []


async def test_a_search_leaves_out_what_the_caller_may_not_read(shop: Shop) -> None:
    """Nor are customers guessed at through their orders."""
    await shop.placed(("apple", 1))
    name = "Customer"
    data = await shop.query("query ($id: ID!) { customer(by: {id: $id}) { name } }", id=shop.customer_id)
    name = data["customer"]["name"]
    assert {row["__typename"] for row in (await shop.query(SEARCH, text=name))["search"]} == {"Customer", "Order"}
    reader = shop.member("search:read", "orders:read")
    found = await shop.client.query(SEARCH, {"text": name}, reader)
    assert found["search"] == []
    found = await shop.client.query(SEARCH, {"text": "S-0"}, reader)
    assert [row["__typename"] for row in found["search"]] == ["Order"]


QUEUES = "query ($ids: [ID!]) { workQueues(channelIds: $ids) { queue count { value exact } } }"


async def counts(shop: Shop, **variables: Any) -> dict[str, int]:
    """Queues that are not empty."""
    data = await shop.query(QUEUES, **variables)
    return {row["queue"]: row["count"]["value"] for row in data["workQueues"] if row["count"]["value"]}


async def in_queue(shop: Shop, queue: str) -> list[str]:
    """Ids of the orders in a queue."""
    query = "query ($queue: [WorkQueue!]) { orders(filter: {queue: {in: $queue}}) { nodes { id } } }"
    return [node["id"] for node in (await shop.query(query, queue=[queue]))["orders"]["nodes"]]


async def test_an_order_goes_through_the_queues(shop: Shop) -> None:
    """PK-25: each count is the length of the list with that filter."""
    order = await shop.placed(("apple", 2))
    id_ = order["id"]
    assert await counts(shop) == {"TO_ALLOCATE": 1, "TO_BILL": 1, "TO_COLLECT": 1}
    await shop.did("allocationCreate", orderId=id_)
    assert await counts(shop) == {"TO_SHIP": 1, "TO_BILL": 1, "TO_COLLECT": 1}
    await shop.did("shipmentCreate", orderId=id_, then=["BOOK", "FINALIZE"])
    assert await counts(shop) == {"TO_BILL": 1, "TO_COLLECT": 1}
    billed = await shop.did(
        "invoiceIssue", "invoice { id }", orderId=id_, invoicedOn="2026-01-02", dueDays=3, acknowledgeWarnings=[]
    )
    assert await counts(shop) == {"TO_COLLECT": 1, "OVERDUE": 1}
    for queue in ("TO_COLLECT", "OVERDUE"):
        assert await in_queue(shop, queue) == [id_]
    assert await in_queue(shop, "TO_BILL") == []
    assert billed["invoice"]


async def test_what_is_not_there_is_backordered(shop: Shop) -> None:
    """Promised later (commitOn), it waits; only what is more than free waits for goods."""
    await shop.set_policy("commitOn", "ON_ALLOCATE")
    few = await shop.placed(("apple", 1))
    many = await shop.placed(("apple", 500))
    assert set(await in_queue(shop, "TO_COMMIT")) == {few["id"], many["id"]}
    assert await in_queue(shop, "BACKORDERED") == [many["id"]]
    assert (await counts(shop))["BACKORDERED"] == 1


async def test_one_channel_sees_its_own_part_of_the_pool(shop: Shop) -> None:
    """KS-2, KS-3: staff of the company see the orders of all channels, those of a channel only theirs."""
    values = {"code": "tel", "name": "Phone", "kind": "PHONE", "currencyCode": "EUR", "poolCode": "main"}
    payload = await shop.did("channelCreate", "channel { id }", **values)
    other = payload["channel"]["id"]
    await shop.did("productPriceSet", productId=shop.products["apple"], channelId=other, amount="10.00")
    web = await shop.placed(("apple", 1))
    phone = await shop.placed(("apple", 1), channelId=other)
    query = "query ($filter: OrderFilter) { orders(filter: $filter) { nodes { id } } }"

    async def seen(filter_: Json | None = None, who: Any = shop.staff) -> list[str]:
        data = await shop.client.query(query, {"filter": filter_}, who)
        return [node["id"] for node in data["orders"]["nodes"]]

    assert await seen() == [phone["id"], web["id"]]
    assert await seen({"channelId": {"in": [other]}}) == [phone["id"]]
    bound = replace(shop.staff, channel_ids=frozenset({decode_id("Channel", other)}))
    assert await seen(who=bound) == [phone["id"]]
    assert await seen({"channelId": {"in": [shop.channel_id]}}, bound) == []
    assert (await counts(shop))["TO_BILL"] == 2
    assert (await counts(shop, ids=[other]))["TO_BILL"] == 1
    data = await shop.client.query(QUEUES, {}, bound)
    assert {row["queue"]: row["count"]["value"] for row in data["workQueues"]}["TO_BILL"] == 1


async def test_lists_of_other_companies_are_not_searched(shop: Shop) -> None:
    await shop.placed(("apple", 1))
    other = await open_shop(shop.client)
    assert (await other.query(SEARCH, text="S-0"))["search"] == []
    assert (await other.query('{ allocations { nodes { id } } orders(query: "apple") { nodes { id } } }')) == {
        "allocations": {"nodes": []}, "orders": {"nodes": []},
    }  # fmt: skip


async def test_the_log_is_a_list(shop: Shop) -> None:
    """Who did what when, by document, type and person."""
    order = await shop.placed(("apple", 1))
    await shop.did("orderHold", orderId=order["id"], scope="ALL", reason="look")
    query = """query ($filter: TimelineEventFilter) { events(filter: $filter, first: 2) {
        nodes { type actor documentType documentId } totalCount { value } } }"""
    found = (await shop.query(query, filter={"documentId": {"in": [order["id"]]}}))["events"]
    assert [event["type"] for event in found["nodes"]] == ["OrderHeld", "OrderPlaced"]
    assert {(event["actor"], event["documentId"]) for event in found["nodes"]} == {(shop.staff.key, order["id"])}
    for filter_, count in (
        ({"type": {"in": ["OrderHeld"]}}, 1),
        ({"actor": {"in": ["nobody"]}}, 0),
        ({"documentType": {"in": ["Channel"]}}, 1),
        ({"occurredAt": {"lt": "2020-01-01T00:00:00Z"}}, 0),
    ):
        assert (await shop.query(query, filter=filter_))["events"]["totalCount"]["value"] == count, filter_
    other = await open_shop(shop.client)
    assert (await other.query(query, filter={"documentId": {"in": [order["id"]]}}))["events"]["nodes"] == []


async def test_a_shipment_is_found_by_its_number(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await shop.did("allocationCreate", orderId=order["id"])
    payload = await shop.did("shipmentCreate", "shipment { id number }", orderId=order["id"], then=["BOOK"])
    query = "query ($number: String!) { shipment(by: {number: $number}) { id } }"
    assert (await shop.query(query, number=payload["shipment"]["number"]))["shipment"]["id"] == payload["shipment"][
        "id"
    ]
    assert (await shop.query(query, number="DN-999999"))["shipment"] is None
