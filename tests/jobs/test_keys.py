"""Keys of idempotency are kept for seven days, longer than any retry, and then deleted (reliability.md I6)."""

from datetime import timedelta

from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.jobs.sweeper import Sweeper
from tests.client import key
from tests.shop import Shop


async def test_a_key_is_forgotten_after_seven_days_and_not_before(shop: Shop, database: Database) -> None:
    """P2 holds for seven days; afterwards the same key is a new one."""
    ages = {key(): timedelta(days=6, hours=23), key(): timedelta(days=7, hours=1)}
    for one, age in ages.items():
        await shop.did("orderCreate", **shop.order_values(("apple", 1), idempotencyKey=one))
        async with database.session() as session:
            statement = "UPDATE idempotency_keys SET created_at = now() - CAST(:age AS interval) WHERE key = :key"
            await session.execute(text(statement), {"age": age, "key": one})
            await session.commit()
    await Sweeper(database).sweep()
    query = "mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { userErrors { code } } }"
    replayed = []
    for one in ages:
        variables = {"input": shop.order_values(("apple", 1), idempotencyKey=one)}
        answer = await shop.client.execute(query, variables, shop.staff)
        replayed.append("idempotency" in answer["extensions"])
    assert replayed == [True, False]
