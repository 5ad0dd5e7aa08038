"""paymentAllocate: money on account settles invoices, within the rules of X-2 and X-17 (BA-18, BA-19)."""

import asyncio
from typing import Any

import pytest

from tests.bills import PAYMENT, advanced, balances, issued, paid, read_invoice
from tests.client import Json
from tests.shop import Shop


async def bill(shop: Shop, quantity: int = 10, **values: Any) -> Json:
    """An invoice of a new order, 12.00 a piece."""
    return await issued(shop, (await shop.placed(("apple", quantity), **values))["id"])


async def allocated(shop: Shop, payment: Json, *targets: Json) -> Json:
    """The payment after an allocation."""
    payload = await shop.did("paymentAllocate", PAYMENT, paymentId=payment["id"], targets=list(targets))
    found: Json = payload["payment"]
    return found


async def test_settles_an_invoice(shop: Shop) -> None:
    """domain.md 5, first example: advance 50 allocated to an invoice of 120 leaves receivable 70 = open 70."""
    payment, invoice = await advanced(shop, "50"), await bill(shop)
    after = await allocated(shop, payment, {"invoiceId": invoice["id"]})
    assert (after["unallocated"]["amount"], after["state"], after["version"]) == ("0", "RECEIVED", 2)
    settled = await read_invoice(shop, invoice["id"])
    assert (settled["openBalance"]["amount"], settled["paymentStatus"]) == ("70", "PARTIAL")
    assert settled["paymentAllocations"] == [
        {"amount": {"amount": "50"}, "payment": {"id": payment["id"], "number": payment["number"]}}
    ]
    assert await balances(shop) == {"CASH": "50", "RECEIVABLE": "70", "REVENUE": "-100", "TAX_PAYABLE": "-20"}


async def test_a_tagged_advance_pays_its_order(shop: Shop) -> None:
    """T falls as L falls: the order's paid amount stays the same."""
    order = await shop.placed(("apple", 10))
    payment = await advanced(shop, "120", orderId=order["id"])
    invoice = await issued(shop, order["id"])
    before = await shop.order(order["id"])
    assert (before["outstanding"]["amount"], before["paid"]["amount"], before["paymentStatus"]) == ("0", "120", "PAID")
    await allocated(shop, payment, {"invoiceId": invoice["id"]})
    after = await shop.order(order["id"])
    assert (after["outstanding"]["amount"], after["paid"]["amount"], after["paymentStatus"]) == ("0", "120", "PAID")
    assert (await read_invoice(shop, invoice["id"]))["paymentStatus"] == "PAID"


async def test_an_advance_may_pay_another_order(shop: Shop) -> None:
    """BA-18: staff spends every advance; the order that it was reserved for has less."""
    order = await shop.placed(("apple", 10))
    payment, invoice = await advanced(shop, "120", orderId=order["id"]), await bill(shop, 1)
    await allocated(shop, payment, {"invoiceId": invoice["id"], "amount": "12"})
    after = await shop.order(order["id"])
    assert (after["outstanding"]["amount"], after["paid"]["amount"], after["paymentStatus"]) == ("12", "108", "PARTIAL")


async def test_several_invoices_in_sequence(shop: Shop) -> None:
    first, second = await bill(shop, 1), await bill(shop, 1)
    payment = await advanced(shop, "15")
    after = await allocated(shop, payment, {"invoiceId": second["id"]}, {"invoiceId": first["id"]})
    assert [one["amount"]["amount"] for one in after["allocations"]] == ["12", "3"]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("21", "EXCEEDS_UNALLOCATED"),
        ("0", "INVALID_AMOUNT"),
        ("-1", "INVALID_AMOUNT"),
        ("0.001", "INVALID_AMOUNT"),
    ],
)
async def test_amounts_are_checked(shop: Shop, amount: str, code: str) -> None:
    payment, invoice = await advanced(shop, "20"), await bill(shop)
    target = {"invoiceId": invoice["id"], "amount": amount}
    assert await shop.refused("paymentAllocate", paymentId=payment["id"], targets=[target]) == [code]
    after = await allocated(shop, payment, {**target, "amount": "20"})
    assert after["unallocated"]["amount"] == "0"


async def test_never_more_than_is_open(shop: Shop) -> None:
    """EXCEEDS_OPEN_BALANCE tells the open amount; a paid invoice takes nothing at all."""
    payment, invoice = await advanced(shop, "20"), await bill(shop, 1)
    target = {"invoiceId": invoice["id"], "amount": "12.01"}
    query = """mutation ($input: PaymentAllocateInput!) { paymentAllocate(input: $input) {
      userErrors { code path ... on ExceedsOpenBalanceError { openAmount } } } }"""
    values = {"idempotencyKey": "k" * 20, "paymentId": payment["id"], "targets": [target]}
    data = await shop.client.query(query, {"input": values}, shop.staff)
    assert data["paymentAllocate"]["userErrors"] == [
        {"code": "EXCEEDS_OPEN_BALANCE", "path": ["input", "targets", "0", "amount"], "openAmount": "12"}
    ]
    await allocated(shop, payment, {"invoiceId": invoice["id"], "amount": "12"})
    again = [{"invoiceId": invoice["id"]}]
    assert await shop.refused("paymentAllocate", paymentId=payment["id"], targets=again) == ["EXCEEDS_OPEN_BALANCE"]


