"""Reading: the number of statements does not depend on the number of rows, and pages neither lose nor repeat a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from gql_sales.db.engine import Database
from tests.race.checks import at_once
from tests.shop import Shop

PAGE = """query ($first: Int) { orders(first: $first) { nodes { number customer { name } channel { name }
    items { sku product { name } } allocations { quantity } shipments { number items { quantity } }
    invoices { number items { quantity } taxLines { rate } paymentAllocations { amount { amount } } }
    cashSales { number items { quantity } taxLines { rate } invoice { number } paymentAllocations { id } }
    availableTransitions { name isAllowed } } pageInfo { hasNextPage endCursor } } }"""


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements sent while it is open."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    engines = [database.read_engine.sync_engine, database.write_engine.sync_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def billed(shop: Shop) -> None:
    """An order that has everything a page asks for."""
    order = await shop.placed(("apple", 1), ("pear", 1))
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], then=["BOOK", "FINALIZE"])
    made = await shop.did("cashSaleIssue", "cashSale { id }", orderId=order["id"], paymentMethod="CASH")
    await shop.did("cashSaleInvoice", cashSaleId=made["cashSale"]["id"])


async def test_pages_of_1_and_100_take_the_same_number_of_statements(shop: Shop, database: Database) -> None:
    """C-45."""
    for sku in ("apple", "pear"):
        await shop.receive(sku, 100)
    await at_once((billed(shop) for _ in range(100)), clients=8)
    with statements(database) as one:
        assert len((await shop.query(PAGE, first=1))["orders"]["nodes"]) == 1
    with statements(database) as hundred:
        assert len((await shop.query(PAGE, first=100))["orders"]["nodes"]) == 100
    print(f"{len(one)} statements for 1 order, {len(hundred)} for 100")
    assert len(one) == len(hundred)


async def test_pages_forwards_and_backwards_meet_every_order_once(shop: Shop) -> None:
    for _ in range(7):
        await shop.draft(("apple", 1))
    query = """query ($first: Int, $after: String, $last: Int, $before: String) {
        orders(first: $first, after: $after, last: $last, before: $before) {
            nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            totalCount { value exact } } }"""
    forwards, after = [], None
    while True:
        page = (await shop.query(query, first=3, after=after))["orders"]
        forwards += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert page["totalCount"] == {"value": 7, "exact": True}
    assert len(set(forwards)) == len(forwards) == 7
    back = (await shop.query(query, last=3, before=page["pageInfo"]["startCursor"]))["orders"]
    assert [node["id"] for node in back["nodes"]] == forwards[3:6]
    assert back["pageInfo"]["hasPreviousPage"] is True


async def test_a_cursor_of_another_list_or_none_is_told(shop: Shop) -> None:
    """api.md 4: cursors are signed and bound to list and filter."""
    await shop.draft(("apple", 1))
    page = await shop.query("{ orders(first: 1) { pageInfo { endCursor } } }")
    cursor = page["orders"]["pageInfo"]["endCursor"]
    for query in (
        f'{{ orders(after: "{cursor[:-2]}AA") {{ nodes {{ id }} }} }}',
        f'{{ orders(after: "{cursor}", filter: {{state: {{in: [OPEN]}}}}) {{ nodes {{ id }} }} }}',
        f'{{ shipments(after: "{cursor}") {{ nodes {{ id }} }} }}',
        '{ orders(after: "junk") { nodes { id } } }',
    ):
        answer = await shop.client.execute(query, principal=shop.staff)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"], query
    assert (await shop.query(f'{{ orders(after: "{cursor}") {{ nodes {{ id }} }} }}'))["orders"]["nodes"] == []


async def test_first_and_last_are_bounded(shop: Shop) -> None:
    for arguments in ("first: 101", "first: 0", "first: 1, last: 1"):
        answer = await shop.client.execute(f"{{ orders({arguments}) {{ nodes {{ id }} }} }}", principal=shop.staff)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], arguments
    assert "errors" not in await shop.client.execute("{ orders(first: 100) { nodes { id } } }", principal=shop.staff)


async def test_a_foreign_object_is_like_an_absent_one(shop: Shop) -> None:
    """A2, P8: by node, by id, by number, and for a mutation."""
    order = await shop.placed(("apple", 1))
    stranger = shop.shopper()
    by_node = await shop.client.query("query ($id: ID!) { node(id: $id) { id } }", {"id": order["id"]}, stranger)
    by_number = await shop.client.query('{ order(by: {number: "S-000001"}) { id } }', None, stranger)
    assert (by_node, by_number) == ({"node": None}, {"order": None})
    call = {"orderId": order["id"], "reason": "not mine"}
    assert await shop.client.refused("orderCancel", call, stranger) == ["NOT_FOUND"]
    assert (await shop.query("query ($id: ID!) { node(id: $id) { id } }", id=order["id"]))["node"] is not None


async def test_a_malformed_id_is_bad_input(shop: Shop) -> None:
    for id_ in ("junk", "ord_" + "0" * 31, "inv_" + "0" * 32):
        query = "query ($id: ID!) { order(by: {id: $id}) { id } }"
        answer = await shop.client.execute(query, {"id": id_}, shop.staff)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], id_


async def test_owned_objects_are_fetched_again_by_id_by_whoever_may_see_their_parent(shop: Shop) -> None:
    """Each kind of node that a billed order shows, for staff and for a stranger (A2, A3, reliability case 40)."""
    await billed(shop)
    query = """{ orders(first: 1) { nodes { id items { id } allocations { id } shipments { id items { id } }
        invoices { id items { id } } } } }"""
    (order,) = (await shop.query(query))["orders"]["nodes"]
    (shipment,), (invoice,) = order["shipments"], order["invoices"]
    ids = [one["id"] for one in [order, *order["items"], *order["allocations"], shipment, invoice]]
    ids += [one["id"] for one in [*shipment["items"], *invoice["items"]]]
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await shop.query(nodes, ids=ids))["nodes"] == [{"id": id_} for id_ in ids]
    assert (await shop.client.query(nodes, {"ids": ids}, shop.shopper()))["nodes"] == [None] * len(ids)
