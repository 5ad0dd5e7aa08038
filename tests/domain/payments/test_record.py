"""paymentRecord: money for invoices or on account, and the figures of the order that follow (BA-16, BA-17, BA-41)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.bills import PAYMENT, advanced, balances, issued, paid, payment_values, read_invoice
from tests.client import Json, key
from tests.shop import Shop


def figures(order: Json) -> tuple[str, ...]:
    """D, O and P with the two statuses, as the table of domain.md 3 shows them."""
    return (
        order["due"]["amount"],
        order["outstanding"]["amount"],
        order["paid"]["amount"],
        order["paymentStatus"],
        order["billingStatus"],
    )


async def other_customer(shop: Shop) -> str:
    """Somebody else."""
    payload = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bea")
    id_: str = payload["customer"]["id"]
    return id_


async def test_the_payment_table(shop: Shop) -> None:
    """The rows of domain.md 3 that invoices and payments reach: order 10 × 12.00 gross."""
    order = await shop.placed(("apple", 10))
    assert figures(order) == ("120", "120", "0", "UNPAID", "UNBILLED")
    await advanced(shop, "120", orderId=order["id"])
    assert figures(await shop.order(order["id"])) == ("120", "0", "120", "PREPAID", "UNBILLED")
    second = await shop.placed(("apple", 10))
    invoice = await issued(shop, second["id"])
    await paid(shop, invoice["id"], "50")
    assert figures(await shop.order(second["id"])) == ("120", "70", "50", "PARTIAL", "INVOICED")
    await paid(shop, invoice["id"], "70")
    assert figures(await shop.order(second["id"])) == ("120", "0", "120", "PAID", "INVOICED")
    await shop.add_product("sample", "0", stock=1)
    assert figures(await shop.placed(("sample", 1))) == ("0", "0", "0", "PAID", "UNBILLED")


async def test_too_much_is_overpaid(shop: Shop) -> None:
    """O < 0: more was reserved for the order than it will ever ask for."""
    order = await shop.placed(("apple", 1))
    await advanced(shop, "10", orderId=order["id"])
    assert (await shop.order(order["id"]))["paymentStatus"] == "PARTIAL"
    await advanced(shop, "10", orderId=order["id"])
    assert figures(await shop.order(order["id"])) == ("12", "-8", "20", "OVERPAID", "UNBILLED")


async def test_a_regular_payment_settles_at_once(shop: Shop) -> None:
    """domain.md 5: invoice 120, payment 50 → receivable 70 = open 70; Dr Cash 50, Cr Receivable 50."""
    order = await shop.placed(("apple", 10))
    invoice = await issued(shop, order["id"])
    payment = await paid(shop, invoice["id"], "50")
    assert (payment["number"], payment["amount"]["amount"], payment["unallocated"]["amount"]) == ("R-000001", "50", "0")
    assert payment["allocations"] == [
        {"amount": {"amount": "50"}, "invoice": {"id": invoice["id"], "number": invoice["number"]}}
    ]
    after = await read_invoice(shop, invoice["id"])
    assert (after["openBalance"]["amount"], after["paymentStatus"]) == ("70", "PARTIAL")
    assert after["version"] == invoice["version"] + 1
    assert await balances(shop) == {"CASH": "50", "RECEIVABLE": "70", "REVENUE": "-100", "TAX_PAYABLE": "-20"}


async def test_an_advance_is_not_posted_before_it_is_used(shop: Shop) -> None:
    """FOUR_EVENTS: Cash/Cash is not written (domain.md 5, BA-16)."""
    payment = await advanced(shop, "50")
    assert (payment["unallocated"]["amount"], payment["selfServiceAvailable"]["amount"]) == ("50", "50")
    assert await balances(shop) == {}
    order = await shop.placed(("apple", 10))
    tagged = await advanced(shop, "50", orderId=order["id"])
    assert (tagged["order"]["id"], tagged["selfServiceAvailable"]["amount"]) == (order["id"], "0")


async def test_several_tenders_and_invoices(shop: Shop) -> None:
    """PK-19: the amount is the sum of the tenders; a target without an amount takes as much as it can."""
    first, second = [await issued(shop, (await shop.placed(("apple", 1)))["id"]) for _ in range(2)]
    tenders = [{"method": "CASH", "amount": "4"}, {"method": "CARD", "amount": "15", "reference": key()}]
    allocations = [{"invoiceId": first["id"]}, {"invoiceId": second["id"]}]
    values = payment_values(shop, "REGULAR", "0", tenders=tenders, allocations=allocations)
    payment = (await shop.did("paymentRecord", PAYMENT, **values))["payment"]
    assert payment["amount"]["amount"] == "19"
    assert [one["amount"]["amount"] for one in payment["allocations"]] == ["12", "7"]
    assert [(await read_invoice(shop, one["id"]))["paymentStatus"] for one in (first, second)] == ["PAID", "PARTIAL"]


async def test_a_reference_is_recorded_once(shop: Shop) -> None:
    """M2: one provider reference is applied once; another method may have the same."""
    tender = {"method": "CARD", "amount": "5", "reference": "psp-1"}
    await advanced(shop, "5", tenders=[tender])
    again = payment_values(shop, "ADVANCE", "5", tenders=[tender])
    assert await shop.refused("paymentRecord", **again) == ["PROVIDER_REFERENCE_TAKEN"]
    assert (await advanced(shop, "5", tenders=[{**tender, "method": "TRANSFER"}]))["number"] == "R-000002"


@pytest.mark.parametrize(
    ("tenders", "codes"),
    [
        ([], ["INVALID_INPUT"]),
        ([{"method": "CASH", "amount": "0"}], ["INVALID_AMOUNT"]),
        ([{"method": "CASH", "amount": "-1"}, {"method": "CASH", "amount": "0.001"}], ["INVALID_AMOUNT"] * 2),
        ([{"method": "CASH", "amount": "99999999999999999"}], ["INVALID_AMOUNT"]),
        ([{"method": " ", "amount": "1"}, {"method": "x" * 41, "amount": "1"}], ["INVALID_INPUT"] * 2),
        ([{"method": "CASH", "amount": "1"}] * 21, ["TOO_MANY_ENTRIES"]),
    ],
)
async def test_tenders_are_checked(shop: Shop, tenders: list[Json], codes: list[str]) -> None:
    """Every bad tender is told at once."""
    assert await shop.refused("paymentRecord", **payment_values(shop, "ADVANCE", "1", tenders=tenders)) == codes
    assert (await advanced(shop, "0.01"))["amount"]["amount"] == "0.01"


async def test_parts_belong_to_their_kind(shop: Shop) -> None:
    """Regular money names invoices, advances may name an order."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    target = [{"invoiceId": invoice["id"]}]
    for values in (
        payment_values(shop, "REGULAR", "12"),
        payment_values(shop, "REGULAR", "12", allocations=target, orderId=order["id"]),
        payment_values(shop, "ADVANCE", "12", allocations=target),
    ):
        assert await shop.refused("paymentRecord", **values) == ["INVALID_INPUT"]
    await shop.did("paymentRecord", **payment_values(shop, "REGULAR", "12", allocations=target))