async def test_a_used_payment_is_explained(shop: Shop) -> None:
    """N-1: the blocker of a payment without money left is the mutation's refusal."""
    invoice = await bill(shop, 1)
    payment = await paid(shop, invoice["id"], "12")
    assert payment["availableTransitions"][0] == {
        "name": "paymentAllocate",
        "isAllowed": False,
        "blockers": [{"code": "EXCEEDS_UNALLOCATED"}],
    }
    assert [told["isAllowed"] for told in payment["availableTransitions"]] == [False, True, True]
    other = [{"invoiceId": (await bill(shop, 1))["id"]}]
    assert await shop.refused("paymentAllocate", paymentId=payment["id"], targets=other) == ["EXCEEDS_UNALLOCATED"]
    told = {one["name"]: one["isAllowed"] for one in (await advanced(shop, "1"))["availableTransitions"]}
    assert told == {"paymentAllocate": True, "paymentDeallocate": False, "paymentSplit": True}


async def test_every_bad_target_is_told(shop: Shop) -> None:
    """CUSTOMER_MISMATCH and NOT_FOUND at once, and nothing is written."""
    payload = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bea")
    foreign, own = await bill(shop, 1, customerId=payload["customer"]["id"]), await bill(shop, 1)
    payment = await advanced(shop, "30")
    targets = [{"invoiceId": own["id"]}, {"invoiceId": foreign["id"]}, {"invoiceId": f"inv_{0:032x}"}]
    refused = await shop.refused("paymentAllocate", paymentId=payment["id"], targets=targets)
    assert refused == ["CUSTOMER_MISMATCH", "NOT_FOUND"]
    assert (await read_invoice(shop, own["id"]))["paymentStatus"] == "UNPAID"
    assert await shop.refused("paymentAllocate", paymentId=payment["id"], targets=[]) == ["INVALID_INPUT"]
    many = [targets[0]] * 251
    assert await shop.refused("paymentAllocate", paymentId=payment["id"], targets=many) == ["TOO_MANY_ENTRIES"]
    await allocated(shop, payment, targets[0])


async def test_currencies_match(shop: Shop) -> None:
    invoice = await bill(shop, 1)
    dollars, euros = await advanced(shop, "12", currencyCode="USD"), await advanced(shop, "12")
    target = [{"invoiceId": invoice["id"]}]
    assert await shop.refused("paymentAllocate", paymentId=dollars["id"], targets=target) == ["CURRENCY_MISMATCH"]
    await allocated(shop, euros, *target)


async def test_full_only(shop: Shop) -> None:
    """X-2: a part is refused, the whole is taken."""
    await shop.set_policy("paymentScope", "FULL_ONLY")
    invoice = await bill(shop, 1)
    small, large = await advanced(shop, "11"), await advanced(shop, "20")
    target = {"invoiceId": invoice["id"]}
    refused = await shop.refused("paymentAllocate", paymentId=small["id"], targets=[target])
    assert refused == ["FULL_PAYMENT_REQUIRED"]
    after = await allocated(shop, large, target)
    assert after["unallocated"]["amount"] == "8"


async def test_shoppers_spend_untagged_advances_only(shop: Shop) -> None:
    """X-17, BA-19: what is reserved for an order is not for self-service; staff may spend it."""
    shopper = shop.shopper()
    made = await shop.client.did(
        "customerCreate",
        "customer { id }",
        {"kind": "REGISTERED", "name": "Carl", "email": "carl@example.com"},
        shopper,
    )
    customer = made["customer"]["id"]
    invoice = await bill(shop, 2, customerId=customer)
    order = await shop.placed(("apple", 1), customerId=customer)
    tagged = await advanced(shop, "12", customerId=customer, orderId=order["id"])
    free = await advanced(shop, "12", customerId=customer)
    targets = [{"invoiceId": invoice["id"]}]
    refused = await shop.client.refused("paymentAllocate", {"paymentId": tagged["id"], "targets": targets}, shopper)
    assert refused == ["ADVANCE_NOT_SPENDABLE"]
    await shop.client.did("paymentAllocate", "", {"paymentId": free["id"], "targets": targets}, shopper)
    foreign = {"paymentId": (await advanced(shop, "1"))["id"], "targets": targets}
    assert await shop.client.refused("paymentAllocate", foreign, shopper) == ["NOT_FOUND"]
    await allocated(shop, tagged, *targets)
    assert (await read_invoice(shop, invoice["id"]))["paymentStatus"] == "PAID"


async def test_nothing_is_spent_twice(shop: Shop) -> None:
    """M5: eight at once take 20 each from 50; two get it, whatever the order."""
    payment = await advanced(shop, "50")
    invoices = [await bill(shop, 5) for _ in range(8)]
    payloads = await asyncio.gather(
        *[
            shop.client.mutate(
                "paymentAllocate",
                "",
                {"paymentId": payment["id"], "targets": [{"invoiceId": invoice["id"], "amount": "20"}]},
                shop.staff,
            )
            for invoice in invoices
        ]
    )
    codes = [[error["code"] for error in payload["userErrors"]] for payload in payloads]
    assert sorted(codes) == [[], [], *[["EXCEEDS_UNALLOCATED"]] * 6]
    assert (await balances(shop))["CASH"] == "40"
