"""invoiceIssue: what is billed, for how much, with which number, and what it refuses (BA-12 to BA-15, PK-13, PK-20)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.bills import INVOICE, balances, issued, read_invoice
from tests.client import Json
from tests.shop import Shop, money


def line(order: Json, sku: str, quantity: str) -> Json:
    """A line of invoiceIssue."""
    return {"orderItemId": next(item["id"] for item in order["items"] if item["sku"] == sku), "quantity": quantity}


async def test_bills_the_whole_order(shop: Shop) -> None:
    """PK-20: one invoice for all of it; the order is billed and unpaid (domain.md 3, payment table)."""
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"], dueDays=14)
    today = date.fromisoformat(invoice["datedOn"])
    assert (invoice["net"]["amount"], invoice["tax"]["amount"], invoice["total"]["amount"]) == ("100", "20", "120")
    assert invoice["openBalance"] == {"amount": "120", "currencyCode": "EUR"}
    assert (invoice["state"], invoice["paymentStatus"], invoice["number"]) == ("ISSUED", "UNPAID", "INV-000001")
    assert invoice["taxPointOn"] == invoice["datedOn"]
    assert date.fromisoformat(invoice["dueOn"]) == today + timedelta(days=14)
    assert invoice["buyer"]["name"] == "Ada Byron"
    assert invoice["shippingAddress"] == {"city": "Berlin", "countryCode": "DE"}
    assert invoice["taxLines"] == [
        {"countryCode": "DE", "rate": "0.2", "net": {"amount": "100"}, "tax": {"amount": "20"}}
    ]
    after = await shop.order(order["id"])
    assert (after["billingStatus"], after["paymentStatus"]) == ("INVOICED", "UNPAID")
    assert (after["due"]["amount"], after["outstanding"]["amount"], after["paid"]["amount"]) == ("120", "120", "0")
    assert after["items"][0]["invoicedQuantity"] == "10"


async def test_posts_receivable_revenue_and_tax(shop: Shop) -> None:
    """KS-34, domain.md 5: Dr Receivable 120, Cr Revenue 100, Cr Tax payable 20."""
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"])
    assert await balances(shop) == {"RECEIVABLE": "120", "REVENUE": "-100", "TAX_PAYABLE": "-20"}
    entries = """query ($id: ID!) { journalEntries(filter: {documentId: {in: [$id]}}) {
        nodes { event documentId documentType } } }"""
    data = await shop.query(entries, id=invoice["id"])
    assert data["journalEntries"]["nodes"] == [
        {"event": "INVOICING", "documentId": invoice["id"], "documentType": "Invoice"}
    ]


async def test_a_discount_is_posted_as_contra(shop: Shop) -> None:
    """Discounts have an account of their own (domain.md 5)."""
    await shop.add_product("coupon", "-5.00", kind="DISCOUNT", isStocked=False)
    order = await shop.placed(("apple", 2), ("coupon", 1))
    invoice = await issued(shop, order["id"])
    assert invoice["total"]["amount"] == "18"
    assert await balances(shop) == {
        "RECEIVABLE": "18",
        "REVENUE": "-20",
        "DISCOUNT_ALLOWED": "5",
        "TAX_PAYABLE": "-3",
    }


async def test_nothing_is_posted_when_journals_are_off(shop: Shop) -> None:
    """X-16: journalMode OFF writes no entry, and the invoice is the same."""
    await shop.set_policy("journalMode", "OFF")
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"])
    assert invoice["openBalance"]["amount"] == "120"
    assert await balances(shop) == {}


async def test_a_free_sample_is_paid_at_once(shop: Shop) -> None:
    """A zero total is issued, posts nothing and is PAID (domain.md 4)."""
    await shop.add_product("sample", "0", stock=5)
    order = await shop.placed(("sample", 1))
    invoice = await issued(shop, order["id"])
    assert (invoice["total"]["amount"], invoice["paymentStatus"]) == ("0", "PAID")
    assert await balances(shop) == {}


async def test_numbers_are_unbroken(shop: Shop) -> None:
    """PK-13, PK-14: one series, no hole, also when one in between is refused."""
    orders = [await shop.placed(("apple", 1)) for _ in range(3)]
    first = await issued(shop, orders[0]["id"])
    assert await shop.refused("invoiceIssue", orderId=orders[0]["id"]) == ["NOTHING_TO_BILL"]
    rest = [await issued(shop, order["id"]) for order in orders[1:]]
    assert [first["number"], *[one["number"] for one in rest]] == ["INV-000001", "INV-000002", "INV-000003"]
    assert first["issuedAt"] < rest[0]["issuedAt"] < rest[1]["issuedAt"]


async def test_a_dry_run_names_the_number_and_keeps_nothing(shop: Shop) -> None:
    """N-2: the preview of an invoice."""
    order = await shop.placed(("apple", 10))
    payload = await shop.did("invoiceIssue", INVOICE, orderId=order["id"], dryRun=True)
    assert payload["invoice"] is None
    assert "INVOICE INV-000001." in [effect["message"] for effect in payload["effects"]]
    assert (await issued(shop, order["id"]))["number"] == "INV-000001"


async def test_explains_before_it_acts(shop: Shop) -> None:
    """N-1: availableTransitions says what the mutation would."""
    order = await shop.placed(("apple", 1))
    assert transition(order) == {"name": "invoiceIssue", "isAllowed": True, "blockers": []}
    await issued(shop, order["id"])
    after = transition(await shop.order(order["id"]))
    assert (after["isAllowed"], after["blockers"]) == (False, [{"code": "NOTHING_TO_BILL"}])
    assert await shop.refused("invoiceIssue", orderId=order["id"]) == ["NOTHING_TO_BILL"]


def transition(order: Json) -> Json:
    """invoiceIssue among the order's transitions."""
    found: Json = next(one for one in order["availableTransitions"] if one["name"] == "invoiceIssue")
    return found


