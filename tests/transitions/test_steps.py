"""Steps asked for with ``then`` need the scopes of their own mutations: no verb is a way around another (A1)."""

from dataclasses import replace

import pytest

from gql_sales.db.engine import Database
from tests.client import Json, key
from tests.shop import Shop
from tests.snapshot import snapshot
from tests.transitions.cases import shipment_drafted


async def order_drafted(shop: Shop) -> Json:
    """A draft to be placed at once."""
    return shop.order_values(("apple", 1))


@pytest.mark.parametrize(
    ("name", "prepare", "then", "scope"),
    [
        ("orderCreate", order_drafted, ["PLACE"], "orders:place"),
        ("shipmentCreate", shipment_drafted, ["BOOK"], "shipments:book"),
        ("shipmentCreate", shipment_drafted, ["FINALIZE"], "shipments:book"),
        ("shipmentCreate", shipment_drafted, ["BOOK", "FINALIZE"], "shipments:finalize"),
    ],
)
async def test_a_step_needs_its_own_scope(
    name: str, prepare: object, then: list[str], scope: str, shop: Shop, database: Database
) -> None:
    assert callable(prepare)
    values = {**await prepare(shop), "then": then}
    limited = replace(shop.staff, scopes=shop.staff.scopes - {scope})
    query = f"mutation ($input: {name[0].upper() + name[1:]}Input!) {{ {name}(input: $input) {{ __typename }} }}"
    before = await snapshot(database)
    answer = await shop.client.execute(query, {"input": {"idempotencyKey": key(), **values}}, limited)
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["requiredScopes"]) == ("FORBIDDEN", [[scope]])
    assert await snapshot(database) == before
    await shop.client.did(name, "", {**values, "then": []}, limited)
    await shop.client.did(name, "", {**await prepare(shop), "then": then}, shop.staff)
