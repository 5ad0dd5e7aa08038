"""The statement of a customer adds up to what is open, and agrees with the ledger day by day (KS-24, BA-58)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from gql_sales.db.engine import Database
from gql_sales.db.queries.statements import opening_balances, statement_lines
from gql_sales.domain.verify import verify
from gql_sales.kernel.ids import new_id
from gql_sales.kernel.principals import Principal
from tests.bills import advanced, issued, paid, payment_values, sold
from tests.client import Json
from tests.credits import billed, credited, goodwill, part
from tests.plans import plan
from tests.shop import Shop

STATEMENT = """query ($id: ID!, $from: Date, $to: Date) { customerStatement(customerId: $id, from: $from, to: $to) {
    from to customer { id balance { amount } advances { amount } credits { amount } } accounts {
        currencyCode opening { amount } closing { amount currencyCode }
        lines { postedOn kind number dueOn settledNumber amount { amount } balance { amount }
                document { __typename id } settled { __typename id } } } } }"""


async def statement(
    shop: Shop, principal: Principal | None = None, *, since: str | None = None, to: str | None = None
) -> Json:
    """The statement of the shop's customer."""
    values = {"id": shop.customer_id, "from": since, "to": to}
    data = await shop.client.query(STATEMENT, values, principal or shop.staff)
    found: Json = data["customerStatement"]
    return found


def told(account: Json) -> list[Any]:
    """Day, kind, amount and balance of each line."""
    return [
        (line["postedOn"], line["kind"], Decimal(line["amount"]["amount"]), Decimal(line["balance"]["amount"]))
        for line in account["lines"]
    ]


async def busy_weeks(shop: Shop) -> tuple[Json, Json, Json]:
    """Bills and money of three days in January: an invoice, an advance used for it later, a cash sale, money for it."""
    first = await issued(shop, (await shop.placed(("apple", 10)))["id"], invoicedOn="2026-01-05", dueDays=14)
    advance = await advanced(shop, "30")
    second = await issued(shop, (await shop.placed(("apple", 1)))["id"], invoicedOn="2026-01-07")
    allocations = [{"invoiceId": second["id"], "amount": "12"}]
    values = payment_values(shop, "REGULAR", "12", allocations=allocations, receivedAt="2026-01-10T12:00:00Z")
    await shop.did("paymentRecord", **values)
    return first, advance, second


async def test_every_movement_has_its_day_and_the_sums_add_up(shop: Shop) -> None:
    first, advance, second = await busy_weeks(shop)
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": first["id"]}])
    today = str(datetime.now(UTC).date())
    found = await statement(shop)
    (account,) = found["accounts"]
    assert told(account) == [
        ("2026-01-05", "INVOICE", 120, 120),
        ("2026-01-07", "INVOICE", 12, 132),
        ("2026-01-10", "PAYMENT", -12, 120),
        (today, "PAYMENT", -30, 90),
    ]
    assert (account["opening"]["amount"], account["closing"]) == ("0", {"amount": "90", "currencyCode": "EUR"})
    assert found["customer"]["balance"] == [{"amount": "90"}]
    issue, _, _, settle = account["lines"]
    assert (issue["number"], issue["dueOn"], issue["settled"]) == (first["number"], "2026-01-19", None)
    assert issue["document"] == {"__typename": "Invoice", "id": first["id"]}
    assert (settle["number"], settle["settledNumber"]) == (advance["number"], first["number"])
    assert settle["document"] == {"__typename": "Payment", "id": advance["id"]}
    assert settle["settled"] == {"__typename": "Invoice", "id": first["id"]}
    assert second["number"] == account["lines"][2]["settledNumber"]