async def test_a_draft_is_not_billed(shop: Shop) -> None:
    order = await shop.draft(("apple", 1))
    assert await shop.refused("invoiceIssue", orderId=order["id"]) == ["INVALID_TRANSITION"]


async def test_lines_are_selected_where_the_policy_allows(shop: Shop) -> None:
    """X-1, BA-12: BY_SELECTION bills parts, and the parts sum to the whole; WHOLE_ORDER refuses the choice."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("pear", 3), ("apple", 1))
    first = await issued(shop, order["id"], items=[line(order, "pear", "1")])
    assert first["total"]["amount"] == "3"
    assert (await shop.order(order["id"]))["billingStatus"] == "PARTIAL"
    rest = await issued(shop, order["id"])
    assert [(item["sku"], item["quantity"]) for item in rest["items"]] == [("pear", "2"), ("apple", "1")]
    assert money(first["total"]) + money(rest["total"]) == money(order["total"])
    assert (await shop.order(order["id"]))["billingStatus"] == "INVOICED"


async def test_lines_are_not_selected_under_whole_order(shop: Shop) -> None:
    """X-1: BILLING_SCOPE, and without a choice the order is billed."""
    order = await shop.placed(("pear", 3))
    chosen = [line(order, "pear", "1")]
    assert await shop.refused("invoiceIssue", orderId=order["id"], items=chosen) == ["BILLING_SCOPE"]
    assert (await issued(shop, order["id"]))["total"]["amount"] == "9"


@pytest.mark.parametrize(
    ("quantity", "code"),
    [("4", "QUANTITY_NOT_OPEN"), ("0", "INVALID_QUANTITY"), ("-1", "INVALID_QUANTITY"), ("0.5", "INVALID_QUANTITY")],
)
async def test_a_selection_is_checked(shop: Shop, quantity: str, code: str) -> None:
    """Never more than may be billed, in quantities of the unit."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("pear", 3))
    chosen = [line(order, "pear", quantity)]
    assert await shop.refused("invoiceIssue", orderId=order["id"], items=chosen) == [code]
    assert (await issued(shop, order["id"], items=[line(order, "pear", "3")]))["total"]["amount"] == "9"


async def test_every_bad_line_is_told(shop: Shop) -> None:
    """Two bad lines, two errors; quantities of one item are summed."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order, other = await shop.placed(("pear", 3)), await shop.placed(("apple", 1))
    chosen = [line(order, "pear", "2"), line(order, "pear", "2"), line(other, "apple", "1")]
    assert await shop.refused("invoiceIssue", orderId=order["id"], items=chosen) == ["QUANTITY_NOT_OPEN", "NOT_FOUND"]
    assert await shop.refused("invoiceIssue", orderId=order["id"], items=[]) == ["NOTHING_TO_BILL"]
    twice = [line(order, "pear", "1"), line(order, "pear", "2")]
    invoice = await issued(shop, order["id"], items=twice)
    assert [item["quantity"] for item in invoice["items"]] == ["3"]


async def test_a_discount_alone_is_not_billed(shop: Shop) -> None:
    """A total below zero is a credit, not an invoice; together with goods it is one."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    await shop.add_product("coupon", "-5.00", kind="DISCOUNT", isStocked=False)
    order = await shop.placed(("apple", 1), ("coupon", 1))
    assert await shop.refused("invoiceIssue", orderId=order["id"], items=[line(order, "coupon", "1")]) == [
        "INVALID_AMOUNT"
    ]
    assert (await issued(shop, order["id"]))["total"]["amount"] == "6"


