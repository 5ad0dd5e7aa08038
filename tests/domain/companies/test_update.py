"""Companies change their name and time zone."""

from tests.client import Client
from tests.shop import Shop, open_shop

FIELDS = "company { name timezone version }"


async def test_what_is_absent_stays(shop: Shop) -> None:
    made = await shop.did("companyUpdate", FIELDS, companyId=shop.company_id, timezone="Europe/Berlin")
    assert made["company"] == {"name": "Test Ltd", "timezone": "Europe/Berlin", "version": 2}
    made = await shop.did("companyUpdate", FIELDS, companyId=shop.company_id, name=" Leaf & Bean ")
    assert made["company"] == {"name": "Leaf & Bean", "timezone": "Europe/Berlin", "version": 3}


async def test_values_are_checked(shop: Shop) -> None:
    for zone in ("Mars/Olympus", "../../etc/passwd", "America", "", None):
        assert await shop.refused("companyUpdate", companyId=shop.company_id, timezone=zone) == ["INVALID_INPUT"]
    assert await shop.refused("companyUpdate", companyId=shop.company_id, name=None) == ["INVALID_INPUT"]


async def test_another_company_does_not_exist(shop: Shop, client: Client) -> None:
    other = await open_shop(client)
    assert await shop.refused("companyUpdate", companyId=other.company_id, name="Mine") == ["NOT_FOUND"]
