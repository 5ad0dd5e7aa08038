"""orderClose with writeOff: what nobody will pay is given up, in the ledger and on every balance (BA-42, I-11)."""

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import balances, issued, paid, read_cash_sale, sold
from tests.bulk.calls import done
from tests.client import Json
from tests.credits import MEMO
from tests.domain.orders.test_acknowledge import blockers
from tests.domain.orders.test_item_cancel import shipped
from tests.scenarios.books import balance, entries
from tests.shop import Shop
from tests.snapshot import snapshot

FIELDS = "order { state summary outstanding { amount } paid { amount } paymentStatus }"
BILL = "writtenOff { amount } openBalance { amount } total { amount } paymentStatus"


async def unpaid(shop: Shop, quantity: int = 10, *, pay: str | None = None) -> tuple[Json, Json]:
    """A completed order that is invoiced and paid in part or not at all, and its invoice."""
    order = await shop.placed(("apple", quantity))
    await shipped(shop, order, str(quantity), "BOOK", "FINALIZE")
    invoice = await issued(shop, order["id"])
    if pay:
        await paid(shop, invoice["id"], pay)
    return order, invoice


async def read(shop: Shop, invoice: Json) -> Json:
    """The invoice as it stands."""
    data = await shop.query(f"query ($id: ID!) {{ invoice(by: {{id: $id}}) {{ {BILL} }} }}", id=invoice["id"])
    found: Json = data["invoice"]
    return found


async def closed(shop: Shop, order: Json, **values: object) -> Json:
    """The payload of closing the order with its rest written off."""
    return await shop.did("orderClose", FIELDS, orderId=order["id"], writeOff=True, **values)


async def test_the_open_rest_is_given_up(shop: Shop, database: Database) -> None:
    """BA-42: refused without the wish, told by no guard since it can be granted; with it nothing is owed any more."""
    order, invoice = await unpaid(shop, pay="100.00")
    assert await blockers(shop, order["id"], "orderClose") == []
    for values in ({}, {"writeOff": False}):
        assert await shop.refused("orderClose", orderId=order["id"], **values) == ["DOCUMENTS_OPEN"]
    payload = await closed(shop, order)
    assert payload["order"] == {
        "state": "CLOSED", "summary": "closed, shipped, invoiced, paid", "outstanding": {"amount": "0"},
        "paid": {"amount": "120"}, "paymentStatus": "PAID",
    }  # fmt: skip
    assert await read(shop, invoice) == {
        "writtenOff": {"amount": "20"}, "openBalance": {"amount": "0"}, "total": {"amount": "120"},
        "paymentStatus": "PAID",
    }  # fmt: skip
    assert (await entries(shop, invoice["id"]))[1:] == [
        ("PAYMENT_ALLOCATION", {"WRITE_OFF": "20", "RECEIVABLE": "-20"})
    ]
    assert await balances(shop) == {
        "CASH": "100", "RECEIVABLE": "0", "REVENUE": "-100", "TAX_PAYABLE": "-20", "WRITE_OFF": "20"
    }  # fmt: skip
    assert await balance(shop) == []
    assert await verify(database, shop.company) == []


async def test_a_dry_run_shows_it_and_writes_nothing(shop: Shop, database: Database) -> None:
    """N-2: balances and journal lines are told before anything happens, and are those of the real run."""
    order, _ = await unpaid(shop, 1)
    before = await snapshot(database)
    dry = await closed(shop, order, dryRun=True)
    assert await snapshot(database) == before
    told = {effect["message"] for effect in dry["effects"]}
    assert {
        "Invoice open amount -12 EUR.",
        "Invoice written off amount +12 EUR.",
        "PAYMENT_ALLOCATION: Dr WRITE_OFF 12 EUR.",
        "PAYMENT_ALLOCATION: Cr RECEIVABLE 12 EUR.",
        "OrderClosed.",
    } <= {message.replace(".00", "") for message in told}
    real = await closed(shop, order)
    assert {effect["message"] for effect in real["effects"]} == told


@pytest.mark.parametrize(("mode", "posted"), [("FOUR_EVENTS", 2), ("OFF", 0)])
async def test_the_ledger_follows_the_mode_of_the_order(mode: str, posted: int, shop: Shop, database: Database) -> None:
    """X-16: a pair that differs by the setting; the balances are the same."""
    await shop.set_policy("journalMode", mode)
    order, invoice = await unpaid(shop, 1)
    await closed(shop, order)
    assert len(await entries(shop, invoice["id"])) == posted
    assert (await read(shop, invoice))["writtenOff"] == {"amount": "12"}
    assert await verify(database, shop.company) == []


