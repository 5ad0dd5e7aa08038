"""Every stream of the table: a story's events typed and complete, narrowed, resumed, and only to whom they belong."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from gql_sales.access.api_keys import new_key
from gql_sales.access.scopes import PARTNER
from gql_sales.db.event_log import encode_cursor, events_behind, last_place, read_events, read_places
from gql_sales.db.logged_events import Position, Wanted, may_see
from gql_sales.db.models.customers import CustomerKind, TimelineKind
from gql_sales.domain.api_keys.create import KeyMaterial, api_key_create
from gql_sales.domain.customers.create import customer_create
from gql_sales.domain.customers.merge import customer_merge
from gql_sales.domain.customers.timeline_add import customer_timeline_add
from gql_sales.kernel.ids import encode_id, new_id
from gql_sales.kernel.principals import Principal, PrincipalKind
from gql_sales.schema.event_streams import STREAMS, Stream
from tests.event_site import Site, settled
from tests.plans import plan
from tests.sales_story import Story, open_story, tell
from tests.socket_client import Json, SocketClient, logged_in
from tests.two_channels import Told, second

BY_NAME = {stream.name: stream for stream in STREAMS}
OF_SHOPPERS = {"Order", "Shipment", "Invoice", "CashSale", "CreditMemo", "Payment", "Refund", "Customer", "Product"}


@pytest.fixture(scope="module")
async def told(site: Site) -> Told:
    """Both companies, when everything has happened and has its place."""
    foreign = await open_story(site.database)
    story = await tell(site.database)
    far = await second(story)
    await settled(site)
    return Told(story, far, foreign, encode_cursor(Position(1)))


def query(stream: Stream, arguments: str = "") -> str:
    """Everything that events of a stream tell."""
    name = stream.document[0].lower() + stream.document[1:]
    further = [
        "fromState toState" if stream.has_state else "",
        "axes { axis from to }" if stream.axes else "",
        "orderId" if stream.of_order else "",
        "allocationIds allocations { id }" if stream.name == "Allocation" else "",
    ]
    own = f"id: {name}Id version: {name}Version object: {name} {{ id version }}"
    return f"""subscription ($after: String) {{ {field(stream)}(after: $after{arguments}) {{
        __typename cursor type occurredAt actor {own} {" ".join(further)} }} }}"""


def field(stream: Stream) -> str:
    """The subscription of a stream."""
    return f"{stream.name[0].lower()}{stream.name[1:]}Events"


_NUMBERS = itertools.count(1)


async def replayed(client: SocketClient, text_: str, after: str) -> list[Json]:
    """What a stream tells from a cursor on, until nothing more comes."""
    id_ = str(next(_NUMBERS))
    await client.subscribe(text_, {"after": after}, id_)
    found: list[Json] = []
    while True:
        try:
            message = await client.next(0.5)
        except TimeoutError:
            break
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        found += message["payload"]["data"].values()
    await client.send({"id": id_, "type": "complete"})
    return found


async def logged(site: Site, story: Story, stream: Stream) -> list[tuple[str, str, int]]:
    """What the log has about documents of the stream: event type, id and version, in the order of the places."""
    rows = await site.database.read(
        text(
            "SELECT e.type, n.id, n.version, CASE WHEN n.id = e.document_id THEN e.data ELSE e.data -> 'also' ->"
            " CAST(n.id AS text) END AS changes FROM event_order o JOIN events e ON e.id = o.event_id,"
            " unnest(e.document_ids, e.document_versions, e.document_types) AS n (id, version, type)"
            " WHERE e.company_id = :company AND n.type = :type ORDER BY o.place"
        ),
        {"company": story.principal.company_id, "type": stream.document},
    )
    is_told = stream.name != "Allocation"
    return [
        (row.type, encode_id(stream.document, row.id), row.version)
        for row in rows
        if is_told or row.type.startswith("Allocation") or "allocations" in (row.changes or {})
    ]


@pytest.mark.parametrize("name", BY_NAME)
async def test_a_story_is_told_typed_whole_and_in_order(site: Site, told: Told, name: str) -> None:
    stream = BY_NAME[name]
    async with site.client(told.story.principal) as client:
        found = await replayed(client, query(stream), told.start)
        expected = await logged(site, told.story, stream)
        assert [(one["type"], one["id"], one["version"]) for one in found] == expected
        assert found
        middle = len(found) // 2
        assert await replayed(client, query(stream), found[middle]["cursor"]) == found[middle + 1 :]
    assert {one["__typename"] for one in found if one["type"] in stream.types} == {
        stream.type_name(one["type"]) for one in found if one["type"] in stream.types
    }
    unnamed = {one["type"] for one in found} - stream.types.keys()
    assert unnamed <= UNNAMED.get(name, set())
    versions: dict[str, list[int]] = {}
    for one in found:
        versions.setdefault(one["id"], []).append(one["version"])
        if one["toState"] if stream.has_state else False:
            assert one["fromState"] != one["toState"]
        assert one["object"] is None or one["object"]["id"] == one["id"]
    last = {one["id"]: one["object"]["version"] for one in found if one["object"]}
    for id_, those in versions.items():
        assert those == sorted(set(those))
        if name != "Allocation" and id_ in last:
            assert those == list(range(1, last[id_] + 1))


UNNAMED = {"Allocation": {"ShipmentBooked", "ShipmentFinalized", "OrderCompleted"}}
"""Types that are told as the first one of a stream."""


@pytest.mark.parametrize("who", ["admin", "of a channel", "of a warehouse", "of both", "staff of a channel", "shopper",
                                 "stranger", "foreign"])  # fmt: skip
async def test_streams_tell_of_exactly_what_the_principal_can_read(site: Site, told: Told, who: str) -> None:
    principal = told.principals()[who]
    token = await key_of(told, principal) if principal.kind == PrincipalKind.PARTNER else None
    seen: dict[str, set[str]] = {}
    async with logged_in(site.url, token) if token else site.client(principal) as client:
        for stream in STREAMS:
            if principal.is_shopper and stream.name not in OF_SHOPPERS:
                await client.subscribe(query(stream), {"after": told.start}, "none")
                assert await client.code() == "GRAPHQL_VALIDATION_FAILED"
                continue
            found = await replayed(client, query(stream), told.start)
            seen[stream.name] = {one["id"] for one in found}
            every = {id_ for story in (told.story, told.foreign) for _, id_, _ in await logged(site, story, stream)}
            readable = await known(client, sorted(every))
            if stream.name == "Allocation":
                assert seen[stream.name] <= readable
            else:
                deleted = {one["id"] for one in found if stream.has_state and one["toState"] == "DELETED"}
                assert seen[stream.name] - deleted == readable - deleted, stream.name
    if who in {"of a channel", "of both", "staff of a channel"}:
        assert seen["Order"] == {encode_id("Order", id_) for id_ in told.far.orders.values()}
        assert (len(seen["Payment"]), len(seen["Customer"])) == (2, 1)
    if who == "of a warehouse":
        assert seen["Allocation"] == told.allocated()
        assert len(seen["Shipment"]) == 1
    if who == "shopper":
        assert seen["Customer"] == {encode_id("Customer", told.far.customer_id)}
        assert all(seen[name] for name in OF_SHOPPERS)
    if who == "stranger":
        assert {name for name, ids in seen.items() if ids} == {"Product"}


async def key_of(told: Told, principal: Principal) -> str:
    """An API key with the bounds of the partner."""
    secret, prefix, key_hash = new_key()
    bounds = {"channel_ids": principal.channel_ids, "warehouse_ids": principal.warehouse_ids}
    material = KeyMaterial(prefix, key_hash, PARTNER)
    await told.story.make(api_key_create, name="Partner", scopes=sorted(PARTNER), material=material, **bounds)
    return secret


async def known(client: SocketClient, ids: list[str]) -> set[str]:
    """Which of the documents the caller can read."""
    found: set[str] = set()
    for start in range(0, len(ids), 100):
        some = ids[start : start + 100]
        await client.subscribe("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": some}, "nodes")
        found |= {node["id"] for node in (await client.data())["nodes"] if node}
        assert (await client.next())["type"] == "complete"
    return found


async def test_the_log_and_the_tail_judge_alike(site: Site, told: Told) -> None:
    """E4: ``condition`` and ``visible`` in a replay are ``matches`` and ``may_see`` of events at hand."""
    everything = await read_places(site.database, 0, await last_place(site.database))
    far = told.far
    narrowed: list[dict[str, Any]] = [
        {},
        {"order_ids": frozenset(far.orders.values())},
        {"channel_ids": frozenset({far.channel_id})},
        {"warehouse_ids": frozenset({far.warehouse_id})},
        {"product_ids": frozenset({far.products["pear"]})},
        {"axes": ["BILLING", "USAGE"]},
        {"allocating": ["AllocationCreated"]},
        {"customer_id": far.customer_id},
    ]
    hits: set[str] = set()
    for principal in told.principals().values():
        for type_ in [None, *{stream.document for stream in STREAMS}]:
            for more in narrowed:
                wanted = Wanted(type_, **more)
                found = await read_events(site.database, principal, wanted, Position(0), 10_000)
                assert found == [one for one in everything if wanted.matches(one) and may_see(principal, one)]
                hits |= set(more) if found else set()
    assert hits == {name for more in narrowed for name in more}


async def test_only_changes_of_the_axes_that_were_asked_for(site: Site, told: Told) -> None:
    stream = BY_NAME["Order"]
    async with site.client(told.story.principal) as client:
        every = await replayed(client, query(stream), told.start)
        found = await replayed(client, query(stream, ", axes: [BILLING, PAYMENT]"), told.start)
    named = [one for one in every if {change["axis"] for change in one["axes"]} & {"BILLING", "PAYMENT"}]
    assert found == named
    assert 0 < len(found) < len(every)


async def test_stock_is_narrowed_by_product_pool_and_warehouse(site: Site, told: Told) -> None:
    stream = BY_NAME["Stock"]
    apple = encode_id("Product", told.story.products["apple"])
    here, nowhere = encode_id("Warehouse", told.far.warehouse_id), encode_id("Warehouse", new_id())
    text_ = query(stream, ", productIds: [%s], warehouseIds: [%s]").replace(
        "object: stockPool { id version }", "object: stockPool { id product { id } }"
    )
    async with site.client(told.story.principal) as client:
        found = await replayed(client, text_ % (f'"{apple}"', f'"{here}"'), told.start)
        assert {one["object"]["product"]["id"] for one in found} == {apple}
        assert {"StockReceivedEvent", "StockCommittedEvent", "StockShipmentFinalizedEvent"} <= {
            one["__typename"] for one in found
        }
        assert await replayed(client, text_ % (f'"{apple}"', f'"{nowhere}"'), told.start) == []


async def test_allocations_are_told_with_where_they_are(site: Site, told: Told) -> None:
    stream = BY_NAME["Allocation"]
    async with site.client(told.story.principal) as client:
        every = await replayed(client, query(stream), told.start)
        here = encode_id("Warehouse", told.far.warehouse_id)
        found = await replayed(client, query(stream, f', warehouseIds: ["{here}"]'), told.start)
    created = [one for one in found if one["type"] == "AllocationCreated"]
    assert {one["id"] for one in found} == told.allocated()
    assert len(created) == 2
    assert all(one["allocationIds"] for one in found)
    assert {one["type"] for one in found} > {"AllocationCreated", "AllocationReleased"}
    assert len(every) > len(found)


TIMELINE = """subscription ($after: String, $id: ID!) { customerTimeline(customerId: $id, after: $after) {
  cursor customerId item { __typename id } } }"""
LISTED = """query ($id: ID!) { customer(by: {id: $id}) { timeline(first: 100) { nodes { __typename id } } } }"""


async def test_a_timeline_is_told_as_it_is_listed(site: Site, told: Told) -> None:
    """Merged records included, and each event once, however many documents it names."""
    story = told.far
    loser = await story.make(customer_create, name="E. B.", kind=CustomerKind.STAFF_CREATED)
    await replace(story, customer_id=loser, orders={}).place("theirs", ("apple", "1"))
    await story.do(customer_timeline_add, loser, kind=TimelineKind.CALL, text="Moved.")
    await settled(site)
    id_ = encode_id("Customer", story.customer_id)
    async with site.client(story.principal) as client, site.client(told.foreign.principal) as foreign:
        text_ = TIMELINE.replace(", $id: ID!", "").replace("$id", f'"{id_}"')
        before = await replayed(client, text_, told.start)
        await client.subscribe(text_, {}, "live")
        await story.do(customer_merge, loser, into_customer_id=story.customer_id)
        live = (await client.data())["customerTimeline"]
        await client.send({"id": "live", "type": "complete"})
        found = await replayed(client, text_, told.start)
        await client.subscribe(LISTED, {"id": id_}, "list")
        listed = (await client.data())["customer"]["timeline"]["nodes"]
        assert await replayed(foreign, text_, told.start) == []
    assert live == found[-1]
    assert live["customerId"] == encode_id("Customer", loser)
    items = [one["item"] for one in found]
    assert len(items) == len(listed) > len(before)
    assert {item["id"] for item in items} == {item["id"] for item in listed}
    assert [item["__typename"] for item in items].count("TimelineEntry") == 2


async def test_a_shopper_does_not_hear_that_something_was_noted(site: Site, told: Told) -> None:
    stream = BY_NAME["Customer"]
    async with site.client(told.eve()) as client, site.client(told.story.principal) as staff:
        own = await replayed(client, query(stream), told.start)
        every = await replayed(staff, query(stream), told.start)
    assert {one["type"] for one in own} == {"CustomerCreated", "CustomerUpdated"} | (
        {"CustomerMerged"} & {one["type"] for one in own}
    )
    assert "CustomerTimelineAdded" in {one["type"] for one in every}


FILL = """
INSERT INTO events (id, company_id, type, document_type, document_id, document_version, document_ids,
    document_versions, document_types, customer_id, actor, causation_id, occurred_at, data)