async def test_a_regular_payment_is_used_up(shop: Shop) -> None:
    """No part of it is left behind unseen: too much for the invoices, or not told where it goes."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    for amount, target, code in (
        ("13", {"invoiceId": invoice["id"]}, "EXCEEDS_OPEN_BALANCE"),
        ("13", {"invoiceId": invoice["id"], "amount": "13"}, "EXCEEDS_OPEN_BALANCE"),
        ("12", {"invoiceId": invoice["id"], "amount": "11"}, "INVALID_AMOUNT"),
        ("11", {"invoiceId": invoice["id"], "amount": "12"}, "EXCEEDS_UNALLOCATED"),
    ):
        values = payment_values(shop, "REGULAR", amount, allocations=[target])
        assert await shop.refused("paymentRecord", **values) == [code]
    assert (await paid(shop, invoice["id"], "12"))["unallocated"]["amount"] == "0"


async def test_customers_and_currencies_match(shop: Shop) -> None:
    """Money of one customer and currency settles documents of the same."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    stranger = await other_customer(shop)
    target = [{"invoiceId": invoice["id"]}]
    regular = payment_values(shop, "REGULAR", "12", allocations=target)
    tagged = payment_values(shop, "ADVANCE", "12", orderId=order["id"])
    for values in (regular, tagged):
        assert await shop.refused("paymentRecord", **{**values, "customerId": stranger}) == ["CUSTOMER_MISMATCH"]
        assert await shop.refused("paymentRecord", **{**values, "currencyCode": "USD"}) == ["CURRENCY_MISMATCH"]
    await shop.did("paymentRecord", **tagged)
    await shop.did("paymentRecord", **regular)


