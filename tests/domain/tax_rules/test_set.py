"""Tax rates by country, group and first day (BA-81)."""

import asyncio

from tests.shop import Shop

FIELDS = "taxRule { id countryCode taxGroup rate name validFrom version }"
VALUES = {"countryCode": "FR", "taxGroup": "STANDARD", "rate": "0.2", "name": "TVA", "validFrom": "2026-01-01"}


async def test_the_same_day_again_replaces_the_rate(shop: Shop) -> None:
    first = (await shop.did("taxRuleSet", FIELDS, **VALUES))["taxRule"]
    assert {key: first[key] for key in VALUES} == VALUES
    again = (await shop.did("taxRuleSet", FIELDS, **{**VALUES, "rate": "0.055", "name": "TVA réduite"}))["taxRule"]
    assert (again["id"], again["rate"], again["name"], again["version"]) == (first["id"], "0.055", "TVA réduite", 2)
    later = (await shop.did("taxRuleSet", FIELDS, **{**VALUES, "validFrom": "2027-01-01"}))["taxRule"]
    assert later["id"] != first["id"]


async def test_two_at_once_make_one_rule(shop: Shop) -> None:
    made = await asyncio.gather(*[shop.did("taxRuleSet", FIELDS, **VALUES) for _ in range(4)])
    assert len({payload["taxRule"]["id"] for payload in made}) == 1


async def test_a_rate_is_a_share(shop: Shop) -> None:
    for rate in ("19", "1.01", "-0.1"):
        assert await shop.refused("taxRuleSet", **{**VALUES, "rate": rate}) == ["INVALID_INPUT"]
    for rate in ("0", "1", "0.19"):
        await shop.did("taxRuleSet", **{**VALUES, "rate": rate})


async def test_names_are_checked(shop: Shop) -> None:
    assert await shop.refused("taxRuleSet", **{**VALUES, "taxGroup": "", "name": " "}) == ["INVALID_INPUT"] * 2


async def test_rules_are_listed(shop: Shop) -> None:
    await shop.did("taxRuleSet", **VALUES)
    data = await shop.query('query { taxRules(filter: {countryCode: "FR"}) { nodes { name } totalCount { value } } }')
    assert data["taxRules"] == {"nodes": [{"name": "TVA"}], "totalCount": {"value": 1}}
    data = await shop.query('query { taxRules(filter: {taxGroup: "OTHER"}) { nodes { name } } }')
    assert data["taxRules"] == {"nodes": []}
