"""orderEvents and shipmentEvents over a real socket: typed, resumable, and only what the caller may see (api.md 8)."""

import asyncio
import itertools
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gql_sales.domain.orders.cancel import order_cancel
from gql_sales.domain.orders.delete import order_delete
from gql_sales.domain.registry import load_all
from gql_sales.domain.shipments.create import ShipmentStep, shipment_create
from gql_sales.domain.transition import AUTOMATICS, CREATIONS, TRANSITIONS
from gql_sales.kernel.ids import encode_id, new_id
from gql_sales.schema.event_streams import STREAMS
from gql_sales.schema.event_types import ORDER_EVENTS
from tests.event_site import Site, settled
from tests.event_world import World, shopper, staff
from tests.sales_story import open_story
from tests.socket_client import Json, SocketClient

ORDERS = """subscription ($orderIds: [ID!], $channelIds: [ID!], $after: String) {
  orderEvents(orderIds: $orderIds, channelIds: $channelIds, after: $after) {
    __typename cursor type occurredAt actor orderId orderVersion fromState toState
    order { id version state } axes { axis from to }
  }
}"""
SHIPMENTS = """subscription ($shipmentIds: [ID!], $orderIds: [ID!], $warehouseIds: [ID!], $after: String) {
  shipmentEvents(shipmentIds: $shipmentIds, orderIds: $orderIds, warehouseIds: $warehouseIds, after: $after) {
    __typename cursor type shipmentId shipmentVersion orderId fromState toState shipment { id number }
  }
}"""


@pytest.fixture
async def world(site: Site) -> World:
    """A company of the test's own."""
    return await World.make(site.database)


def gid(order_id: UUID) -> str:
    """The order's id as clients know it."""
    return encode_id("Order", order_id)


async def event(client: SocketClient, field: str = "orderEvents") -> Json:
    """The next event."""
    found: Json = (await client.data())[field]
    return found


async def test_an_event_arrives_with_the_order_as_of_now(site: Site, world: World) -> None:
    (order,) = await world.orders(1)
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS)
        changes = [{"axis": "BILLING", "from": "UNBILLED", "to": "INVOICED"}]
        await world.change(order, type_="OrderPlaced", state={"from": "OPEN", "to": "PLACED"}, axes=changes)
        found = await event(client)
    assert found.pop("cursor")
    assert found.pop("occurredAt").endswith("Z")
    assert found == {
        "__typename": "OrderPlacedEvent",
        "type": "OrderPlaced",
        "actor": "staff:anna",
        "orderId": gid(order),
        "orderVersion": 1,
        "fromState": "OPEN",
        "toState": "PLACED",
        "order": {"id": gid(order), "version": 1, "state": "OPEN"},
        "axes": changes,
    }


async def test_a_change_tells_when_it_built_the_tax_anew(site: Site, world: World) -> None:
    """BA-84: ``taxRecalculated`` in the data of OrderChanged."""
    (order,) = await world.orders(1)
    query = ORDERS.replace("__typename", "__typename ... on OrderChangedEvent { isTaxRecalculated }")
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(query)
        await world.change(order, taxRecalculated=True)
        await world.change(order, taxRecalculated=False)
        await world.change(order)
        assert [(await event(client))["isTaxRecalculated"] for _ in range(3)] == [True, False, False]


async def test_a_stream_resumed_again_and_again_has_no_gap_and_no_double(site: Site, world: World) -> None:
    orders = await world.orders(4)
    total = 200

    async def write() -> None:
        for number in range(total):
            await world.change(orders[number % 4])

    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS)
        await world.change(orders[0])
        seen = [await event(client)]
    writing = asyncio.create_task(write())
    for taken in itertools.cycle((3, 17, 0, 40)):
        async with site.client(staff(world.company_id)) as client:
            await client.subscribe(ORDERS, {"after": seen[-1]["cursor"]})
            seen += [await event(client) for _ in range(min(taken, total + 1 - len(seen)))]
        if len(seen) > total:
            break
    await writing
    assert len({one["cursor"] for one in seen}) == total + 1
    for number, order in enumerate(orders):
        versions = [one["orderVersion"] for one in seen if one["orderId"] == gid(order)]
        assert versions == list(range(1, total // 4 + (2 if number == 0 else 1)))


async def test_an_event_of_two_orders_is_told_of_each_and_resumed_between_them(site: Site, world: World) -> None:
    one, two = await world.orders(2)
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS)
        also = {str(two): {"axes": [{"axis": "PAYMENT", "from": "UNPAID", "to": "PAID"}]}}
        await world.change(one, two, type_="PaymentAllocated", also=also)
        first, second = await event(client), await event(client)
    assert [first["orderId"], second["orderId"]] == [gid(one), gid(two)]
    assert first["__typename"] == "OrderPaymentAllocatedEvent"
    assert second["axes"] == also[str(two)]["axes"]
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS, {"after": first["cursor"]})
        assert await event(client) == second
        assert await client.is_silent()


