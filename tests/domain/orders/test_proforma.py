"""Proforma orders: firm and promised, shipped and billed once they are paid, else they expire (KH-6, KH-7, X-24)."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.jobs.sweeper import Sweeper
from tests.bills import PAYMENT, advanced
from tests.bulk.calls import done
from tests.client import Json
from tests.race.checks import at_once
from tests.scenarios.books import available
from tests.shop import ORDER, Shop

FIELDS = f"{ORDER} order {{ typeCode expiresAt }}"


async def proforma(shop: Shop, *items: tuple[str, int], **values: object) -> Json:
    """A placed proforma order."""
    made = await shop.did("orderCreate", FIELDS, **shop.order_values(*items, typeCode="PF", then=["PLACE"], **values))
    order: Json = made["order"]
    return order


async def make_late(database: Database, number: str, company: object) -> None:
    """As if the order had waited for too long, by the database's clock."""
    async with database.session() as session:
        statement = "UPDATE orders SET expires_at = now() - interval '1 minute' WHERE number = :n AND company_id = :c"
        await session.execute(text(statement), {"n": number, "c": company})
        await session.commit()


async def test_it_promises_stock_and_has_its_own_numbers(shop: Shop, database: Database) -> None:
    """KH-7, KH-11: committed with an expiry; neither an invoice nor a tax point."""
    order = await proforma(shop, ("apple", 10))
    assert (order["number"], order["typeCode"], order["summary"]) == ("PF-000001", "PF", "committed, unbilled, unpaid")
    assert order["expiresAt"] is not None
    assert await available(shop, "apple") == "40"
    assert await verify(database, shop.company) == []


async def test_before_it_is_paid_nothing_leaves_and_nothing_is_billed(shop: Shop) -> None:
    """PREPAYMENT_REQUIRED, told beforehand (N-1); afterwards each of them goes."""
    order = await proforma(shop, ("apple", 10))
    id_ = {"orderId": order["id"]}
    told = {t["name"]: [b["code"] for b in t["blockers"]] for t in order["availableTransitions"]}
    for name in ("allocationCreate", "invoiceIssue", "cashSaleIssue"):
        assert "PREPAYMENT_REQUIRED" in told[name]
    assert await shop.refused("allocationCreate", **id_) == ["PREPAYMENT_REQUIRED"]
    assert await shop.refused("invoiceIssue", **id_) == ["PREPAYMENT_REQUIRED"]
    assert await shop.refused("cashSaleIssue", **id_, paymentMethod="CASH") == ["PREPAYMENT_REQUIRED"]
    made = await shop.did("shipmentCreate", "shipment { id }", **id_, warehouseId=shop.warehouse_ids[0])
    assert await shop.refused("shipmentBook", shipmentId=made["shipment"]["id"]) == ["PREPAYMENT_REQUIRED"]
    await advanced(shop, "120.00", orderId=order["id"])
    await shop.did("shipmentBook", shipmentId=made["shipment"]["id"])
    await shop.did("invoiceIssue", **id_)


async def test_paid_in_full_it_becomes_a_sales_order(shop: Shop, database: Database) -> None:
    """KH-6: converted by the payment that completes it, under its lock; it keeps its number and no longer expires."""
    order = await proforma(shop, ("apple", 10))
    await advanced(shop, "100.00", orderId=order["id"])
    assert (await read(shop, order["id"]))["typeCode"] == "PF"
    await advanced(shop, "20.00", orderId=order["id"])
    after = await read(shop, order["id"])
    assert (after["typeCode"], after["number"], after["expiresAt"]) == ("S", "PF-000001", None)
    assert (after["paymentStatus"], after["summary"]) == ("PREPAID", "committed, unbilled, prepaid")
    assert await verify(database, shop.company) == []


async def test_more_than_it_comes_to_is_told(shop: Shop) -> None:
    order = await proforma(shop, ("apple", 1))
    values = {"customerId": shop.customer_id, "kind": "ADVANCE", "orderId": order["id"]}
    payload = await shop.did("paymentRecord", PAYMENT, **values, tenders=[{"method": "CARD", "amount": "15.00"}])
    assert [warning["code"] for warning in payload["warnings"]] == ["PROFORMA_OVERPAID"]
    assert (await read(shop, order["id"]))["paymentStatus"] == "OVERPAID"


@pytest.mark.parametrize(("rule", "billing"), [("MANUAL", "UNBILLED"), ("PAYMENT", "INVOICED")])
async def test_billed_by_its_payment_where_that_is_the_rule(
    shop: Shop, database: Database, rule: str, billing: str
) -> None:
    """KH-15, X-9: under billOn PAYMENT the invoice follows at once and the advance settles it; a pair of settings."""
    await shop.set_policy("billOn", rule)
    order = await proforma(shop, ("apple", 2))
    await advanced(shop, "24.00", orderId=order["id"])
    after = await read(shop, order["id"])
    assert (after["billingStatus"], after["outstanding"]["amount"]) == (billing, "0")
    assert after["paymentStatus"] == ("PREPAID" if rule == "MANUAL" else "PAID")
    assert await verify(database, shop.company) == []