async def test_dates_never_go_back_under_monotone(shop: Shop) -> None:
    """X-27, PK-24: refused under MONOTONE; the same day is fine."""
    await shop.set_policy("numberDateOrder", "MONOTONE")
    first, second = await shop.placed(("apple", 1)), await shop.placed(("apple", 1))
    await issued(shop, first["id"], invoicedOn="2026-03-10")
    refused = await shop.refused("invoiceIssue", orderId=second["id"], invoicedOn="2026-03-09")
    assert refused == ["DATE_BEFORE_LAST_NUMBER"]
    assert (await issued(shop, second["id"], invoicedOn="2026-03-10"))["number"] == "INV-000002"


async def test_dates_may_go_back_under_free(shop: Shop) -> None:
    """X-27: told, not refused."""
    first, second = await shop.placed(("apple", 1)), await shop.placed(("apple", 1))
    await issued(shop, first["id"], invoicedOn="2026-03-10")
    payload = await shop.did("invoiceIssue", INVOICE, orderId=second["id"], invoicedOn="2026-03-09")
    assert [warning["code"] for warning in payload["warnings"]] == ["DATE_OUT_OF_ORDER"]
    assert (payload["invoice"]["number"], payload["invoice"]["datedOn"]) == ("INV-000002", "2026-03-09")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"dueDays": -1}, "INVALID_INPUT"),
        ({"dueDays": 4000}, "INVALID_INPUT"),
        ({"dueDays": 1, "invoicedOn": "9999-12-31"}, "INVALID_DATE"),
    ],
)
async def test_terms_are_checked(shop: Shop, values: dict[str, Any], code: str) -> None:
    order = await shop.placed(("apple", 1))
    assert await shop.refused("invoiceIssue", orderId=order["id"], **values) == [code]
    assert (await issued(shop, order["id"], dueDays=0))["number"] == "INV-000001"


async def test_tax_lines_follow_rates(shop: Shop) -> None:
    """BA-81: one line per rate; together they are the tax of the document."""
    await shop.did(
        "taxRuleSet", countryCode="DE", taxGroup="REDUCED", rate="0.07", name="VAT 7", validFrom="2020-01-01"
    )
    await shop.add_product("book", "9.99", stock=5, taxGroup="REDUCED")
    order = await shop.placed(("apple", 3), ("book", 3), ("pear", 1))
    invoice = await issued(shop, order["id"])
    assert [one["rate"] for one in invoice["taxLines"]] == ["0.07", "0.2"]
    assert sum((money(one["tax"]) for one in invoice["taxLines"]), Decimal(0)) == money(invoice["tax"])
    assert sum((money(one["net"]) for one in invoice["taxLines"]), Decimal(0)) == money(invoice["net"])
    assert money(invoice["total"]) == money(order["total"])


async def test_an_invoice_is_found_by_number(shop: Shop) -> None:
    """Human keys are unique within the company only, and lists filter by order and by what is open."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    found = await shop.query('{ invoice(by: {number: "INV-000001"}) { id } invoices { nodes { id } } }')
    assert found == {"invoice": {"id": invoice["id"]}, "invoices": {"nodes": [{"id": invoice["id"]}]}}
    listed = await shop.query(
        """query ($order: ID!, $customer: ID!) {
             open: invoices(filter: {orderId: {in: [$order]}, customerId: {in: [$customer]}, isOpen: true}) {
                nodes { id } }
             done: invoices(filter: {orderId: {in: [$order]}, isOpen: false}) { nodes { id } }
           }""",
        order=order["id"],
        customer=shop.customer_id,
    )
    assert listed == {"open": {"nodes": [{"id": invoice["id"]}]}, "done": {"nodes": []}}
    assert (await read_invoice(shop, invoice["id"]))["order"]["id"] == order["id"]


async def test_shoppers_see_their_own_invoices_only(shop: Shop) -> None:
    """A2: a foreign invoice is a missing one; nor may shoppers issue any."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    query = "query ($id: ID!) { invoice(by: {id: $id}) { id } }"
    assert await shop.client.query(query, {"id": invoice["id"]}, shop.shopper()) == {"invoice": None}
    assert await shop.client.query(query, {"id": invoice["id"]}, shop.staff) == {"invoice": {"id": invoice["id"]}}