async def test_filters_by_order_and_channel(site: Site, world: World) -> None:
    other = await world.channel()
    (here,), (there, wanted) = await world.orders(1), await world.orders(2, channel_id=other)
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(
            ORDERS, {"channelIds": [encode_id("Channel", other)], "orderIds": [gid(wanted), gid(here)]}
        )
        for order in (here, there, wanted):
            await world.change(order)
        found = await event(client)
        assert found["orderId"] == gid(wanted)
        assert await client.is_silent()
    async with site.client(staff(world.company_id)) as client:
        # The same from the log.
        await client.subscribe(ORDERS, {"orderIds": [gid(wanted)], "after": found["cursor"]})
        await world.change(wanted)
        assert (await event(client))["orderVersion"] == 2


@pytest.mark.parametrize("is_replayed", [False, True])
async def test_everybody_sees_only_what_is_theirs(site: Site, world: World, is_replayed: bool) -> None:
    foreign = await World.make(site.database)
    channel = await world.channel()
    mine = await world.customer("me")
    await foreign.customer("me")
    (of_me,), (of_nobody,) = await world.orders(1, customer_id=mine), await world.orders(1, channel_id=channel)
    (of_foreign,) = await foreign.orders(1)
    cursor = await cursor_now(site, world)
    callers = {
        staff(world.company_id): [of_me, of_nobody],
        staff(world.company_id, channel_ids=frozenset({channel})): [of_nobody],
        shopper(world.company_id, "me"): [of_me],
        shopper(world.company_id, "somebody"): [],
        shopper(foreign.company_id, "me"): [],
        staff(foreign.company_id): [of_foreign],
    }

    async def write() -> None:
        for place, order in ((foreign, of_foreign), (world, of_me), (world, of_nobody)):
            await place.change(order)

    if is_replayed:
        await write()
    for principal, orders in callers.items():
        async with site.client(principal) as client:
            await client.subscribe(ORDERS, {"after": cursor} if is_replayed else {})
            if not is_replayed:
                await write()
            assert [(await event(client))["orderId"] for _ in orders] == [gid(order) for order in orders]
            assert await client.is_silent(0.2)


async def cursor_now(site: Site, world: World) -> str:
    """The cursor of an event that has just happened."""
    (order,) = await world.orders(1)
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS)
        await world.change(order)
        cursor: str = (await event(client))["cursor"]
    return cursor


async def test_a_shopper_is_not_told_who_of_the_staff_did_it(site: Site, world: World) -> None:
    (order,) = await world.orders(1, customer_id=await world.customer("me"))
    async with site.client(shopper(world.company_id, "me")) as client:
        await client.subscribe(ORDERS)
        await world.change(order)
        assert (await event(client))["actor"] is None


@pytest.mark.parametrize("cursor", ["", "junk", "ZXYAAAAAAAAAAX____8AAAAA", "\u00e9", "a" * 500])
async def test_junk_is_no_cursor(site: Site, world: World, cursor: str) -> None:
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS, {"after": cursor})
        assert await client.code() == "INVALID_CURSOR"


async def test_a_cursor_expires_after_72_hours_by_the_database_clock(site: Site, world: World) -> None:
    cursor = await cursor_now(site, world)
    for hours, expected in ((71, None), (73, "CURSOR_EXPIRED")):
        async with site.owner.write_engine.begin() as connection:
            await connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
            aged = text("UPDATE events SET occurred_at = now() - make_interval(hours => :h) WHERE company_id = :c")
            await connection.execute(aged, {"h": hours, "c": world.company_id})
            await connection.execute(text("ALTER TABLE events ENABLE TRIGGER USER"))
        async with site.client(staff(world.company_id)) as client:
            await client.subscribe(ORDERS, {"after": cursor})
            if expected:
                assert await client.code() == expected
            else:
                assert await client.is_silent(0.2)