async def test_unpaid_it_expires(shop: Shop, database: Database) -> None:
    """X-24, BA-94: cancelled by the job, stock free, the part that was paid stays on account."""
    order = await proforma(shop, ("apple", 10))
    waiting = await proforma(shop, ("apple", 1))
    advance = await advanced(shop, "50.00", orderId=order["id"])
    await make_late(database, order["number"], shop.company)
    assert await Sweeper(database).sweep() >= 1
    after = await read(shop, order["id"])
    assert (after["state"], after["summary"], after["expiresAt"]) == ("CANCELLED", "cancelled, paid", None)
    assert (await read(shop, waiting["id"]))["state"] == "PLACED"
    assert await available(shop, "apple") == "49"
    data = await shop.query("query ($id: ID!) { payment(by: {id: $id}) { order { id } } }", id=advance["id"])
    assert data["payment"]["order"] is None
    assert await Sweeper(database).sweep() == 0
    assert await verify(database, shop.company) == []


async def test_a_payment_in_the_same_second_wins_or_finds_it_cancelled(shop: Shop, database: Database) -> None:
    """S5, a thousand times: both take the order's lock; never a cancelled order that took the money as its own."""
    await shop.receive("pear", 1000)
    values = {"customerId": shop.customer_id, "kind": "ADVANCE", "tenders": [{"method": "CARD", "amount": "3.00"}]}
    seen: Counter[str] = Counter()
    for _ in range(4):
        entries = [shop.order_values(("pear", 1), typeCode="PF", then=["PLACE"])] * 250
        orders = [one["order"] for one in await done(shop, "orderCreate", entries, "order { id number }")]
        for order in orders:
            await make_late(database, order["number"], shop.company)
        sweeps = asyncio.gather(Sweeper(database).sweep(), Sweeper(database).sweep())
        # The sweeper takes the oldest first, so both meet in the middle.
        latest = list(reversed(orders))
        payments = [{**values, "orderId": order["id"]} for order in latest]
        calls = (shop.client.mutate("paymentRecord", "", one, shop.staff) for one in payments)
        payloads = await at_once(calls, clients=4)
        await sweeps
        for order, payload in zip(latest, payloads, strict=True):
            codes = [error["code"] for error in payload["userErrors"]]
            after = await read(shop, order["id"])
            expected = ("S", "PLACED") if not codes else ("PF", "CANCELLED")
            assert (after["typeCode"], after["state"]) == expected
            assert codes in ([], ["INVALID_TRANSITION"])
            seen[after["state"]] += 1
    print(seen)
    assert len(seen) == 2, "Both of them won now and then."
    assert await verify(database, shop.company) == []


async def test_how_long_it_waits_is_frozen_when_it_is_placed(shop: Shop) -> None:
    """N-7: prepayTtl of the channel; a later change leaves placed orders alone."""
    first = await proforma(shop, ("apple", 1))
    await shop.set_policy("prepayTtl", "30")
    second = await proforma(shop, ("apple", 1))
    assert (await read(shop, first["id"]))["expiresAt"] == first["expiresAt"] < second["expiresAt"]


async def test_a_shopper_who_was_to_pay_at_once_is_not_waited_for_for_ever(shop: Shop) -> None:
    """BA-94: an unpaid web order expires as well, unless the method brings the money later."""
    shopper = shop.shopper()
    values: Json = {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}
    await shop.client.did("customerCreate", "", values, shopper)
    for method, expires in (("CARD", True), ("INVOICE", False), (None, False)):
        wanted = {**shop.order_values(("apple", 1), then=["PLACE"], paymentMethod=method), "customerId": None}
        made = await shop.client.did("orderCreate", "order { expiresAt }", wanted, shopper)
        assert (made["order"]["expiresAt"] is not None) == expires
        assert await shop.client.refused("orderCreate", {**wanted, "typeCode": "PF"}, shopper) == ["INVALID_INPUT"]


async def read(shop: Shop, id_: str) -> Json:
    """The order as it stands, with its type."""
    query = "query ($id: ID!) { order(by: {id: $id}) { number typeCode expiresAt state summary paymentStatus "
    data = await shop.query(f"{query} billingStatus outstanding {{ amount }} }} }}", id=id_)
    order: Json = data["order"]
    return order


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("orderItemCancel", {"items": [{"quantity": "4"}], "reason": "too many"}),
        ("orderItemUpdate", {"quantity": "6"}),
    ],
)
async def test_it_becomes_a_sales_order_when_less_is_left_to_pay(name: str, values: Json, shop: Shop) -> None:
    """The money that is there covers it, whichever of the two was changed last."""
    order = await proforma(shop, ("apple", 10))
    await advanced(shop, "72.00", orderId=order["id"])
    item = {"orderItemId": order["items"][0]["id"]}
    values = {**values, "items": [{**values["items"][0], **item}]} if "items" in values else {**values, **item}
    payload = await shop.did(name, FIELDS, orderId=order["id"], **values)
    assert (payload["order"]["typeCode"], payload["order"]["expiresAt"]) == ("S", None)
    assert payload["order"]["summary"] == "committed, unbilled, prepaid"
