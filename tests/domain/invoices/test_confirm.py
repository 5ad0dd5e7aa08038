"""taxPointRule (X-9, KH-12 to KH-14): which day an invoice counts for tax, and invoiceConfirm, which sets it later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, issued, ship
from tests.client import Json
from tests.shop import Shop

TODAY = datetime.now(UTC).date()
FIELDS = "invoice { id number datedOn taxPointOn confirmedAt state }"


async def confirm(shop: Shop, invoice: Json, **values: Any) -> Json:
    """The invoice after it was confirmed."""
    payload = await shop.did("invoiceConfirm", FIELDS, invoiceId=invoice["id"], **values)
    found: Json = payload["invoice"]
    return found


def days_ago(days: int) -> str:
    """An instant that many days before now."""
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


async def shipped_days_ago(shop: Shop, database: Database, days: int) -> Json:
    """An order whose goods left some days ago, by the clock of the server that sent them."""
    order = await shop.placed(("apple", 10))
    await ship(shop, order, ("apple", 4))
    # The clock of the tests cannot be turned back for one request; a finalized shipment keeps what it was sent with.
    async with database.write_engine.begin() as connection:
        await connection.execute(
            text("UPDATE shipments SET finalized_at = finalized_at - make_interval(days => :days)"), {"days": days}
        )
    return order


@pytest.mark.parametrize(
    ("rule", "days"), [("INVOICE_DATE", 0), ("EARLIER_OF_SUPPLY_AND_PAYMENT", 5), ("ON_ISSUE_CONFIRMATION", None)]
)
async def test_the_rule_alone_decides_the_day(shop: Shop, rule: str, days: int | None) -> None:
    """Paid five days ago, billed today: three rules, three answers."""
    await shop.set_policy("taxPointRule", rule)
    order = await shop.placed(("apple", 1))
    await advanced(shop, "12", orderId=order["id"], receivedAt=days_ago(5))
    invoice = await issued(shop, order["id"])
    assert invoice["datedOn"] == TODAY.isoformat()
    assert invoice["taxPointOn"] == (None if days is None else (TODAY - timedelta(days=days)).isoformat())


async def test_goods_that_left_first_set_the_day(shop: Shop, database: Database) -> None:
    """KH-12: supply before payment and invoice; pieces that were billed before do not count again."""
    await shop.set_policy("taxPointRule", "EARLIER_OF_SUPPLY_AND_PAYMENT")
    await shop.set_policy("billingScope", "PER_SHIPMENT")
    order = await shipped_days_ago(shop, database, 3)
    first = await issued(shop, order["id"])
    assert first["taxPointOn"] == (TODAY - timedelta(days=3)).isoformat()
    await ship(shop, order, ("apple", 6))
    second = await issued(shop, order["id"])
    assert second["taxPointOn"] == TODAY.isoformat()
    assert await verify(database, shop.company) == []


async def test_an_invoice_is_confirmed_once(shop: Shop, database: Database) -> None:
    """X-9, KH-13: printed or sent, it counts from that day on; its seal still holds (L6)."""
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    dry = await shop.did("invoiceConfirm", FIELDS, invoiceId=invoice["id"], dryRun=True)
    assert (dry["invoice"]["taxPointOn"], [effect["message"] for effect in dry["effects"]]) == (
        None, ["InvoiceConfirmed."],
    )  # fmt: skip
    confirmed = await confirm(shop, invoice)
    assert (confirmed["taxPointOn"], confirmed["confirmedAt"] is None) == (TODAY.isoformat(), False)
    assert await shop.refused("invoiceConfirm", invoiceId=invoice["id"]) == ["INVALID_TRANSITION"]
    assert await verify(database, shop.company) == []


async def test_no_other_rule_waits(shop: Shop) -> None:
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    assert await shop.refused("invoiceConfirm", invoiceId=invoice["id"]) == ["POLICY_FORBIDS"]


@pytest.mark.parametrize(("days", "is_allowed"), [(-3, False), (-2, True), (0, True), (1, False)])
async def test_a_day_lies_between_the_invoice_and_today(shop: Shop, days: int, *, is_allowed: bool) -> None:
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"], invoicedOn=(TODAY - timedelta(days=2)).isoformat())
    day = (TODAY + timedelta(days=days)).isoformat()
    if is_allowed:
        assert (await confirm(shop, invoice, confirmedOn=day))["taxPointOn"] == day
    else:
        assert await shop.refused("invoiceConfirm", invoiceId=invoice["id"], confirmedOn=day) == ["INVALID_DATE"]


async def test_an_invoice_of_tomorrow_waits_for_its_day(shop: Shop) -> None:
    """Whether the day is named or not; an invoice of today is the positive twin above."""
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"], invoicedOn=tomorrow)
    for values in ({}, {"confirmedOn": tomorrow}, {"confirmedOn": TODAY.isoformat()}):
        assert await shop.refused("invoiceConfirm", invoiceId=invoice["id"], **values) == ["INVALID_DATE"]


async def test_a_cash_sale_waits_for_nothing(shop: Shop) -> None:
    """It is handed over with the money."""
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    order = await shop.placed(("apple", 1))
    payload = await shop.did(
        "cashSaleIssue", "cashSale { datedOn taxPointOn }", orderId=order["id"], paymentMethod="CASH"
    )
    assert payload["cashSale"] == {"datedOn": TODAY.isoformat(), "taxPointOn": TODAY.isoformat()}


async def test_the_day_is_set_once_whoever_writes(shop: Shop, database: Database) -> None:
    """N5: the database holds what the verb promises."""
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    await confirm(shop, invoice)
    with pytest.raises(Exception, match="history is kept"):
        async with database.write_engine.begin() as connection:
            await connection.execute(text("UPDATE invoices SET tax_point_on = tax_point_on + 1"))
