"""Every document in examples/ is valid for its audience; most are run on an order's way from draft to paid."""

import re
from dataclasses import replace

import pytest
from graphql import parse, validate

from gql_sales.access.scopes import PARTNER
from gql_sales.api import audience_schemas
from gql_sales.db.engine import Database
from gql_sales.demo.operations import OPERATIONS
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import Audience, Principal
from tests.client import Client, Json, key
from tests.example_runs import FILES, FOLDER, ON_DEMO_DATA, Runs, following, operation_of, text_of
from tests.shop import ADDRESS, Shop, money

SCHEMAS = audience_schemas()

every_file = pytest.mark.parametrize("name", FILES)


@pytest.fixture
async def tea_shop(shop: Shop) -> Shop:
    """The test's company with the tea that the README orders; delivery it has, and SKUs are found in any case."""
    await shop.add_product("TEA-EARL-GREY", "5.00", 60)
    return shop


@every_file
def test_every_example_is_valid_for_its_audience(name: str) -> None:
    audience = Audience(name.partition("/")[0])
    assert validate(SCHEMAS[audience]._schema, parse(text_of(name))) == []
    assert operation_of(name).name is not None


@every_file
def test_every_example_says_what_it_is_for(name: str) -> None:
    first = text_of(name).splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith(".")


