"""Policies are set for the company or a channel, and shown with where each value comes from (N-7, X-1 to X-29)."""

import asyncio
from dataclasses import replace

import pytest

from gql_sales.domain.policies.registry import POLICIES, Policy
from gql_sales.kernel.ids import decode_id
from tests.client import Client
from tests.shop import Shop, open_shop

FIELDS = "policy { name value origin }"
QUERY = """query ($channelId: ID) { policies(channelId: $channelId) {
  name value origin defaultValue allowedValues supportedValues source description } }"""


async def held(shop: Shop, name: str, channel_id: str | None = None) -> tuple[str, str]:
    """Value and origin of a policy."""
    found = await shop.query(QUERY, channelId=channel_id)
    return next((row["value"], row["origin"]) for row in found["policies"] if row["name"] == name)


async def test_a_channel_goes_before_the_company_and_that_before_the_default(shop: Shop) -> None:
    assert await held(shop, "billingScope", shop.channel_id) == ("WHOLE_ORDER", "DEFAULT")
    made = await shop.did("policySet", FIELDS, name="billingScope", value="BY_SELECTION")
    assert made["policy"] == {"name": "billingScope", "value": "BY_SELECTION", "origin": "COMPANY"}
    assert await held(shop, "billingScope", shop.channel_id) == ("BY_SELECTION", "COMPANY")
    values = {"name": "billingScope", "value": "WHOLE_ORDER", "channelId": shop.channel_id}
    assert (await shop.did("policySet", FIELDS, **values))["policy"]["origin"] == "CHANNEL"
    assert await held(shop, "billingScope", shop.channel_id) == ("WHOLE_ORDER", "CHANNEL")
    assert await held(shop, "billingScope") == ("BY_SELECTION", "COMPANY")
    await shop.did("policySet", **{**values, "value": "BY_SELECTION"})
    assert await held(shop, "billingScope", shop.channel_id) == ("BY_SELECTION", "CHANNEL")


async def test_every_policy_is_shown(shop: Shop) -> None:
    found = (await shop.query(QUERY))["policies"]
    assert [row["name"] for row in found] == list(POLICIES)
    for row in found:
        assert row["value"] == row["defaultValue"]
        assert row["defaultValue"] in row["supportedValues"]
        assert set(row["supportedValues"]) <= set(row["allowedValues"])
        assert row["source"]
        assert row["description"]


async def test_unknown_names_and_values_are_refused(shop: Shop) -> None:
    assert await shop.refused("policySet", name="colour", value="RED") == ["INVALID_INPUT"]
    assert await shop.refused("policySet", name="billingScope", value="SOMETIMES") == ["INVALID_INPUT"]


@pytest.mark.parametrize("found", POLICIES.values(), ids=POLICIES)
async def test_only_what_this_version_acts_on_can_be_set(shop: Shop, found: Policy) -> None:
    for value in found.values:
        payload = await shop.client.mutate(
            "policySet", "userErrors { ... on PolicyForbidsError { policy } }", {"name": found.name, "value": value},
            shop.staff,
        )  # fmt: skip
        refused = [(error["code"], error["policy"]) for error in payload["userErrors"]]
        assert refused == ([] if value in found.supported else [("POLICY_FORBIDS", found.name)])


async def test_two_at_once_make_one_setting(shop: Shop) -> None:
    values = ["ALLOW", "WARN", "BLOCK", "WARN"]
    await asyncio.gather(*[shop.did("policySet", name="partialShipment", value=value) for value in values])
    assert (await held(shop, "partialShipment"))[1] == "COMPANY"


async def test_channels_are_the_callers_own(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    values = {"name": "billingScope", "value": "BY_SELECTION"}
    assert await shop.refused("policySet", **values, channelId=other.channel_id) == ["NOT_FOUND"]
    assert (await shop.query(QUERY, channelId=other.channel_id))["policies"] is None
    bound = replace(shop.staff, channel_ids=frozenset({decode_id("Channel", shop.channel_id)}))
    assert await client.refused("policySet", values, bound) == ["INVALID_INPUT"]
    await client.did("policySet", "", {**values, "channelId": shop.channel_id}, bound)


async def test_an_order_tells_the_rules_it_was_placed_under(shop: Shop) -> None:
    """N-7: value and origin of each, frozen; a policy changed after placement leaves the order alone."""
    query = "query ($id: ID!) { order(by: {id: $id}) { policyTrace { name value origin } } }"
    await shop.did("policySet", name="paymentScope", value="FULL_ONLY")
    await shop.set_policy("billingScope", "BY_SELECTION")
    draft = await shop.draft(("apple", 1))
    assert (await shop.query(query, id=draft["id"]))["order"]["policyTrace"] == []
    await shop.did("orderPlace", orderId=draft["id"])
    await shop.set_policy("billingScope", "WHOLE_ORDER")
    trace = (await shop.query(query, id=draft["id"]))["order"]["policyTrace"]
    told = {one["name"]: (one["value"], one["origin"]) for one in trace}
    assert set(told) == set(POLICIES)
    assert told["billingScope"] == ("BY_SELECTION", "CHANNEL")
    assert told["paymentScope"] == ("FULL_ONLY", "COMPANY")
    assert told["commitOn"] == ("PLACE", "DEFAULT")
    items = [{"orderItemId": draft["items"][0]["id"], "quantity": "1"}]
    await shop.did("invoiceIssue", orderId=draft["id"], items=items)
    shopper = shop.shopper()
    answer = await shop.client.execute("{ orders { nodes { policyTrace { name } } } }", None, shopper)
    assert "policyTrace" in answer["errors"][0]["message"]
