"""billOn ACKNOWLEDGE: an order is billed by itself when it is acknowledged (X-9, X-20, PK-7 to PK-9)."""

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced
from tests.client import Json
from tests.domain.orders.test_acknowledge import blockers, events
from tests.shop import ORDER, Shop


async def acknowledged(shop: Shop, order: Json) -> Json:
    """The order after its acknowledgement."""
    payload = await shop.did("orderAcknowledge", ORDER, orderId=order["id"])
    found: Json = payload["order"]
    return found


@pytest.mark.parametrize(("rule", "before", "after"), [("MANUAL", "UNBILLED", "UNBILLED"),
    ("ACKNOWLEDGE", "UNBILLED", "INVOICED"), ("PLACE", "INVOICED", "INVOICED")])  # fmt: skip
async def test_bills_at_the_acknowledgement(shop: Shop, database: Database, rule: str, before: str, after: str) -> None:
    """X-9: the outcome differs by the setting only; what was placed under another one keeps it."""
    await shop.set_policy("billOn", rule)
    order = await shop.placed(("apple", 2), ("delivery", 1))
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    assert order["billingStatus"] == before
    assert (await acknowledged(shop, order))["billingStatus"] == after
    assert await verify(database, shop.company) == []


async def test_what_is_paid_at_once_is_cash_saled(shop: Shop, database: Database) -> None:
    """PK-6 to PK-9: the method and the wish decide, as at placement."""
    await shop.set_policy("billOn", "ACKNOWLEDGE")
    found = []
    for values in ({"paymentMethod": "CARD"}, {"paymentMethod": "CARD", "isInvoiceRequested": True}):
        order = await acknowledged(shop, await shop.placed(("apple", 1), **values))
        found.append((order["billingStatus"], order["paymentStatus"]))
    assert found == [("CASH_SALED", "PAID"), ("INVOICED", "UNPAID")]
    assert await verify(database, shop.company) == []


async def test_money_that_waits_for_the_order_settles_its_cash_sale(shop: Shop, database: Database) -> None:
    await shop.set_policy("billOn", "ACKNOWLEDGE")
    order = await shop.placed(("apple", 2), paymentMethod="CARD")
    await advanced(shop, "24.00", orderId=order["id"])
    after = await acknowledged(shop, order)
    assert (after["billingStatus"], after["paymentStatus"]) == ("CASH_SALED", "PAID")
    data = await shop.query("{ payments { nodes { amount { amount } } } }")
    assert data["payments"]["nodes"] == [{"amount": {"amount": "24"}}], "nothing is asked for twice"
    assert await verify(database, shop.company) == []


async def test_the_whole_chain_of_a_placement(shop: Shop) -> None:
    """X-20 AUTO_ON_PLACE: placed, acknowledged and billed in one transaction."""
    await shop.set_policy("billOn", "ACKNOWLEDGE")
    await shop.set_policy("acknowledgeMode", "AUTO_ON_PLACE")
    draft = await shop.draft(("apple", 1))
    payload = await shop.did("orderPlace", ORDER, orderId=draft["id"])
    assert (payload["order"]["state"], payload["order"]["billingStatus"]) == ("ACKNOWLEDGED", "INVOICED")
    assert events(payload) == ["StockCommitted.", "OrderPlaced.", "OrderAcknowledged.", "InvoiceIssued."]


@pytest.mark.parametrize("values", [{}, {"paymentMethod": "CASH"}])
async def test_a_hold_on_billing_leaves_it_to_a_person(shop: Shop, values: Json) -> None:
    """The acknowledgement goes; without the hold it bills, for invoices and cash sales alike."""
    await shop.set_policy("billOn", "ACKNOWLEDGE")
    order = await shop.placed(("apple", 1), **values)
    await shop.did("orderHold", orderId=order["id"], reason="credit", scope="BILLING")
    after = await acknowledged(shop, order)
    assert (after["state"], after["billingStatus"]) == ("ACKNOWLEDGED", "UNBILLED")
    free = await acknowledged(shop, await shop.placed(("apple", 1), **values))
    assert free["billingStatus"] != "UNBILLED"


@pytest.mark.parametrize("rule", ["PLACE", "ACKNOWLEDGE"])
@pytest.mark.parametrize("method", [None, "CARD"])
async def test_a_proforma_order_is_not_billed_before_it_is_paid(shop: Shop, rule: str, method: str | None) -> None:
    """KH-11, N-1: it can be placed and acknowledged, as its transitions say; a sales order is billed by them."""
    await shop.set_policy("billOn", rule)
    draft = await shop.draft(("apple", 1), typeCode="PF", paymentMethod=method)
    assert await blockers(shop, draft["id"], "orderPlace") == []
    await shop.did("orderPlace", orderId=draft["id"])
    assert (await acknowledged(shop, draft))["billingStatus"] == "UNBILLED"
    firm = await shop.placed(("apple", 1), paymentMethod=method)
    assert (await acknowledged(shop, firm))["billingStatus"] != "UNBILLED"
