"""A web shop's visitors: they make their own record, try, place, see only what is theirs, and change their mind."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.principals import Principal, PrincipalKind
from tests.client import Client, Json
from tests.scenarios.books import available, balance, summary
from tests.shop import ADDRESS, ORDER_FIELDS, Shop
from tests.snapshot import snapshot

# Where goods are set aside is nothing a shopper is shown.
SHOWN = ORDER_FIELDS.replace("allocations { id state quantity warehouseId }", "")
ORDER = f"order {{ {SHOWN} }}"
READ = "query ($id: ID!) { order(by: {id: $id}) { id summary number } node(id: $id) { id } }"
LIST = "{ orders(first: 50) { nodes { id } } }"


async def visitor(shop: Shop, name: str) -> Principal:
    """A guest with a record of their own."""
    guest = shop.shopper(kind=PrincipalKind.GUEST)
    values = {"kind": "GUEST", "name": name, "email": f"{name.lower()}@example.com"}
    await shop.client.did("customerCreate", "customer { id kind }", values, guest)
    return guest


async def basket(shop: Shop, guest: Principal, *items: tuple[str, int]) -> Json:
    """A draft of a visitor."""
    values = shop.order_values(*items)
    del values["customerId"]
    payload = await shop.client.did("orderCreate", ORDER, values, guest)
    order: Json = payload["order"]
    return order


async def test_from_basket_to_order_and_back(shop: Shop, client: Client, database: Database) -> None:
    """KS-20, KS-21, BA-88..90, PK-6, N-1, N-2, X-19."""
    guest = await visitor(shop, "Gus")
    draft = await basket(shop, guest, ("apple", 2), ("delivery", 1))
    assert (draft["summary"], draft["total"]["amount"]) == ("draft", "29.88")
    values: Json = {"orderId": draft["id"], "items": [{"sku": "pear", "quantity": "4"}]}
    await client.did("orderItemAdd", "", values, guest)
    values = {"orderId": draft["id"], "orderItemId": draft["items"][0]["id"], "quantity": "3"}
    changed = (await client.did("orderItemUpdate", ORDER, values, guest))["order"]
    assert (changed["total"]["amount"], changed["version"]) == ("53.88", 3)
    stale = {"orderId": draft["id"], "orderItemId": changed["items"][2]["id"], "expectedVersion": 2}
    assert await client.refused("orderItemRemove", stale, guest) == ["VERSION_CONFLICT"]

    before = await snapshot(database)
    fields = "order { number } effects { __typename ... on NumberEffect { number } }"
    tried = await client.did("orderPlace", fields, {"orderId": draft["id"], "dryRun": True}, guest)
    assert await snapshot(database) == before
    assert tried["order"]["number"] is None
    (number,) = [effect["number"] for effect in tried["effects"] if "number" in effect]
    assert await available(shop, "apple") == "50"
    order = (await client.did("orderPlace", ORDER, {"orderId": draft["id"]}, guest))["order"]
    assert (order["number"], order["summary"]) == (number, "committed, unbilled, unpaid")
    assert await available(shop, "apple") == "47"
    allowed = {one["name"] for one in order["availableTransitions"] if one["isAllowed"]}
    assert "orderCancel" in allowed
    assert allowed & {"orderPlace", "orderItemAdd", "orderDelete"} == set()
    cancelled = await client.did("orderCancel", ORDER, {"orderId": order["id"], "reason": "too late"}, guest)
    assert (cancelled["order"]["state"], cancelled["order"]["summary"]) == ("CANCELLED", "cancelled, paid")
    assert (await available(shop, "apple"), await balance(shop)) == ("50", [])
    assert await client.refused("orderPlace", {"orderId": order["id"]}, guest) == ["INVALID_TRANSITION"]
    assert await verify(database, shop.company) == []


async def test_visitors_see_and_touch_their_own_orders_only(shop: Shop, client: Client, database: Database) -> None:
    """P8, A2, A3: somebody else's order is one that does not exist, for reading and for every verb."""
    first, second = await visitor(shop, "Gus"), await visitor(shop, "Gia")
    mine, theirs = await basket(shop, first, ("apple", 1)), await basket(shop, second, ("apple", 1))
    staffs = await shop.draft(("apple", 1))
    assert (await client.query(LIST, None, first))["orders"]["nodes"] == [{"id": mine["id"]}]
    assert (await client.query(READ, {"id": mine["id"]}, first))["node"] == {"id": mine["id"]}
    for foreign in (theirs, staffs):
        assert await client.query(READ, {"id": foreign["id"]}, first) == {"order": None, "node": None}
        id_, item = foreign["id"], foreign["items"][0]["id"]
        calls: dict[str, Json] = {
            "orderPlace": {"orderId": id_},
            "orderCancel": {"orderId": id_, "reason": "mine"},
            "orderDelete": {"orderId": id_},
            "orderItemAdd": {"orderId": id_, "items": [{"sku": "apple", "quantity": "1"}]},
            "orderItemUpdate": {"orderId": id_, "orderItemId": item, "quantity": "9"},
            "orderItemRemove": {"orderId": id_, "orderItemId": item},
            "orderSetAddresses": {"orderId": id_, "shippingAddress": ADDRESS},
        }
        for name, values in calls.items():
            assert await client.refused(name, values, first) == ["NOT_FOUND"], name
        # An item of another order is no item of mine.
        for name in ("orderItemUpdate", "orderItemRemove"):
            values = {**calls[name], "orderId": mine["id"]}
            assert await client.refused(name, values, first) == ["NOT_FOUND"], name
    given = {"orderId": mine["id"], "customerId": shop.customer_id}
    assert await client.refused("orderSetCustomer", given, first) == ["NOT_FOUND"]
    assert await client.refused("customerUpdate", {"customerId": shop.customer_id, "name": "X"}, first) == ["NOT_FOUND"]
    nested = "{ orders { nodes { customer { name addresses { id } } invoices { id } shipments { id } } } }"
    seen = await client.query(nested, None, first)
    assert [node["customer"]["name"] for node in seen["orders"]["nodes"]] == ["Gus"]
    assert await verify(database, shop.company) == []