async def test_days_part_the_lines_from_the_opening_balance(shop: Shop) -> None:
    """Two statements that follow one another meet in one balance."""
    await busy_weeks(shop)
    (early,) = (await statement(shop, to="2026-01-07"))["accounts"]
    (late,) = (await statement(shop, since="2026-01-08", to="2026-01-31"))["accounts"]
    assert [line[0] for line in told(early)] == ["2026-01-05", "2026-01-07"]
    assert (early["closing"]["amount"], late["opening"]["amount"]) == ("132", "132")
    assert told(late) == [("2026-01-10", "PAYMENT", -12, 120)]
    (later,) = (await statement(shop, since="2026-02-01"))["accounts"]
    assert (later["opening"]["amount"], later["lines"], later["closing"]["amount"]) == ("120", [], "120")
    assert (await statement(shop, to="2026-01-04"))["accounts"] == []


async def test_a_cash_sale_and_its_invoice_count_once(shop: Shop) -> None:
    """domain.md 4: after cashSaleInvoice the statement counts the pair once."""
    sale = await sold(shop, (await shop.placed(("apple", 1)))["id"])
    made = await shop.did("cashSaleInvoice", "invoice { id }", cashSaleId=sale["id"])
    (account,) = (await statement(shop))["accounts"]
    assert [line[1:] for line in told(account)] == [("CASH_SALE", 12, 12), ("PAYMENT", -12, 0)]
    assert account["lines"][1]["settled"] == {"__typename": "CashSale", "id": sale["id"]}
    assert made["invoice"]["id"] not in str(account)
    assert account["closing"]["amount"] == "0"


async def test_it_agrees_with_the_receivables_of_the_ledger_on_every_day(shop: Shop, database: Database) -> None:
    first, advance, _ = await busy_weeks(shop)
    await shop.did("paymentAllocate", paymentId=advance["id"], targets=[{"invoiceId": first["id"], "amount": "7.5"}])
    await sold(shop, (await shop.placed(("pear", 3)))["id"])
    (account,) = (await statement(shop))["accounts"]
    days: dict[date, Decimal] = {}
    for day, _, amount, _ in told(account):
        days[date.fromisoformat(day)] = days.get(date.fromisoformat(day), Decimal(0)) + amount
    ledger = text("""SELECT e.posted_on, sum(l.amount) AS amount FROM journal_lines l
        JOIN journal_entries e ON e.id = l.entry_id
        WHERE l.role = 'RECEIVABLE' AND l.company_id = :company GROUP BY 1""")
    rows = await database.read(ledger, {"company": shop.company})
    assert {row.posted_on: Decimal(row.amount) / 100 for row in rows} == days
    assert await verify(database, shop.company) == []


async def test_credit_that_is_used_lowers_what_is_owed_until_it_is_taken_back(shop: Shop, database: Database) -> None:
    """Issuing credit moves nothing that is owed; using it does, also by itself for the bill that it credits."""
    bill = await billed(shop, ("apple", 10))
    memo = await credited(shop, part(bill, "apple", "1"))
    spare = await goodwill(shop, "20", datedOn="2026-01-05")
    assert (await statement(shop))["customer"]["credits"] == [{"amount": "20"}]
    targets = [{"invoiceId": bill["invoice"]["id"], "amount": "15"}]
    made = await shop.did(
        "creditMemoApply", "creditMemo { applications { id } }", creditMemoId=spare["id"], targets=targets
    )
    found = await statement(shop)
    (account,) = found["accounts"]
    assert [line[1:] for line in told(account)] == [
        ("INVOICE", 120, 120), ("CREDIT_MEMO", -12, 108), ("CREDIT_MEMO", -15, 93),
    ]  # fmt: skip
    assert [line["number"] for line in account["lines"][1:]] == [memo["number"], spare["number"]]
    assert account["lines"][2]["document"] == {"__typename": "CreditMemo", "id": spare["id"]}
    assert account["lines"][2]["settledNumber"] == bill["invoice"]["number"]
    assert found["customer"]["credits"] == [{"amount": "5"}]
    (application,) = made["creditMemo"]["applications"]
    await shop.did("creditMemoUnapply", creditMemoId=spare["id"], applicationIds=[application["id"]])
    (account,) = (await statement(shop))["accounts"]
    assert told(account)[-1][1:] == ("CREDIT_MEMO", 15, 108)
    assert await verify(database, shop.company) == []


