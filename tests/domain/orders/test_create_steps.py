"""orderCreate with SHIP and BILL: a whole sale in one transaction with one answer (PK-6; api.md 3, verbs combine)."""

from datetime import UTC, datetime, timedelta

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.client import Json, key
from tests.scenarios.books import level
from tests.shop import ORDER, Shop
from tests.snapshot import snapshot

WHOLE: Json = {"then": ["PLACE", "SHIP", "BILL"]}
FIELDS = f"""{ORDER} shipment {{ number state carrier }} invoice {{ number datedOn dueOn paymentStatus }}
  cashSale {{ number datedOn paymentStatus }} payment {{ number tenders {{ method amount {{ amount }} }} }}"""


async def test_a_sale_from_draft_to_paid_in_one_call(shop: Shop, database: Database) -> None:
    """PK-6: order, goods, bill and money together, each with its own document and number."""
    values = shop.order_values(("apple", 2), ("delivery", 1), paymentMethod="CARD", **WHOLE)
    made = await shop.did("orderCreate", FIELDS, **values, shipment={"carrier": "DHL"}, bill={"datedOn": "2026-01-05"})
    assert made["order"]["state"] == "COMPLETED"
    assert made["order"]["summary"] == "shipped, cash-saled, paid"
    assert made["shipment"] == {"number": "DN-000001", "state": "FINALIZED", "carrier": "DHL"}
    assert made["cashSale"] == {"number": "CS-000001", "datedOn": "2026-01-05", "paymentStatus": "PAID"}
    assert made["payment"]["tenders"] == [{"method": "CARD", "amount": {"amount": "29.88"}}]
    assert made["invoice"] is None
    assert await level(shop, "apple") == ("48", "0", "0")
    assert await verify(database, shop.company) == []


async def test_the_rule_decides_between_invoice_and_cash_sale_unless_the_caller_does(shop: Shop) -> None:
    """PK-7 to PK-10: the wish for an invoice wins over the immediate method; tenders pay it at once."""
    paid = {"dueDays": 10, "datedOn": "2026-02-01", "tenders": [{"method": "CARD", "amount": "12.00"}]}
    asked = shop.order_values(("apple", 1), paymentMethod="CARD", isInvoiceRequested=True, **WHOLE)
    made = await shop.did("orderCreate", FIELDS, **asked, bill=paid)
    invoice = {"number": "INV-000001", "datedOn": "2026-02-01", "dueOn": "2026-02-11", "paymentStatus": "PAID"}
    assert (made["invoice"], made["cashSale"]) == (invoice, None)
    chosen = shop.order_values(("apple", 1), paymentMethod="CARD", **WHOLE)
    made = await shop.did("orderCreate", FIELDS, **chosen, bill={"document": "INVOICE"})
    assert (made["invoice"]["paymentStatus"], made["payment"], made["cashSale"]) == ("UNPAID", None, None)


async def test_several_tenders_pay_a_cash_sale(shop: Shop) -> None:
    """PK-17, PK-19: split payment; what is missing is told, never hidden (X-25)."""
    halves = [{"method": "CASH", "amount": "5.00"}, {"method": "CARD", "amount": "7.00"}]
    values = shop.order_values(("apple", 1), paymentMethod="CASH", **WHOLE)
    made = await shop.did("orderCreate", FIELDS, **values, bill={"tenders": halves})
    assert [tender["method"] for tender in made["payment"]["tenders"]] == ["CASH", "CARD"]
    assert (made["cashSale"]["paymentStatus"], made["warnings"]) == ("PAID", [])
    made = await shop.did("orderCreate", FIELDS, **values, bill={"tenders": halves[:1]})
    assert made["cashSale"]["paymentStatus"] == "PARTIAL"
    assert [warning["code"] for warning in made["warnings"]] == ["CASH_SALE_UNPAID"]
    too_much = {**values, "bill": {"tenders": [*halves, *halves]}}
    assert await shop.refused("orderCreate", **too_much) == ["EXCEEDS_OPEN_BALANCE"]


async def test_a_bill_is_paid_in_full_by_the_method_of_the_order(shop: Shop) -> None:
    """PK-18, also for invoices: the caller need not know the total; nothing is paid where nothing is to pay."""
    paid = {"isPaid": True, "receivedAt": "2026-01-06T10:00:00Z", "datedOn": "2026-01-05"}
    values = shop.order_values(("apple", 1), ("delivery", 1), paymentMethod="CARD", **WHOLE)
    for method, bill in (("BANK_TRANSFER", "invoice"), ("CARD", "cashSale")):
        made = await shop.did("orderCreate", FIELDS, **{**values, "paymentMethod": method}, bill=paid)
        assert made[bill]["paymentStatus"] == "PAID"
        assert made["payment"]["tenders"] == [{"method": method, "amount": {"amount": "17.88"}}]
    free = {**values, "items": [{"sku": "apple", "quantity": "1", "unitPrice": "0"}], "isInvoiceRequested": True}
    made = await shop.did("orderCreate", FIELDS, **free, bill=paid)
    assert (made["invoice"]["paymentStatus"], made["payment"]) == ("PAID", None)
    twice = {**paid, "tenders": [{"method": "CARD", "amount": "17.88"}]}
    assert await shop.refused("orderCreate", **values, bill=twice) == ["INVALID_INPUT"]
    del values["paymentMethod"]
    assert await shop.refused("orderCreate", **values, bill=paid) == ["INVALID_INPUT"]


