"""Documents of examples/ that look at many orders, or at what surrounds one, are run on the demo shop."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from gql_sales.access.tokens import issue_token
from gql_sales.db.event_log import encode_cursor
from gql_sales.db.logged_events import Position
from gql_sales.settings import Settings
from tests.client import Json, key
from tests.database import TestServer
from tests.demo_shop import Demo, demo_shop
from tests.example_runs import ON_DEMO_DATA, Runs
from tests.sales_story import place_all
from tests.shop import ADDRESS, money
from tests.socket_client import served

FIRST = encode_cursor(Position(1))
"""A cursor from long ago."""


@pytest.fixture(scope="module")
async def demo(test_server: TestServer, worker_id: str, settings: Settings) -> AsyncIterator[Demo]:
    """The demo shop."""
    async with demo_shop(test_server, f"{worker_id}_examples", settings) as found:
        yield found


def of(audience: str) -> set[str]:
    """The documents of an audience that are run here."""
    return {name for name in ON_DEMO_DATA if name.startswith(f"{audience}/")}


def span() -> Json:
    """A range of time around now."""
    now = datetime.now(UTC)
    return {"from": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=1)).isoformat()}


async def test_a_shopper_looks_at_orders_and_bills(demo: Demo) -> None:
    runs = Runs(demo.client)
    page = await runs.run("storefront/orders", demo.ada, first=2)
    assert len(page["nodes"]) == 2
    assert page["totalCount"] == {"value": 3, "exact": True}
    rest = await runs.run("storefront/orders", demo.ada, first=2, after=page["pageInfo"]["endCursor"])
    back = await runs.run("storefront/orders", demo.ada, first=None, last=2, before=rest["pageInfo"]["startCursor"])
    assert back["nodes"] == page["nodes"]
    numbers = [node["number"] for node in [*page["nodes"], *rest["nodes"]] if node["number"]]
    order = await runs.run("storefront/order", demo.ada, number=numbers[0])
    bill = await runs.run("storefront/invoice", demo.ada, number=order["invoices"][0]["number"])
    assert (bill["order"]["number"], bill["buyer"]["name"]) == (numbers[0], "Ada Byron")
    await edited_and_cancelled(runs, demo, next(node["id"] for node in rest["nodes"] if node["state"] == "OPEN"))
    await address_book(runs, demo)
    assert runs.names == of("storefront") | {"storefront/order.graphql", "storefront/order_place.graphql"}


async def edited_and_cancelled(runs: Runs, demo: Demo, order_id: str) -> None:
    """A draft changes item by item and moves to France, is placed, and is cancelled."""
    node = "query ($id: ID!) { node(id: $id) { ... on Order { version items { id sku } } } }"
    draft = (await demo.client.query(node, {"id": order_id}, demo.ada))["node"]
    tea, cup = (item["id"] for item in draft["items"][:2])
    id_ = {"orderId": order_id}
    values = {**id_, "orderItemId": tea, "quantity": "5", "expectedVersion": draft["version"], "idempotencyKey": key()}
    changed = (await runs.run("storefront/order_item_update", demo.ada, input=values))["order"]
    assert changed["items"][0]["orderedQuantity"] == "5"
    values = {**id_, "orderItemId": cup, "expectedVersion": changed["version"], "idempotencyKey": key()}
    left = (await runs.run("storefront/order_item_remove", demo.ada, input=values))["order"]
    assert cup not in [item["id"] for item in left["items"]]
    away = {**ADDRESS, "city": "Lyon", "postalCode": "69001", "countryCode": "FR"}
    values = {**id_, "shippingAddress": away, "expectedVersion": left["version"], "idempotencyKey": key()}
    moved = (await runs.run("storefront/order_set_addresses", demo.ada, input=values))["order"]
    assert {item["taxCountryCode"] for item in moved["items"]} == {"FR"}
    await runs.run("storefront/order_place", demo.ada, input={**id_, "idempotencyKey": key()})
    values = {**id_, "reason": "Too far away", "idempotencyKey": key()}
    cancelled = (await runs.run("storefront/order_cancel", demo.ada, input=values))["order"]
    assert cancelled["state"] == "CANCELLED"
    assert not any(move["isAllowed"] for move in cancelled["availableTransitions"] if move["name"] == "orderCancel")


async def address_book(runs: Runs, demo: Demo) -> None:
    """A second address becomes the default, is changed, and goes."""
    id_ = {"customerId": demo.made.customers[0]}
    second = {**ADDRESS, "line1": "Quiet Lane 2", "isDefaultShipping": True}
    values = {**id_, "address": second, "idempotencyKey": key()}
    book = (await runs.run("storefront/address_save", demo.ada, input=values))["customer"]["addresses"]
    (made,) = (address["id"] for address in book if address["isDefaultShipping"])
    values = {**id_, "addressId": made, "address": {**second, "city": "Potsdam"}, "idempotencyKey": key()}
    book = (await runs.run("storefront/address_save", demo.ada, input=values))["customer"]["addresses"]
    assert [address["city"] for address in book if address["id"] == made] == ["Potsdam"]
    values = {**id_, "addressId": made, "idempotencyKey": key()}
    book = (await runs.run("storefront/address_remove", demo.ada, input=values))["customer"]["addresses"]
    assert made not in [address["id"] for address in book]


async def test_staff_work_at_a_desk(demo: Demo, settings: Settings) -> None:
    runs = Runs(demo.client)
    rows = await table(runs, demo)
    ids = [rows[1]["id"], rows[0]["id"]]
    again = await runs.run("admin/orders_refetch", demo.staff, ids=ids)
    assert [row["id"] for row in again] == ids  # type: ignore[index]
    customer = await runs.run("admin/customer_page", demo.staff, id=demo.made.customers[2])
    assert [money(bill["openBalance"]) > 0 for bill in customer["invoices"]["nodes"]] == [True]
    assert customer["orders"]["totalCount"]["value"] == 2
    assert customer["timeline"]["nodes"]
    found = await runs.run("admin/search", demo.staff, query="Martin")
    assert demo.made.customers[2] in [node["id"] for node in found]  # type: ignore[index]
    await edited(runs, demo)
    await place_all(demo.database)
    async with served(settings, demo.database) as url:
        token = issue_token(demo.staff, settings, ttl=timedelta(hours=1))
        first = await runs.first_event("admin/live_orders", url, token, orderIds=ids, after=FIRST)
    assert first["orderId"] in ids
    assert first["order"]["number"]
    assert runs.names == of("admin")


async def table(runs: Runs, demo: Demo) -> list[Json]:
    """The rows of a filter, a search and three sort keys, and the numbers of the dashboard."""
    days = span()
    wanted = {
        "state": {"in": ["PLACED", "COMPLETED"]},
        "channelId": {"in": [demo.made.channels["web"]]},
        "placedAt": {"gte": days["from"], "lt": days["until"]},
        "total": {"currencyCode": "EUR", "gte": "20"},
    }
    sort = [{"key": name, "direction": "DESC"} for name in ("TOTAL", "PLACED_AT", "CREATED_AT")]
    page = await runs.run("admin/order_table", demo.staff, filter=wanted, sort=sort)
    rows: list[Json] = page["nodes"]
    totals = [money(row["total"]) for row in rows]
    assert len(rows) > 2
    assert totals == sorted(totals, reverse=True)
    assert page["totalCount"] == {"value": len(rows), "exact": True}
    assert min(totals) >= 20
    named = await runs.run("admin/order_table", demo.staff, query=rows[0]["number"])
    assert rows[0]["id"] in [row["id"] for row in named["nodes"]]
    counts = await runs.data("admin/dashboard", demo.staff, **days)
    assert counts["completed"]["totalCount"]["value"] > 0
    assert {row["queue"]: row["count"]["value"] for row in counts["workQueues"]}["TO_SHIP"] > 0
    return rows


async def edited(runs: Runs, demo: Demo) -> None:
    """A placed order gets one line more, tried before; its past can still be seen."""
    found = await runs.run("admin/order_table", demo.staff, filter={"state": {"in": ["PLACED"]}})
    order = found["nodes"][0]
    before = datetime.now(UTC).isoformat()
    values = {"orderId": order["id"], "expectedVersion": order["version"]}
    values["items"] = [{"sku": "DELIVERY-EXPRESS", "quantity": "1"}]
    tried = await runs.run(
        "admin/order_item_add", demo.staff, input={**values, "dryRun": True, "idempotencyKey": key()}
    )
    assert tried["order"]["version"] == order["version"]
    added = await runs.run("admin/order_item_add", demo.staff, input={**values, "idempotencyKey": key()})
    assert "DELIVERY-EXPRESS" in [item["sku"] for item in added["order"]["items"]]
    past = await runs.run("admin/order_as_of", demo.staff, number=order["number"], at=before)
    assert (past["version"], len(past["items"])) == (order["version"], len(added["order"]["items"]) - 1)


async def test_a_partner_keeps_up(demo: Demo, settings: Settings) -> None:
    runs, secret = Runs(demo.client), demo.made.partner_key
    keys = await runs.run_as_partner("partner/api_keys", secret)
    assert "orders:create" in keys["nodes"][0]["scopes"]
    orders = await imported(runs, demo)
    ids = [order["id"] for order in orders]
    found = await runs.run_as_partner("partner/nodes", secret, ids=[ids[1], demo.made.company_id, ids[0]])
    assert [node and node["id"] for node in found] == [ids[1], None, ids[0]]  # type: ignore[index]
    values = {"orderId": ids[0], "reason": "R-17 sold elsewhere", "idempotencyKey": key()}
    gone = (await runs.run_as_partner("partner/order_cancel", secret, input=values))["order"]
    assert (gone["state"], gone["cancelReason"]) == ("CANCELLED", "R-17 sold elsewhere")
    changed = await runs.run_as_partner("partner/orders_changed", secret, **span())
    assert changed["nodes"][-1]["id"] == ids[0]
    times = [node["updatedAt"] for node in changed["nodes"]]
    assert times == sorted(times)
    sent = await runs.run_as_partner("partner/shipments", secret, since=span()["from"], first=10)
    assert all(shipment["items"] for shipment in sent["nodes"])
    assert "00340000000013" in [shipment["trackingNumber"] for shipment in sent["nodes"]]
    skus = ["TEA-CHAI", "POT-CAST-IRON"]
    had = await runs.run_as_partner("partner/availability", secret, skus=skus, channelId=demo.made.channels["web"])
    assert {product["sku"] for product in had["nodes"]} == set(skus)
    assert all(product["availability"]["isAvailable"] for product in had["nodes"])
    await place_all(demo.database)
    async with served(settings, demo.database) as url:
        event = await runs.first_event("partner/order_events", url, secret, after=FIRST)
    assert event["order"]["state"]
    assert runs.names == of("partner") | {"partner/customer_create.graphql"}


async def imported(runs: Runs, demo: Demo) -> list[Json]:
    """Two orders taken over, with one between them that is refused."""
    secret = demo.made.partner_key
    guest = {"kind": "GUEST", "name": "Carl", "email": "carl@example.com", "idempotencyKey": key()}
    carl = (await runs.run_as_partner("partner/customer_create", secret, input=guest))["customer"]
    entry = {
        "customerId": carl["id"],
        "channelId": demo.made.channels["web"],
        "shippingAddress": ADDRESS,
        "billingAddress": ADDRESS,
        "then": ["PLACE"],
    }
    entries = [
        {
            **entry,
            "externalRef": key(),
            "items": [{"sku": "TEA-CHAI", "quantity": quantity}],
            "idempotencyKey": key(),
        }
        for quantity in ("1", "5000", "2")
    ]
    payload = await runs.run_as_partner("partner/orders_create_bulk", secret, entries=entries)
    results = payload["results"]
    codes = [[error["code"] for error in result["userErrors"]] for result in results]
    assert codes == [[], ["INSUFFICIENT_STOCK"], []]
    return [results[0]["order"], results[2]["order"]]