async def test_without_a_ledger_the_statement_is_the_same(shop: Shop) -> None:
    """KS-32: the documents tell it."""
    await shop.set_policy("journalMode", "OFF")
    first, *_ = await busy_weeks(shop)
    await paid(shop, first["id"], "20")
    (account,) = (await statement(shop))["accounts"]
    assert [line[1:] for line in told(account)] == [
        ("INVOICE", 120, 120), ("INVOICE", 12, 132), ("PAYMENT", -12, 120), ("PAYMENT", -20, 100),
    ]  # fmt: skip
    assert (await shop.query("{ trialBalance { lines { role } } }"))["trialBalance"]["lines"] == []


async def test_each_currency_has_an_account_of_its_own(shop: Shop) -> None:
    await issued(shop, (await shop.placed(("apple", 1)))["id"])
    made = await shop.did(
        "channelCreate", "channel { id }", code="us", name="US", kind="WEB", currencyCode="USD", poolCode="main"
    )
    await shop.did("productPriceSet", productId=shop.products["apple"], channelId=made["channel"]["id"], amount="20")
    order = await shop.placed(("apple", 1), channelId=made["channel"]["id"])
    await issued(shop, order["id"])
    found = (await statement(shop))["accounts"]
    assert [(one["currencyCode"], one["closing"]["amount"]) for one in found] == [("EUR", "12"), ("USD", "24")]


async def test_money_on_account_is_told_beside_what_is_owed(shop: Shop) -> None:
    """BA-18: advances pay nothing until they are used."""
    order = await shop.placed(("apple", 1))
    await advanced(shop, "5", orderId=order["id"])
    await advanced(shop, "2.50")
    await issued(shop, order["id"])
    found = await statement(shop)
    assert found["customer"] == {
        "id": shop.customer_id, "balance": [{"amount": "12"}], "advances": [{"amount": "7.5"}], "credits": [],
    }  # fmt: skip


async def test_a_range_makes_sense_and_is_not_too_long(shop: Shop, database: Database, monkeypatch: Any) -> None:
    await busy_weeks(shop)

    async def refused(**days: str) -> str:
        answer = await shop.client.execute(STATEMENT, {"id": shop.customer_id, **days}, shop.staff)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        return str(error["message"])

    assert "behind the last" in await refused(**{"from": "2026-01-02", "to": "2026-01-01"})
    monkeypatch.setattr("gql_sales.db.queries.statements.MOST_LINES", 2)
    monkeypatch.setattr("gql_sales.domain.customers.statement.MOST_LINES", 2)
    assert "more than 2 lines" in await refused()
    (account,) = (await statement(shop, to="2026-01-07"))["accounts"]
    assert len(account["lines"]) == 2


async def test_a_shopper_reads_their_own_statement_only(shop: Shop) -> None:
    """A2: a foreign one is like none."""
    eve = shop.shopper()
    made = await shop.client.did("customerCreate", "customer { id }", {"name": "Eve", "email": "e@example.com"}, eve)
    foreign = shop.customer_id
    shop.customer_id = made["customer"]["id"]
    await issued(shop, (await shop.placed(("apple", 1)))["id"])
    (account,) = (await statement(shop, eve))["accounts"]
    assert account["closing"]["amount"] == "12"
    assert account["lines"][0]["document"]["__typename"] == "Invoice"
    shop.customer_id = foreign
    assert await statement(shop, eve) is None
    blind = shop.member("customers:read", "invoices:read")
    answer = await shop.client.execute(STATEMENT, {"id": foreign}, blind)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_it_is_read_by_indexes(shop: Shop, database: Database) -> None:
    """api.md 4: of the customer or of the company, whichever has fewer rows; no table is read as a whole."""
    day = datetime.now(UTC).date()
    for made in (opening_balances(shop.staff, day), statement_lines(shop.staff, day - timedelta(days=30), day)):
        assert "Seq Scan" not in await plan(database, made, ids=[new_id()])