async def test_the_currency_follows_the_documents(shop: Shop) -> None:
    """Without one it is that of the order, of the first invoice, or of the company's books."""
    made = await shop.did(
        "channelCreate", "channel { id }", code="us", name="US", kind="WEB", currencyCode="USD", poolCode="main"
    )
    abroad = made["channel"]["id"]
    await shop.did("productPriceSet", productId=shop.products["apple"], channelId=abroad, amount="10")
    invoice = await issued(shop, (await shop.placed(("apple", 1), channelId=abroad))["id"])
    order = await shop.placed(("apple", 1), channelId=abroad)
    for values, currency in (
        (payment_values(shop, "ADVANCE", "5"), "EUR"),
        (payment_values(shop, "ADVANCE", "5", currencyCode="JPY"), "JPY"),
        (payment_values(shop, "ADVANCE", "5", orderId=order["id"]), "USD"),
        (payment_values(shop, "REGULAR", "5", allocations=[{"invoiceId": invoice["id"]}]), "USD"),
    ):
        payload = await shop.did("paymentRecord", "payment { amount { currencyCode } }", **values)
        assert payload["payment"] == {"amount": {"currencyCode": currency}}
    lines = (await shop.query("{ trialBalance { isBalanced lines { role balance { amount currencyCode } } } }"))[
        "trialBalance"
    ]
    assert lines["isBalanced"]
    assert {line["balance"]["currencyCode"] for line in lines["lines"]} == {"USD"}


async def test_unknown_documents_are_not_found(shop: Shop) -> None:
    """Absent and foreign ones look the same."""
    order = await shop.placed(("apple", 1))
    invoice = await issued(shop, order["id"])
    cases: list[dict[str, Any]] = [
        {"customerId": f"cus_{0:032x}"},
        {"kind": "ADVANCE", "orderId": f"ord_{0:032x}"},
        {"kind": "REGULAR", "allocations": [{"invoiceId": f"inv_{0:032x}"}]},
    ]
    for values in cases:
        assert await shop.refused("paymentRecord", **{**payment_values(shop, "ADVANCE", "1"), **values}) == [
            "NOT_FOUND"
        ]
    assert (await paid(shop, invoice["id"], "12"))["state"] == "RECEIVED"


async def test_a_dead_order_takes_no_advance(shop: Shop) -> None:
    """A cancelled order has lost its advances and gets no new ones."""
    order = await shop.placed(("apple", 1))
    await advanced(shop, "5", orderId=order["id"])
    await shop.did("orderCancel", orderId=order["id"], reason="changed mind")
    values = payment_values(shop, "ADVANCE", "5", orderId=order["id"])
    assert await shop.refused("paymentRecord", **values) == ["INVALID_TRANSITION"]


async def test_money_is_recorded_when_it_is_here(shop: Shop) -> None:
    """Back-dated yes, in advance no; the entry counts for the day of the money."""
    now = datetime.now(UTC)
    late = payment_values(shop, "ADVANCE", "5", receivedAt=(now + timedelta(days=1)).isoformat())
    assert await shop.refused("paymentRecord", **late) == ["INVALID_DATE"]
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    values = payment_values(
        shop, "REGULAR", "12", allocations=[{"invoiceId": invoice["id"]}], receivedAt="2026-01-05T10:00:00Z"
    )
    payment = (await shop.did("paymentRecord", PAYMENT, **values))["payment"]
    data = await shop.query(
        "query ($id: ID!) { journalEntries(filter: {documentId: {in: [$id]}}) { nodes { postedOn event } } }",
        id=payment["id"],
    )
    assert data["journalEntries"]["nodes"] == [{"postedOn": "2026-01-05", "event": "PAYMENT_ALLOCATION"}]


async def test_full_only(shop: Shop) -> None:
    """X-2, KS-18: judged on the sum at the moment of allocation, so several tenders or targets may make it up."""
    await shop.set_policy("paymentScope", "FULL_ONLY")
    invoice = await issued(shop, (await shop.placed(("apple", 10)))["id"])
    part = [{"invoiceId": invoice["id"], "amount": "50"}]
    values = payment_values(shop, "REGULAR", "50", allocations=part)
    assert await shop.refused("paymentRecord", **values) == ["FULL_PAYMENT_REQUIRED"]
    tenders = [{"method": "CASH", "amount": "50"}, {"method": "CARD", "amount": "70"}]
    both = [*part, {"invoiceId": invoice["id"], "amount": "70"}]
    await shop.did("paymentRecord", **payment_values(shop, "REGULAR", "0", tenders=tenders, allocations=both))
    assert (await read_invoice(shop, invoice["id"]))["paymentStatus"] == "PAID"


async def test_the_frozen_policy_counts(shop: Shop) -> None:
    """policies.md, rule: a setting changed after placement does not change what the order means."""
    invoice = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    await shop.set_policy("paymentScope", "FULL_ONLY")
    await shop.set_policy("journalMode", "OFF")
    await paid(shop, invoice["id"], "5")
    assert (await balances(shop))["RECEIVABLE"] == "7"
