"""Reading the books: balances of customers, journal entries, the trial balance on a day (KS-34, I-9)."""

from tests.bills import advanced, issued, paid
from tests.shop import Shop

BALANCE = "query ($id: ID!) { customer(by: {id: $id}) { balance { amount currencyCode } } }"


async def test_a_customer_owes_what_is_open(shop: Shop) -> None:
    """I-9: the sum of open balances; advances do not count before they are used."""
    assert await shop.query(BALANCE, id=shop.customer_id) == {"customer": {"balance": []}}
    first, second = [await issued(shop, (await shop.placed(("apple", 10)))["id"]) for _ in range(2)]
    await paid(shop, first["id"], "50")
    await advanced(shop, "30")
    data = await shop.query(BALANCE, id=shop.customer_id)
    assert data == {"customer": {"balance": [{"amount": "190", "currencyCode": "EUR"}]}}
    receivable = "{ trialBalance { lines { role debit { amount } credit { amount } balance { amount } } } }"
    lines = {line["role"]: line for line in (await shop.query(receivable))["trialBalance"]["lines"]}
    assert lines["RECEIVABLE"] == {
        "role": "RECEIVABLE",
        "debit": {"amount": "240"},
        "credit": {"amount": "50"},
        "balance": {"amount": "190"},
    }
    assert second["total"]["amount"] == "120"


async def test_an_order_shows_its_invoices_and_advances(shop: Shop) -> None:
    order = await shop.placed(("apple", 1))
    advance, invoice = await advanced(shop, "5", orderId=order["id"]), await issued(shop, order["id"])
    data = await shop.query(
        """query ($id: ID!) { order(by: {id: $id}) {
             invoices { id customer { name balance { amount } } } advances { id customer { name } } } }""",
        id=order["id"],
    )
    assert data["order"] == {
        "invoices": [{"id": invoice["id"], "customer": {"name": "Ada Byron", "balance": [{"amount": "12"}]}}],
        "advances": [{"id": advance["id"], "customer": {"name": "Ada Byron"}}],
    }


async def test_payments_are_found(shop: Shop) -> None:
    """By number, and by whether something is left."""
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    used, left = await paid(shop, invoice["id"], "12"), await advanced(shop, "5")
    data = await shop.query(
        """query ($customer: ID!) {
             payment(by: {number: "R-000001"}) { id }
             left: payments(filter: {hasUnallocated: true, customerId: {in: [$customer]}}) { nodes { id } }
             used: payments(filter: {hasUnallocated: false}) { nodes { id } }
           }""",
        customer=shop.customer_id,
    )
    assert data == {
        "payment": {"id": used["id"]},
        "left": {"nodes": [{"id": left["id"]}]},
        "used": {"nodes": [{"id": used["id"]}]},
    }


async def test_the_trial_balance_on_a_day(shop: Shop) -> None:
    """Entries after the day do not count; those of the day do."""
    for day in ("2026-01-31", "2026-02-01"):
        await issued(shop, (await shop.placed(("apple", 10)))["id"], invoicedOn=day)
    query = "query ($day: Date) { trialBalance(asOf: $day) { isBalanced asOf lines { code name balance { amount } } } }"
    data = await shop.query(query, day="2026-01-31")
    assert data["trialBalance"] == {
        "isBalanced": True,
        "asOf": "2026-01-31",
        "lines": [
            {"code": "1200", "name": "Trade receivables", "balance": {"amount": "120"}},
            {"code": "1700", "name": "Tax payable", "balance": {"amount": "-20"}},
            {"code": "4000", "name": "Sales revenue", "balance": {"amount": "-100"}},
        ],
    }
    assert (await shop.query(query, day="2026-01-30"))["trialBalance"]["lines"] == []
    both = (await shop.query(query))["trialBalance"]["lines"]
    assert both[0]["balance"]["amount"] == "240"
    february = '{ journalEntries(filter: {postedOn: {gte: "2026-02-01", lte: "2026-02-28"}}) { nodes { postedOn } } }'
    assert (await shop.query(february))["journalEntries"]["nodes"] == [{"postedOn": "2026-02-01"}]


async def test_the_ledger_needs_its_scope(shop: Shop) -> None:
    """Finance reads the books, others do not."""
    member, finance = shop.member("orders:read"), shop.member("journals:read")
    query = "{ trialBalance { isBalanced } }"
    answer = await shop.client.execute(query, None, member)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await shop.client.query(query, None, finance) == {"trialBalance": {"isBalanced": True}}
