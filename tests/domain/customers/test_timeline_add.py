"""What people note about a customer: added, never changed, and read by staff only (KS-29, KS-30)."""

from datetime import UTC, datetime, timedelta

from tests.client import Json
from tests.shop import Shop

NOTES = """customer { version timeline { nodes { __typename id occurredAt actor
    ... on TimelineEntry { kind text createdAt } ... on TimelineEvent { type } } } }"""


async def note(shop: Shop, text: str, kind: str = "NOTE", **values: object) -> list[Json]:
    """The timeline after an entry was added."""
    given = {"customerId": shop.customer_id, "kind": kind, "text": text, **values}
    items: list[Json] = (await shop.did("customerTimelineAdd", NOTES, **given))["customer"]["timeline"]["nodes"]
    return items


async def test_an_entry_is_shown_once_with_who_noted_it(shop: Shop) -> None:
    """The event of the addition does not stand beside the entry."""
    newest, *rest = await note(shop, " Called back.\r\nWants blue ones. ", "CALL")
    assert (newest["__typename"], newest["kind"], newest["text"]) == (
        "TimelineEntry", "CALL", "Called back.\nWants blue ones.",
    )  # fmt: skip
    assert newest["actor"] == shop.staff.key
    assert newest["occurredAt"] == newest["createdAt"]
    assert [item["type"] for item in rest] == ["CustomerCreated"]


async def test_the_addition_is_an_event_of_the_customer(shop: Shop) -> None:
    values = {"customerId": shop.customer_id, "kind": "EMAIL_IN", "text": "x"}
    made = await shop.did("customerTimelineAdd", "customer { version }", **values)
    assert made["customer"]["version"] == 2
    assert [effect["message"] for effect in made["effects"]] == ["CustomerTimelineAdded."]


async def test_an_entry_of_earlier_lies_between_what_happened_then(shop: Shop) -> None:
    """KS-29: the order is that of what happened, not that of noting it down."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await note(shop, "second", "EMAIL_OUT", occurredAt=yesterday.isoformat())
    await note(shop, "first", "EMAIL_IN", occurredAt=(yesterday - timedelta(days=400)).isoformat())
    items = await note(shop, "last")
    assert [item.get("text") or item["type"] for item in items] == ["last", "CustomerCreated", "second", "first"]
    assert items[2]["occurredAt"] < items[2]["createdAt"]


async def test_what_has_not_happened_cannot_be_noted(shop: Shop) -> None:
    values = {"customerId": shop.customer_id, "kind": "NOTE", "text": "x"}
    soon = datetime.now(UTC) + timedelta(minutes=5)
    assert await shop.refused("customerTimelineAdd", **values, occurredAt=soon.isoformat()) == ["INVALID_DATE"]
    assert await shop.refused("customerTimelineAdd", **values, occurredAt="1969-12-31T23:59:59Z") == ["INVALID_DATE"]
    await shop.did("customerTimelineAdd", **values, occurredAt="1970-01-01T00:00:00Z")


async def test_the_text_is_checked(shop: Shop) -> None:
    values = {"customerId": shop.customer_id, "kind": "NOTE"}
    for text in (" \n ", "x" * 10_001, "a\u0000b"):
        assert await shop.refused("customerTimelineAdd", **values, text=text) == ["INVALID_INPUT"]
    both = await shop.refused("customerTimelineAdd", **values, text="", occurredAt="2999-01-01T00:00:00Z")
    assert both == ["INVALID_INPUT", "INVALID_DATE"]
    await shop.did("customerTimelineAdd", **values, text="x" * 10_000)
    await shop.did("customerTimelineAdd", **values, text="a\tb\nc")


async def test_an_entry_is_fetched_again_by_staff_and_by_no_shopper(shop: Shop) -> None:
    """A note for colleagues is nothing that its customer ever hears of (A1, A2)."""
    eve = shop.shopper()
    made = await shop.client.did("customerCreate", "customer { id }", {"name": "Eve", "email": "e@example.com"}, eve)
    shop.customer_id = made["customer"]["id"]
    entry, event = await note(shop, "Pays late.")
    ids = [entry["id"], event["id"]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    found = (await shop.query(query, ids=ids))["nodes"]
    assert [(one["__typename"], one["id"]) for one in found] == [("TimelineEntry", ids[0]), ("TimelineEvent", ids[1])]
    assert (await shop.client.query(query, {"ids": ids}, eve))["nodes"] == [None, None]
    mine = "query ($id: ID!) { customer(by: {id: $id}) { name timeline { nodes { id } } } }"
    answer = await shop.client.execute(mine, {"id": shop.customer_id}, eve)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]
    blind = shop.member("customers:read")
    answer = await shop.client.execute(mine, {"id": shop.customer_id}, blind)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert answer["data"]["customer"] == {"name": "Eve", "timeline": None}