def test_the_list_of_operations_names_every_file() -> None:
    listed = re.findall(r"`([\w/]+\.graphql)`", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert set(listed) == set(FILES)


def test_the_operations_of_the_demo_are_among_them() -> None:
    texts = {text_of(name).partition("\n")[2].strip() for name in FILES}
    assert {text.strip() for _, _, text in OPERATIONS} <= texts


async def draft(runs: Runs, shop: Shop, shopper: Principal) -> Json:
    """A shopper's draft of two teas, and a delivery added to it."""
    address = {**ADDRESS, "isDefaultShipping": True, "isDefaultBilling": True}
    values = {"name": "Ada Byron", "email": "ada@example.com", "addresses": [address], "idempotencyKey": key()}
    made = await runs.run("storefront/customer_create", shopper, input=values)
    assert made["customer"]["kind"] == "REGISTERED"
    items = [{"sku": "TEA-EARL-GREY", "quantity": "2"}]
    values = {"channelId": shop.channel_id, "items": items, "idempotencyKey": key()}
    order = (await runs.run("storefront/order_create", shopper, input=values))["order"]
    values = {
        "orderId": order["id"],
        "expectedVersion": order["version"],
        "items": [{"sku": "DELIVERY", "quantity": "1"}],
        "idempotencyKey": key(),
    }
    added: Json = (await runs.run("storefront/order_item_add", shopper, input=values))["order"]
    assert [item["sku"] for item in added["items"]] == ["TEA-EARL-GREY", "delivery"]
    assert money(added["total"]) == money({"amount": "17.88"})
    return added


async def placed(runs: Runs, shop: Shop, database: Database, shopper: Principal) -> Json:
    """The shopper's order, placed while the shopper follows it."""
    order = await draft(runs, shop, shopper)
    preview = await runs.run("storefront/order_preview", shopper, orderId=order["id"], idempotencyKey=key())
    number = next(effect["number"] for effect in preview["effects"] if effect["__typename"] == "NumberEffect")
    async with following(shop.client.settings, database, shopper, order["id"]) as socket:
        values = {"orderId": order["id"], "idempotencyKey": key()}
        done: Json = (await runs.run("storefront/order_place", shopper, input=values))["order"]
        # What was done to the draft may get its place only now, because no server ran before.
        event = (await socket.data())["orderEvents"]
        while event["orderVersion"] < done["version"]:
            event = (await socket.data())["orderEvents"]
    runs.names.add("storefront/order_events.graphql")
    assert (event["type"], event["orderVersion"]) == ("OrderPlaced", done["version"])
    assert (done["number"], done["summary"]) == (number, "committed, unbilled, unpaid")
    return done


async def booked(runs: Runs, shop: Shop, staff: Principal, id_: Json) -> Json:
    """Set aside line by line, given back, set aside in bulk, and booked; the payload of the shipment."""
    warehouse = {"warehouseId": shop.warehouse_ids[0]}
    tea = (await shop.order(id_["orderId"]))["items"][0]
    wanted = {"orderItemId": tea["id"], "quantity": "1"}
    made = await runs.run(
        "admin/allocation_create", staff, input={**id_, "lines": [{**wanted, **warehouse}], **keyed()}
    )
    assert [row["quantity"] for row in made["order"]["allocations"]] == ["1"]
    back = await runs.run("admin/allocation_release", staff, input={**id_, "lines": [wanted], **keyed()})
    assert (back["order"]["commitmentStatus"], back["order"]["allocationStatus"]) == ("FULL", "NONE")
    many = await runs.run("admin/orders_allocate_bulk", staff, entries=[{**id_, **keyed()}, {**id_, **keyed()}])
    assert [result["order"]["allocationStatus"] for result in many["results"]] == ["FULL", "FULL"]
    assert [[error["code"] for error in result["userErrors"]] for result in many["results"]] == [[], ["NOTHING_OPEN"]]
    items = [{"orderItemId": tea["id"], "quantity": tea["openQuantity"]}]
    values = {**id_, **warehouse, "items": items, "then": ["BOOK"], **keyed()}
    return await runs.run("admin/shipment_create", staff, input=values)


async def confirmed(runs: Runs, shop: Shop, secret: str, order_id: str) -> Json:
    """What the partner says of the goods it sent."""
    items = [
        {"orderItemId": item["id"], "quantity": item["openQuantity"]} for item in (await shop.order(order_id))["items"]
    ]
    values = {
        "orderId": order_id,
        "warehouseId": shop.warehouse_ids[0],
        "items": items,
        "carrier": "DHL",
        "trackingNumber": "00340",
        "then": ["BOOK", "FINALIZE"],
        **keyed(),
    }
    return await runs.run_as_partner("partner/shipment_confirm", secret, input=values)


async def test_an_order_goes_from_draft_to_paid(tea_shop: Shop, client: Client, database: Database) -> None:
    shop, runs = tea_shop, Runs(client)
    shopper, staff = shop.shopper(), shop.staff
    order = await placed(runs, shop, database, shopper)
    id_ = {"orderId": order["id"]}
    await shortened(runs, staff, await runs.run("admin/order_page", staff, id=order["id"]))
    shipped = await booked(runs, shop, staff, id_)
    await looked_into(runs, staff, order["id"])
    values = {"shipmentId": shipped["shipment"]["id"], "carrier": "DHL", "trackingNumber": "00340", **keyed()}
    await runs.run("admin/shipment_finalize", staff, input=values)
    issued = (await runs.run("admin/invoice_issue", staff, input={**id_, "dueDays": 14, **keyed()}))["invoice"]
    page = await runs.run("admin/order_page", staff, id=order["id"])
    assert (page["state"], page["summary"]) == ("COMPLETED", "shipped, invoiced, unpaid")
    assert {"OrderPlaced", "InvoiceIssued"} <= {entry["type"] for entry in page["history"]["nodes"]}
    values = {
        "customerId": page["customer"]["id"],
        "kind": "REGULAR",
        "tenders": [{"method": "CARD", "amount": issued["total"]["amount"], "reference": key()}],
        "allocations": [{"invoiceId": issued["id"]}],
        **keyed(),
    }
    await runs.run("admin/payment_record", staff, input=values)
    seen = await runs.run("storefront/order", shopper, number=order["number"])
    assert seen["summary"] == "shipped, invoiced, paid"
    assert money(seen["outstanding"]) == 0
    newest = await runs.run("admin/newest_orders", staff)
    assert [node["number"] for node in newest["nodes"]] == [order["number"]]
    values = {**id_, **keyed()}
    assert (await runs.run("admin/order_close", staff, input=values))["order"]["state"] == "CLOSED"
    again = await runs.run("storefront/order_reorder", shopper, input={**id_, **keyed()})
    assert [item["sku"] for item in again["order"]["items"]] == ["TEA-EARL-GREY", "delivery"]
    await money_back(runs, shop, issued["id"])
    await readme_operations(runs, shop, shopper)
    assert runs.names == {name for name in FILES if not name.startswith("partner/")} - ON_DEMO_DATA


async def money_back(runs: Runs, shop: Shop, invoice_id: str) -> None:
    """Part of a paid invoice is credited, used and paid out; a sale in one step is cancelled with its money."""
    data = await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { items { id } } }", id=invoice_id)
    items = [{"invoiceItemId": data["invoice"]["items"][0]["id"], "quantity": "1"}]
    values = {"cause": "LOST_CONSIGNMENT", "items": items, **keyed()}
    memo = (await runs.run("admin/credit_memo_issue", shop.staff, input=values))["creditMemo"]
    assert (memo["balance"]["amount"], memo["total"]["amount"]) == ("6", "6")
    sale = {**shop.order_values(("TEA-EARL-GREY", 1), then=["PLACE", "BILL"]), "customerId": None, **keyed()}
    customer = (await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { customerId } }", id=invoice_id))[
        "invoice"
    ]
    made = await shop.did("orderCreate", "invoice { id }", **{**sale, **customer})
    targets = [{"invoiceId": made["invoice"]["id"], "amount": "2.00"}]
    values = {"creditMemoId": memo["id"], "targets": targets, **keyed()}
    await runs.run("admin/credit_memo_apply", shop.staff, input=values)
    refund = await runs.run("admin/refund_request", shop.staff, input={"creditMemoId": memo["id"], **keyed()})
    assert (refund["refund"]["amount"]["amount"], refund["refund"]["tenders"][0]["method"]) == ("4", "CARD")
    sale = {**shop.order_values(("TEA-EARL-GREY", 1), then=["PLACE", "BILL"], paymentMethod="CASH"), **keyed()}
    sold = await runs.run("admin/cash_sale", shop.staff, input=sale)
    assert sold["cashSale"]["paymentStatus"] == "PAID"
    values = {"orderId": sold["order"]["id"], "reason": "Too cold", "settlement": "REFUND", **keyed()}
    cancelled = await runs.run("admin/order_cancel", shop.staff, input=values)
    assert (cancelled["refund"]["tenders"][0]["method"], cancelled["order"]["state"]) == ("CASH", "CANCELLED")