async def test_a_refused_step_takes_everything_back(shop: Shop, database: Database) -> None:
    """One transaction, one answer: neither order nor shipment stays when the bill is refused."""
    values = shop.order_values(("apple", 1), **WHOLE)
    before = await snapshot(database)
    assert await shop.refused("orderCreate", **values, bill={"document": "CASH_SALE"}) == ["INVALID_INPUT"]
    assert await shop.refused("orderCreate", **values, bill={"dueDays": -1}) == ["INVALID_INPUT"]
    assert await snapshot(database) == before
    await shop.did("orderCreate", **values)


async def test_dry_run_tells_all_of_it_and_the_key_covers_the_steps(shop: Shop, database: Database) -> None:
    """N-2, N-5: the plan is that of the real run; the same key with another bill is another input."""
    values = shop.order_values(("apple", 1), paymentMethod="CASH", **WHOLE, idempotencyKey=key())
    before = await snapshot(database)
    dry = await shop.did("orderCreate", **values, dryRun=True)
    assert await snapshot(database) == before
    real = await shop.did("orderCreate", **values)
    assert dry["effects"] == real["effects"]
    assert await shop.did("orderCreate", **values) == real
    other = {**values, "bill": {"datedOn": "2026-03-01"}}
    assert await shop.refused("orderCreate", **other) == ["IDEMPOTENCY_KEY_REUSED"]


async def test_each_step_needs_its_own_scope(shop: Shop) -> None:
    """A step is no way around a right: whoever may place may not ship or bill because of it."""
    values = shop.order_values(("apple", 1), **WHOLE)
    query = "mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { userErrors { code } } }"
    scopes = {"orders:create", "orders:place", "shipments:create", "shipments:book", "shipments:finalize"}
    for missing in (*sorted(scopes), "invoices:issue"):
        member = shop.member(*(scopes | {"invoices:issue"}) - {missing})
        variables = {"input": {"idempotencyKey": key(), **values}}
        answer = await shop.client.execute(query, variables, member)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"], missing
    await shop.client.query(
        query, {"input": {"idempotencyKey": key(), **values}}, shop.member(*scopes, "invoices:issue")
    )


async def test_steps_need_a_placed_order_and_their_details_need_them(shop: Shop) -> None:
    assert await shop.refused("orderCreate", **shop.order_values(("apple", 1), then=["SHIP"])) == ["INVALID_INPUT"]
    values = shop.order_values(("apple", 1), then=["PLACE"], bill={})
    query = "mutation ($input: OrderCreateInput!) { orderCreate(input: $input) { userErrors { code } } }"
    answer = await shop.client.execute(query, {"input": {"idempotencyKey": key(), **values}}, shop.staff)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_services_have_nothing_to_ship(shop: Shop) -> None:
    """KS-9: no goods, no shipment, and the sale is complete when billed."""
    made = await shop.did("orderCreate", FIELDS, **shop.order_values(("delivery", 1), **WHOLE))
    assert (made["shipment"], made["order"]["state"]) == (None, "COMPLETED")


async def test_money_with_an_invoice(shop: Shop) -> None:
    """invoiceIssue carries a payment: its scope is needed, its date is judged, FULL_ONLY holds (X-2, KS-18)."""
    order = await shop.placed(("apple", 1))
    tenders = [{"method": "CARD", "amount": "5.00"}]
    late = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    codes = await shop.refused("invoiceIssue", orderId=order["id"], tenders=tenders, receivedAt=late)
    assert codes == ["INVALID_DATE"]
    made = await shop.did("invoiceIssue", "invoice { openBalance { amount } }", orderId=order["id"], tenders=tenders)
    assert made["invoice"]["openBalance"]["amount"] == "7"
    await shop.set_policy("paymentScope", "FULL_ONLY")
    order = await shop.placed(("apple", 1))
    assert await shop.refused("invoiceIssue", orderId=order["id"], tenders=tenders) == ["FULL_PAYMENT_REQUIRED"]
    await shop.did("invoiceIssue", orderId=order["id"], tenders=[{"method": "CARD", "amount": "12.00"}])
