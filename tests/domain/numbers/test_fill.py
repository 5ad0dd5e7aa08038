"""A dry run names the next number and stands in nobody's way (domain.md 6, N-2)."""

import asyncio

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.shop import Shop


async def test_dry_runs_and_real_runs_do_not_meet_at_the_number(shop: Shop, database: Database) -> None:
    """Orders of a service share no stock, so that the series is the only thing they have in common."""
    drafts = [(await shop.draft(("delivery", 1)))["id"] for _ in range(30)]

    async def place(id_: str, *, is_dry: bool) -> list[str]:
        payload = await shop.client.mutate("orderPlace", "", {"orderId": id_, "dryRun": is_dry}, shop.staff)
        return [error["code"] for error in payload["userErrors"]]

    tried, real = drafts[:15], drafts[15:]
    calls = [place(id_, is_dry=True) for id_ in tried * 3] + [place(id_, is_dry=False) for id_ in real]
    assert [codes for codes in await asyncio.gather(*calls) if codes] == []
    numbers = [(await shop.order(id_))["number"] for id_ in drafts]
    assert numbers[:15] == [None] * 15
    assert sorted(numbers[15:]) == [f"S-{value:06d}" for value in range(1, 16)]
    assert await verify(database, shop.company) == []