SELECT gen_random_uuid(), '{company}', 'OrderChanged', 'Order', id, 1, ARRAY[id], ARRAY[1], ARRAY['Order'],
    gen_random_uuid(), 'staff:anna', id, now(), '{{}}'
FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 20000)) ids
"""


async def test_narrow_replays_begin_at_an_index(site: Site, told: Told) -> None:
    principal = told.story.principal
    filled = FILL.format(company=principal.company_id)
    ids = frozenset({new_id()})
    for wanted, index in (
        (Wanted("Invoice", document_ids=ids), "ix_events_documents"),
        (Wanted("StockPool", product_ids=ids), "ix_events_documents"),
        (Wanted(customer_id=new_id()), "ix_events_customer"),
    ):
        found = await plan(site.owner, events_behind(principal, wanted, Position(1)).limit(100), filled, "events")
        assert index in found, found


async def test_a_stream_ends_after_as_many_events_as_were_asked_for(site: Site, told: Told) -> None:
    """For whoever fetches what they missed and goes again; what is left is behind the last cursor."""
    stream = BY_NAME["Order"]
    text_ = f"subscription ($after: String) {{ {field(stream)}(after: $after, first: 2) {{ cursor type }} }}"
    async with site.client(told.story.principal) as client:
        everything = await replayed(client, query(stream), told.start)
        await client.subscribe(text_, {"after": told.start}, "two")
        messages = [await client.next() for _ in range(3)]
        assert [message["type"] for message in messages] == ["next", "next", "complete"]
        found = [message["payload"]["data"][field(stream)]["cursor"] for message in messages[:2]]
        assert found == [one["cursor"] for one in everything[:2]]
        await client.subscribe(text_.replace("first: 2", "first: 0"), {"after": told.start}, "none")
        refused = await client.next()
    assert [error["extensions"]["code"] for error in refused["payload"]] == ["BAD_USER_INPUT"]