async def looked_into(runs: Runs, staff: Principal, order_id: str) -> None:
    """Staff stop the order, ask the customer, and let it go on."""
    values = {"orderId": order_id, "reason": "address looks wrong"}
    (hold,) = (await runs.run("admin/order_hold", staff, input={**values, **keyed()}))["order"]["holds"]
    await runs.run("admin/order_release", staff, input={**values, "holdId": hold["id"], **keyed()})


async def shortened(runs: Runs, staff: Principal, order: Json) -> None:
    """Three teas, tried and then taken, and one of them is not wanted after all: two as before."""
    values = {"orderId": order["id"], "orderItemId": order["items"][0]["id"], "quantity": "3"}
    tried = await runs.run("admin/order_item_update", staff, input={**values, "dryRun": True, **keyed()})
    assert tried["order"]["version"] == order["version"]
    await runs.run("admin/order_item_update", staff, input={**values, "expectedVersion": order["version"], **keyed()})
    items = [{"orderItemId": order["items"][0]["id"], "quantity": "1"}]
    values = {"orderId": order["id"], "items": items, "reason": "one is enough", **keyed()}
    left = (await runs.run("admin/order_item_cancel", staff, input=values))["order"]
    assert left["items"][0]["openQuantity"] == "2"


def keyed() -> Json:
    """A fresh idempotency key, as a part of an input."""
    return {"idempotencyKey": key()}


async def readme_operations(runs: Runs, shop: Shop, shopper: Principal) -> None:
    """Those that name no channel are for a shopper who is bound to one; the last one is to be refused."""
    bound = replace(shopper, channel_ids=frozenset({decode_id("Channel", shop.channel_id)}))
    first = await runs.run("storefront/place_order", bound)
    assert await runs.run("storefront/place_order", bound) == first
    with pytest.raises(AssertionError, match="INSUFFICIENT_STOCK"):
        await runs.run("storefront/ask_first", bound)


async def test_a_partner_sells_and_ships(tea_shop: Shop, client: Client) -> None:
    shop, runs = tea_shop, Runs(client)
    made = await shop.did("apiKeyCreate", "secret", name="Market", scopes=sorted(PARTNER), channelIds=[shop.channel_id])
    secret, reference = made["secret"], key()
    guest = {"kind": "GUEST", "name": "Carl", "email": "carl@example.com", **keyed()}
    carl = (await runs.run_as_partner("partner/customer_create", secret, input=guest))["customer"]
    values = {
        **shop.order_values(("TEA-EARL-GREY", 3), then=["PLACE"]),
        "customerId": carl["id"],
        "externalRef": reference,
        **keyed(),
    }
    order = (await runs.run_as_partner("partner/order_create", secret, input=values))["order"]
    found = await runs.run_as_partner("partner/order_by_ref", secret, externalRef=reference)
    assert (found["id"], found["state"]) == (order["id"], "PLACED")
    received = await runs.run_as_partner("partner/order_acknowledge", secret, input={"orderId": order["id"], **keyed()})
    assert received["order"]["state"] == "ACKNOWLEDGED"
    shipped = await confirmed(runs, shop, secret, order["id"])
    assert (shipped["shipment"]["state"], shipped["order"]["dispatchStatus"]) == ("FINALIZED", "FULL")
    await shop.did("invoiceIssue", orderId=order["id"])
    page = await runs.run_as_partner("partner/invoices", secret, first=10)
    assert [node["orderId"] for node in page["nodes"]] == [order["id"]]
    data = await shop.query("query ($id: ID!) { order(by: {id: $id}) { invoices { items { id } } } }", id=order["id"])
    items = [{"invoiceItemId": data["order"]["invoices"][0]["items"][0]["id"], "quantity": "1"}]
    await shop.did("creditMemoIssue", cause="LOST_CONSIGNMENT", items=items)
    credits_ = await runs.run_as_partner("partner/credits", secret, first=10)
    assert [node["orders"][0]["externalRef"] for node in credits_["nodes"]] == [reference]
    assert runs.names == {name for name in FILES if name.startswith("partner/")} - ON_DEMO_DATA
