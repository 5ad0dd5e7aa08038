"""orderPlace: numbered, frozen, promised; refused with a reason for each thing that is missing."""

from tests.client import Json
from tests.shop import ADDRESS, Shop


async def place(shop: Shop, order: Json) -> list[str]:
    """The codes with which placing the draft is refused; empty when it is placed."""
    payload = await shop.client.mutate("orderPlace", "", {"orderId": order["id"]}, shop.staff)
    return [error["code"] for error in payload["userErrors"]]


async def test_placing_numbers_the_order_and_promises_its_stock(shop: Shop) -> None:
    """KS-6, KS-7: the pool promises, no warehouse is named."""
    draft = await shop.draft(("apple", 10), ("delivery", 1))
    payload = await shop.did("orderPlace", "order { number state summary commitmentStatus }", orderId=draft["id"])
    assert payload["order"] == {
        "number": "S-000001",
        "state": "PLACED",
        "summary": "committed, unbilled, unpaid",
        "commitmentStatus": "FULL",
    }
    order = await shop.order(draft["id"])
    assert [item["committedQuantity"] for item in order["items"]] == ["10", "0"]
    assert order["allocations"] == []


async def test_shortage_names_item_and_available_quantity(shop: Shop) -> None:
    """X-4 REJECT, C-20."""
    draft = await shop.draft(("apple", 51))
    payload = await shop.client.mutate("orderPlace", "order { state }", {"orderId": draft["id"]}, shop.staff)
    assert payload["order"] == {"state": "OPEN"}
    query = """mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { userErrors {
        code ... on InsufficientStockError { orderItemId availableQuantity } } } }"""
    data = await shop.query(query, input={"orderId": draft["id"], "idempotencyKey": "k" * 16})
    assert data["orderPlace"]["userErrors"] == [
        {"code": "INSUFFICIENT_STOCK", "orderItemId": draft["items"][0]["id"], "availableQuantity": "50"}
    ]
    assert await place(shop, await shop.draft(("apple", 50))) == []


async def test_lines_of_one_product_are_summed_before_the_check(shop: Shop) -> None:
    """C-9, S3."""
    assert await place(shop, await shop.draft(("apple", 30), ("apple", 21))) == ["INSUFFICIENT_STOCK"]
    assert await place(shop, await shop.draft(("apple", 30), ("apple", 20))) == []


async def test_the_rest_stays_open_under_commit_partial(shop: Shop) -> None:
    """X-4 COMMIT_PARTIAL, PK-21; the pair to the refusal above."""
    await shop.set_policy("commitShortage", "COMMIT_PARTIAL")
    payload = await shop.did("orderPlace", "order { summary }", orderId=(await shop.draft(("apple", 60)))["id"])
    assert payload["order"]["summary"] == "partly committed, unbilled, unpaid"
    assert [warning["code"] for warning in payload["warnings"]] == ["STOCK_SHORT"]


async def test_allocation_on_placement_when_the_policy_says_so(shop: Shop) -> None:
    """X-3, KH-4."""
    await shop.set_policy("allocateOn", "PLACE")
    order = await shop.placed(("apple", 10))
    assert order["allocationStatus"] == "FULL"
    assert [(a["state"], a["quantity"]) for a in order["allocations"]] == [("ALLOCATED", "10")]


async def test_an_empty_order_is_not_placed(shop: Shop) -> None:
    assert await place(shop, await shop.draft()) == ["NO_ITEMS"]
    assert await place(shop, await shop.draft(("apple", 1))) == []


async def test_an_order_without_a_customer_is_not_placed(shop: Shop) -> None:
    """KS-20."""
    draft = await shop.draft(("apple", 1), customerId=None)
    assert await place(shop, draft) == ["CUSTOMER_REQUIRED"]
    await shop.did("orderSetCustomer", orderId=draft["id"], customerId=shop.customer_id)
    assert await place(shop, draft) == []


async def test_guests_are_refused_where_an_account_is_required(shop: Shop) -> None:
    """X-10, BA-87 against KS-21."""
    made = await shop.did("customerCreate", "customer { id }", kind="GUEST", name="G", email="g@example.com")
    guest = made["customer"]["id"]
    assert await place(shop, await shop.draft(("apple", 1), customerId=guest)) == []
    await shop.set_policy("customerIdentity", "ACCOUNT_REQUIRED")
    assert await place(shop, await shop.draft(("apple", 1), customerId=guest)) == ["ACCOUNT_REQUIRED"]
    assert await place(shop, await shop.draft(("apple", 1))) == []


async def test_addresses_and_tax_must_be_complete(shop: Shop) -> None:
    draft = await shop.draft(("apple", 1), shippingAddress=None, billingAddress=None)
    assert await place(shop, draft) == ["ADDRESS_REQUIRED", "ADDRESS_REQUIRED"]
    abroad = {**ADDRESS, "countryCode": "US"}
    await shop.did("orderSetAddresses", orderId=draft["id"], shippingAddress=abroad, billingAddress=ADDRESS)
    assert await place(shop, draft) == ["TAX_INCOMPLETE"]
    await shop.did("orderSetAddresses", orderId=draft["id"], shippingAddress=ADDRESS)
    assert await place(shop, draft) == []


async def test_a_policy_changed_after_placement_leaves_the_order_as_it_was(shop: Shop) -> None:
    """policies.md, rule: copied onto the order when it is placed."""
    order = await shop.placed(("apple", 10))
    await shop.set_policy("partialShipment", "BLOCK")
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    await shop.did("shipmentCreate", orderId=order["id"], warehouseId=shop.warehouse_ids[0], items=lines)
    later = await shop.placed(("apple", 10))
    lines = [{"orderItemId": later["items"][0]["id"], "quantity": "4"}]
    assert await shop.refused(
        "shipmentCreate", orderId=later["id"], warehouseId=shop.warehouse_ids[0], items=lines
    ) == ["PARTIAL_SHIPMENT_BLOCKED"]