async def test_scopes_and_ids_are_checked_before_the_first_event(site: Site, world: World) -> None:
    nobody = replace(staff(world.company_id), scopes=frozenset())
    async with site.client(nobody) as client:
        await client.subscribe(ORDERS)
        assert await client.code() == "FORBIDDEN"
    async with site.client(staff(world.company_id)) as client:
        await client.subscribe(ORDERS, {"orderIds": [encode_id("Channel", new_id())]})
        assert await client.code() == "BAD_USER_INPUT"
        await client.subscribe(ORDERS, {"orderIds": [gid(new_id())] * 251}, "2")
        assert await client.code() == "BAD_USER_INPUT"


async def test_shipments_of_a_real_order_and_what_they_do_to_it(site: Site) -> None:
    story = await open_story(site.database)
    reader = replace(staff(story.principal.company_id), warehouse_ids=frozenset({story.warehouse_id}))
    stranger = replace(reader, warehouse_ids=frozenset({new_id()}))
    async with site.client(reader) as client, site.client(reader) as orders, site.client(stranger) as blind:
        order = await story.place("shipped", ("apple", "2"), ("delivery", "1"))
        await settled(site)
        await client.subscribe(SHIPMENTS, {"orderIds": [gid(order)]})
        await orders.subscribe(ORDERS, {"orderIds": [gid(order)]})
        await blind.subscribe(SHIPMENTS)
        await story.do(shipment_create, order, warehouse_id=story.warehouse_id, then=[ShipmentStep.FINALIZE])
        found = [await event(client, "shipmentEvents") for _ in range(3)]
        touched = [await event(orders) for _ in range(3)]
        assert await blind.is_silent(0.2)
    assert [one["__typename"] for one in found] == [
        "ShipmentCreatedEvent",
        "ShipmentBookedEvent",
        "ShipmentFinalizedEvent",
    ]
    assert [one["shipmentVersion"] for one in found] == [1, 2, 3]
    assert {one["orderId"] for one in found} == {gid(order)}
    assert found[-1]["shipment"]["number"] == "DN-000001"
    assert [one["__typename"] for one in touched] == [f"Order{one['__typename']}" for one in found]
    first = touched[0]["orderVersion"]
    assert [one["orderVersion"] for one in touched] == [first, first + 1, first + 2]
    assert touched[-1]["orderVersion"] == touched[-1]["order"]["version"]


async def test_a_deleted_draft_is_told_and_not_shown(site: Site) -> None:
    story = await open_story(site.database)
    async with site.client(staff(story.principal.company_id)) as client:
        draft = await story.place("draft", ("apple", "1"), then=())
        await settled(site)
        await client.subscribe(ORDERS, {"orderIds": [gid(draft)]})
        await story.do(order_delete, draft)
        found = await event(client)
    assert (found["__typename"], found["toState"], found["order"]) == ("OrderDeletedEvent", "DELETED", None)


async def test_axis_changes_of_a_cancelled_order(site: Site) -> None:
    story = await open_story(site.database)
    async with site.client(staff(story.principal.company_id)) as client:
        order = await story.place("cancelled", ("apple", "1"))
        await settled(site)
        await client.subscribe(ORDERS, {"orderIds": [gid(order)]})
        await story.do(order_cancel, order, reason="No need.")
        found = await event(client)
    assert found["fromState"] == "PLACED"
    assert {"axis": "COMMITMENT", "from": "FULL", "to": "NOT_APPLICABLE"} in found["axes"]


async def test_every_event_that_a_verb_declares_has_its_type() -> None:
    load_all()
    every: list[Any] = [*CREATIONS.values(), *TRANSITIONS.values(), *AUTOMATICS]
    declared = {(one.root.__name__, one.event) for one in every if one.event}
    told = {name for root, name in declared if root in {"Order", "Shipment", "Payment", "Invoice"}}
    assert told - ORDER_EVENTS.keys() == set()
    for stream in STREAMS:
        if stream.name != "Allocation":
            own = {name for root, name in declared if root == stream.document}
            assert own, stream.name
            assert own - stream.types.keys() == set(), stream.name
