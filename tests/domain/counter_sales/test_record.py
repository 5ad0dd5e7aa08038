"""counterSaleRecord: a sale at a till in one mutation, all of it or nothing (KH-5, X-8, M6, PK-9, PK-19)."""

import asyncio

from gql_sales.access.scopes import ROLES
from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.client import Json, key
from tests.scenarios.books import level
from tests.shop import ORDER, Shop
from tests.snapshot import snapshot

FIELDS = f"""{ORDER} order {{ typeCode source shippingAddress {{ countryCode }} }} shipment {{ number state }}
  cashSale {{ number datedOn paymentStatus }} payment {{ tenders {{ method amount {{ amount }} }} }}"""


def sale(shop: Shop, *items: tuple[str, int], **values: object) -> Json:
    """Input: what is sold to the shop's customer."""
    lines = [{"sku": sku, "quantity": str(quantity)} for sku, quantity in items]
    return {"channelId": shop.channel_id, "customerId": shop.customer_id, "items": lines, **values}


async def test_order_goods_receipt_and_money_at_once(shop: Shop, database: Database) -> None:
    """KH-5: own prefix; the receipt, the note and the money have their own numbers."""
    tenders = [{"method": "CASH", "amount": "20.00"}, {"method": "CARD", "amount": "4.00"}]
    made = await shop.did("counterSaleRecord", FIELDS, **sale(shop, ("apple", 2), tenders=tenders))
    order = made["order"]
    assert (order["number"], order["typeCode"], order["source"], order["state"]) == (
        "ES-000001",
        "ES",
        "EPOS",
        "COMPLETED",
    )
    assert (order["summary"], order["shippingAddress"]["countryCode"]) == ("shipped, cash-saled, paid", "DE")
    assert (made["shipment"]["number"], made["cashSale"]["number"]) == ("DN-000001", "CS-000001")
    assert [tender["method"] for tender in made["payment"]["tenders"]] == ["CASH", "CARD"]
    assert await level(shop, "apple") == ("48", "0", "0")
    data = await shop.query("{ numberSeriesAudit(series: ORDER_ES) { isUnbroken } }")
    assert data["numberSeriesAudit"]["isUnbroken"]
    assert await verify(database, shop.company) == []


async def test_by_one_method_and_by_date(shop: Shop) -> None:
    """PK-18: the whole by the method; PK-24: dated by the caller."""
    values = sale(shop, ("pear", 1), paymentMethod="CARD", datedOn="2026-03-01")
    made = await shop.did("counterSaleRecord", FIELDS, **values)
    assert made["payment"]["tenders"] == [{"method": "CARD", "amount": {"amount": "3"}}]
    assert made["cashSale"]["datedOn"] == "2026-03-01"


async def test_nothing_happens_in_part(shop: Shop, database: Database) -> None:
    """M6: not enough money, too much of it, no stock, no method: refused, and no number is taken."""
    few = [{"method": "CASH", "amount": "11.99"}]
    more = [{"method": "CASH", "amount": "12.01"}]
    before = await snapshot(database)
    wrong: list[tuple[Json, str]] = [
        (sale(shop, ("apple", 1), tenders=few), "FULL_PAYMENT_REQUIRED"),
        (sale(shop, ("apple", 1), tenders=more), "EXCEEDS_OPEN_BALANCE"),
        (sale(shop, ("apple", 51), paymentMethod="CASH"), "INSUFFICIENT_STOCK"),
        (sale(shop, ("apple", 1)), "INVALID_INPUT"),
        (sale(shop, ("apple", 1), paymentMethod="INVOICE"), "PAYMENT_METHOD_NOT_IMMEDIATE"),
        (sale(shop, paymentMethod="CASH"), "NO_ITEMS"),
        ({**sale(shop, ("apple", 1)), "customerId": "cus_" + "0" * 32}, "NOT_FOUND"),
        (sale(shop, ("apple", 1), warehouseId="whs_" + "0" * 32), "NOT_FOUND"),
    ]
    for values, code in wrong:
        assert await shop.refused("counterSaleRecord", **values) == [code], values
    assert await snapshot(database) == before
    await shop.did("counterSaleRecord", **sale(shop, ("apple", 1), paymentMethod="CASH"))


async def test_the_last_unit_at_two_tills(shop: Shop, database: Database) -> None:
    """S1: many tills, five units: five receipts, the others are told."""
    await shop.add_product("plum", "1.00", 5)
    values = sale(shop, ("plum", 1), paymentMethod="CASH")
    calls = [shop.client.mutate("counterSaleRecord", "", values, shop.staff) for _ in range(12)]
    found = await asyncio.gather(*calls)
    assert sum(not payload["userErrors"] for payload in found) == 5
    assert {e["code"] for payload in found for e in payload["userErrors"]} == {"INSUFFICIENT_STOCK"}
    assert await verify(database, shop.company) == []


async def test_a_till_needs_the_scopes_of_its_steps(shop: Shop) -> None:
    """The role TILL has them all; one less, and nothing is sold."""
    query = "mutation ($input: CounterSaleRecordInput!) { counterSaleRecord(input: $input) { userErrors { code } } }"
    values = {**sale(shop, ("apple", 1), paymentMethod="CASH"), "idempotencyKey": key()}
    for missing in ("orders:place", "shipments:finalize", "cash_sales:issue", "counter_sales:record"):
        answer = await shop.client.execute(query, {"input": values}, shop.member(*ROLES["TILL"] - {missing}))
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"], missing
    await shop.client.query(query, {"input": values}, shop.member(*ROLES["TILL"]))


async def test_an_order_of_that_type_is_made_only_here(shop: Shop) -> None:
    values = shop.order_values(("apple", 1), typeCode="ES")
    assert await shop.refused("orderCreate", **values) == ["INVALID_INPUT"]
    await shop.draft(("apple", 1), typeCode="S")