async def test_a_shopper_has_no_hand_in_stock_bills_and_money(shop: Shop, client: Client) -> None:
    """A1, A4: what a shopper may not do is not in the shopper's schema, or is forbidden."""
    guest = await visitor(shop, "Gus")
    for name in ("allocationCreate", "shipmentCreate", "invoiceIssue", "paymentRecord", "stockAdjust", "policySet"):
        kind = name[0].upper() + name[1:]
        query = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename }} }}"
        answer = await client.execute(query, {"input": {}}, guest)
        codes = {error["extensions"]["code"] for error in answer["errors"]}
        assert codes <= {"GRAPHQL_VALIDATION_FAILED", "FORBIDDEN", "BAD_USER_INPUT"}, (name, codes)
        assert (answer.get("data") or {}).get(name) is None


async def test_stock_that_ran_out_is_told_with_its_line(shop: Shop, client: Client, database: Database) -> None:
    """C-4, C-5, C-7, C-9: drafts promise nothing, placing sums the lines, the last unit is sold once."""
    await shop.add_product("rare", "100.00", stock=3)
    first, second = await visitor(shop, "Gus"), await visitor(shop, "Gia")
    mine = await basket(shop, first, ("rare", 2), ("rare", 1))
    theirs = await basket(shop, second, ("rare", 1))
    too_much = await basket(shop, second, ("rare", 2), ("rare", 2))
    assert await client.refused("orderPlace", {"orderId": too_much["id"]}, second) == ["INSUFFICIENT_STOCK"]
    await client.did("orderPlace", "", {"orderId": mine["id"]}, first)
    fields = "userErrors { ... on InsufficientStockError { availableQuantity orderItemId } }"
    payload = await client.mutate("orderPlace", fields, {"orderId": theirs["id"]}, second)
    (error,) = payload["userErrors"]
    assert (error["code"], error["availableQuantity"], error["orderItemId"]) == (
        "INSUFFICIENT_STOCK", "0", theirs["items"][0]["id"],
    )  # fmt: skip
    assert await summary(shop, theirs["id"]) == "draft"
    await client.did("orderCancel", "", {"orderId": mine["id"], "reason": "no"}, first)
    await client.did("orderPlace", "", {"orderId": theirs["id"]}, second)
    assert await verify(database, shop.company) == []


async def test_an_account_may_be_required(shop: Shop, client: Client, database: Database) -> None:
    """X-10, BA-87: a guest may fill a basket, only customers place it where it is so set."""
    await shop.set_policy("customerIdentity", "ACCOUNT_REQUIRED")
    guest = await visitor(shop, "Gus")
    draft = await basket(shop, guest, ("apple", 1))
    assert await client.refused("orderPlace", {"orderId": draft["id"]}, guest) == ["ACCOUNT_REQUIRED"]
    customer = shop.shopper()
    values = {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}
    await client.did("customerCreate", "", values, customer)
    await client.did("orderPlace", "", {"orderId": (await basket(shop, customer, ("apple", 1)))["id"]}, customer)
    assert await verify(database, shop.company) == []
