"""Whether the figures of orders and items agree with each other, told by the rows themselves (N-8)."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from gql_sales.db.embedded import Urls
from gql_sales.db.engine import Database
from gql_sales.domain.orders.reconciliation import weigh_item
from gql_sales.kernel.ids import decode_id
from tests.bills import issued, paid, ship
from tests.client import Json
from tests.shop import Shop

RECONCILED = "reconciliation { isBalanced identities { name formula left relation right isBalanced } }"
READ = f"query ($id: ID!) {{ order(by: {{id: $id}}) {{ {RECONCILED} items {{ sku {RECONCILED} }} }} }}"


async def read(shop: Shop, order_id: str) -> Json:
    """The order's reconciliation and those of its items."""
    order: Json = (await shop.query(READ, id=order_id))["order"]
    return order


async def sold(shop: Shop) -> str:
    """An order that is partly shipped, billed and partly paid."""
    order = await shop.placed(("apple", 5), ("delivery", 1))
    await ship(shop, order, ("apple", 2))
    await paid(shop, (await issued(shop, order["id"]))["id"], "20")
    id_: str = order["id"]
    return id_


async def test_a_sound_order_is_balanced_and_shows_its_figures(shop: Shop) -> None:
    order = await read(shop, await sold(shop))
    by_name = {one["name"]: one for one in order["reconciliation"]["identities"]}
    assert order["reconciliation"]["isBalanced"]
    assert by_name["DUE"] == {
        "name": "DUE", "formula": "due = paid + outstanding", "left": "65.88", "relation": "EQUAL", "right": "65.88",
        "isBalanced": True,
    }  # fmt: skip
    (apple, _) = order["items"]
    assert apple["reconciliation"]["isBalanced"]
    figures = {one["name"]: (one["left"], one["right"]) for one in apple["reconciliation"]["identities"]}
    assert figures["ORDERED"] == ("5", "5")
    assert figures["PROMISED"] == ("3", "3")
    assert figures["CREDITED"] == ("0", "5")


@pytest.mark.parametrize(
    ("column", "amount", "names"),
    [
        ("paid_amount", 1, {"DUE"}),
        ("net_amount", 1, {"TOTAL"}),
        ("billed_amount", -7000, {"UNBILLED", "UNSETTLED"}),
        ("advance_amount", 1, {"UNBILLED"}),
    ],
)
async def test_a_broken_amount_is_told(
    column: str, amount: int, names: set[str], shop: Shop, database: Database
) -> None:
    id_ = await sold(shop)
    async with database.write_engine.begin() as connection:
        statement = text(f"UPDATE orders SET {column} = {column} + :amount WHERE id = :id")
        await connection.execute(statement, {"amount": amount, "id": decode_id("Order", id_)})
    found = (await read(shop, id_))["reconciliation"]
    assert found["isBalanced"] is False
    assert {one["name"] for one in found["identities"] if not one["isBalanced"]} == names


BREAKS = {
    "ORDERED": "shipped_quantity = 6",
    "PROMISED": "committed_quantity = 4",
    "SET_ASIDE": "allocated_quantity = 2, booked_quantity = 2",
    "BILLED": "invoiced_quantity = 6",
    "CASH_SALED": "cash_saled_quantity = 6",
    "CREDITED": "credited_quantity = 6",
    "REBILLABLE": "rebillable_quantity = 1",
}


@pytest.mark.parametrize("name", BREAKS)
async def test_a_broken_quantity_is_told(name: str, shop: Shop, database_urls: Urls, database: Database) -> None:
    """The constraints of the table would not have it, so that it is broken in a transaction that nobody keeps."""
    id_ = decode_id("Order", await sold(shop))
    owner = Database(database_urls.owner)
    async with owner.write_engine.connect() as connection:
        for constraint in await connection.scalars(text(CHECKS)):
            await connection.execute(text(f'ALTER TABLE order_items DROP CONSTRAINT "{constraint}"'))
        broken = f"UPDATE order_items SET {BREAKS[name]} WHERE order_id = :id AND position = 1 RETURNING *"
        row = (await connection.execute(text(broken), {"id": id_})).one()
        await connection.rollback()
    await owner.close()
    found = {str(one.identity.name): one for one in weigh_item(row)}
    assert not found[name].is_balanced
    assert found[name].left > found[name].right or name == "ORDERED"
    assert Decimal(row.ordered_quantity) == 5


CHECKS = """SELECT conname FROM pg_constraint WHERE conrelid = 'order_items'::regclass AND contype = 'c'"""