async def test_every_open_bill_of_the_order_and_no_other(shop: Shop, database: Database) -> None:
    await shop.set_policy("billingScope", "PER_SHIPMENT")
    order = await shop.placed(("apple", 10))
    invoices = []
    for quantity in ("4", "6"):
        await shipped(shop, order, quantity, "BOOK", "FINALIZE")
        invoices.append(await issued(shop, order["id"]))
    _, other = await unpaid(shop, 1)
    await paid(shop, invoices[0]["id"], "48.00")
    await closed(shop, order)
    found = [(await read(shop, invoice))["writtenOff"]["amount"] for invoice in (*invoices, other)]
    assert found == ["0", "72", "0"]
    assert await balance(shop) == ["12"]
    assert await verify(database, shop.company) == []


async def test_with_nothing_open_it_just_closes(shop: Shop) -> None:
    order, invoice = await unpaid(shop, 1, pay="12.00")
    assert (await closed(shop, order))["order"]["state"] == "CLOSED"
    assert (await read(shop, invoice))["writtenOff"] == {"amount": "0"}


async def test_what_may_still_be_billed_is_not_given_up(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    await shipped(shop, order, "1", "BOOK", "FINALIZE")
    assert await shop.refused("orderClose", orderId=order["id"], writeOff=True) == ["DOCUMENTS_OPEN"]


async def test_a_cash_sale_takes_it_to_its_invoice(shop: Shop, database: Database) -> None:
    """PK-15: what counts on the invoice later counts there, the write-off with it; its money is not asked for again."""
    order = await shop.placed(("apple", 2))
    await shipped(shop, order, "2", "BOOK", "FINALIZE")
    sale = await sold(shop, order["id"])
    payment = (await shop.query("{ payments { nodes { id } } }"))["payments"]["nodes"][0]
    await shop.did("paymentDeallocate", paymentId=payment["id"])
    await closed(shop, order)
    data = await shop.query(f"query ($id: ID!) {{ cashSale(by: {{id: $id}}) {{ {BILL} }} }}", id=sale["id"])
    assert (data["cashSale"]["writtenOff"], data["cashSale"]["paymentStatus"]) == ({"amount": "24"}, "PAID")
    made = await shop.did("cashSaleInvoice", f"invoice {{ {BILL} }}", cashSaleId=sale["id"])
    assert (made["invoice"]["writtenOff"], made["invoice"]["openBalance"]) == ({"amount": "24"}, {"amount": "0"})
    assert (await read_cash_sale(shop, sale["id"]))["handedOver"] == {"amount": "24"}
    assert await verify(database, shop.company) == []


async def test_crediting_what_was_given_up_is_no_money(shop: Shop, database: Database) -> None:
    """I-11: 20 of 120 were never paid, so that a credit for 60 leaves 40 for the customer; in full, what was paid."""
    order, invoice = await unpaid(shop, pay="100.00")
    await closed(shop, order)
    lines = await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { items { id } } }", id=invoice["id"])
    part = {"invoiceItemId": lines["invoice"]["items"][0]["id"], "quantity": "5"}
    for left in ("40", "60"):
        payload = await shop.did("creditMemoIssue", MEMO, cause="LOST_CONSIGNMENT", items=[part])
        assert payload["creditMemo"]["balance"] == {"amount": left}
    assert (await read(shop, invoice))["writtenOff"] == {"amount": "0"}
    assert (await balances(shop))["WRITE_OFF"] == "0"
    assert await verify(database, shop.company) == []


async def test_the_statement_tells_it_on_its_day(shop: Shop) -> None:
    """BA-58: the sums add up."""
    order, invoice = await unpaid(shop, 1, pay="10.00")
    await closed(shop, order)
    data = await shop.query(
        """query ($id: ID!) { customerStatement(customerId: $id) { accounts { closing { amount }
        lines { kind amount { amount } number settledNumber } } } }""",
        id=shop.customer_id,
    )
    (account,) = data["customerStatement"]["accounts"]
    assert account["closing"] == {"amount": "0"}
    assert [(line["kind"], line["amount"]["amount"]) for line in account["lines"]] == [
        ("INVOICE", "12"), ("PAYMENT", "-10"), ("WRITE_OFF", "-2")
    ]  # fmt: skip
    assert account["lines"][-1]["settledNumber"] == invoice["number"]


async def test_many_at_once(shop: Shop, database: Database) -> None:
    """C-51: bills of all of them are locked first."""
    orders = [(await unpaid(shop, 1))[0] for _ in range(3)]
    written = [{"orderId": order["id"], "writeOff": True} for order in orders]
    results = await done(shop, "orderClose", written, "order { summary }")
    assert [one["order"]["summary"] for one in results] == ["closed, shipped, invoiced, paid"] * 3
    assert await verify(database, shop.company) == []
