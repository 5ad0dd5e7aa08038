"""Companies are opened by operators, with their books."""

import uuid

import pytest

from tests.client import Client
from tests.shop import OPERATOR_PRINCIPAL, Shop

FIELDS = "company { code name countryCode currencyCode timezone version }"


def values(**changed: object) -> dict[str, object]:
    """Input of a new company."""
    return {"code": uuid.uuid4().hex, "name": "A", "countryCode": "DE", "currencyCode": "EUR", **changed}


async def test_a_company_is_opened(client: Client) -> None:
    wanted = values(timezone="Asia/Tokyo", currencyCode="JPY", countryCode="JP")
    made = await client.did("companyCreate", FIELDS, wanted, OPERATOR_PRINCIPAL)
    assert made["company"] == {**wanted, "version": 1}


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "America", ""])
async def test_the_time_zone_is_known(client: Client, zone: str) -> None:
    assert await client.refused("companyCreate", values(timezone=zone), OPERATOR_PRINCIPAL) == ["INVALID_INPUT"]
    await client.did("companyCreate", "", values(timezone="Europe/Berlin"), OPERATOR_PRINCIPAL)


async def test_the_code_is_unique(client: Client) -> None:
    wanted = values()
    await client.did("companyCreate", "", wanted, OPERATOR_PRINCIPAL)
    assert await client.refused("companyCreate", wanted, OPERATOR_PRINCIPAL) == ["EXTERNAL_REF_TAKEN"]


async def test_texts_are_checked(client: Client) -> None:
    codes = await client.refused("companyCreate", values(code="x" * 41, name=" "), OPERATOR_PRINCIPAL)
    assert codes == ["INVALID_INPUT", "INVALID_INPUT"]


async def test_a_company_cannot_open_another(shop: Shop) -> None:
    query = "mutation ($input: CompanyCreateInput!) { companyCreate(input: $input) { userErrors { code } } }"
    answer = await shop.client.execute(query, {"input": {**values(), "idempotencyKey": "k" * 16}}, shop.staff)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_an_operator_finds_companies_by_code_and_others_their_own(client: Client, shop: Shop) -> None:
    wanted = values()
    await client.did("companyCreate", "", wanted, OPERATOR_PRINCIPAL)
    query = "query ($codes: [String!]) { companies(filter: {codes: $codes}) { nodes { code } } }"
    found = await client.query(query, {"codes": [wanted["code"], "nobody"]}, OPERATOR_PRINCIPAL)
    assert found["companies"]["nodes"] == [{"code": wanted["code"]}]
    own = (await shop.query("{ company { code } }"))["company"]
    for codes, seen in [([wanted["code"]], []), ([own["code"]], [own]), (None, [own])]:
        assert (await shop.query(query, codes=codes))["companies"]["nodes"] == seen
