"""Channels are opened with the pool they draw on (KS-2, PK-29)."""

import asyncio

from tests.client import Client
from tests.shop import Shop, open_shop

FIELDS = "channel { id code name kind currencyCode isActive version pool { id code } }"
VALUES = {"code": "till", "name": "Till", "kind": "EPOS", "currencyCode": "EUR", "poolCode": "main"}


async def test_a_channel_draws_on_the_pool_it_names(shop: Shop) -> None:
    made = (await shop.did("channelCreate", FIELDS, **{**VALUES, "code": " till ", "poolCode": "outlet"}))["channel"]
    assert made["pool"]["code"] == "outlet"
    assert (made["code"], made["kind"], made["currencyCode"], made["isActive"], made["version"]) == (
        "till", "EPOS", "EUR", True, 1,
    )  # fmt: skip


async def test_channels_of_one_pool_code_share_the_pool(shop: Shop) -> None:
    """Also when both are the first to name it."""
    made = await asyncio.gather(
        *[shop.did("channelCreate", FIELDS, **{**VALUES, "code": f"c{n}", "poolCode": "new"}) for n in range(4)]
    )
    assert len({payload["channel"]["pool"]["id"] for payload in made}) == 1


async def test_the_code_is_unique_in_the_company_only(shop: Shop, client: Client) -> None:
    await shop.did("channelCreate", **VALUES)
    assert await shop.refused("channelCreate", **VALUES) == ["EXTERNAL_REF_TAKEN"]
    await (await open_shop(client)).did("channelCreate", **VALUES)


async def test_every_bad_value_is_reported_at_once(shop: Shop) -> None:
    payload = await shop.client.mutate(
        "channelCreate", "", {**VALUES, "code": "  ", "name": "x" * 201, "poolCode": "a\u0000b"}, shop.staff
    )
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [
        ("INVALID_INPUT", ["input", "code"]),
        ("INVALID_INPUT", ["input", "name"]),
        ("INVALID_INPUT", ["input", "poolCode"]),
    ]


async def test_opening_needs_its_scope(shop: Shop) -> None:
    reader = shop.member("channels:read", "channels:edit")
    answer = await shop.client.execute(
        "mutation ($input: ChannelCreateInput!) { channelCreate(input: $input) { userErrors { code } } }",
        {"input": {**VALUES, "idempotencyKey": "k" * 16}},
        reader,
    )
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
