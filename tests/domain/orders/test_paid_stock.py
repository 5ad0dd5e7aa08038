"""commitOn PAYMENT: stock is promised when the money is here, by advances or by bills that are paid (X-3, X-4)."""

import pytest

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from tests.bills import advanced, issued, paid, payment_values, sold
from tests.client import Json
from tests.credits import goodwill
from tests.domain.orders.test_acknowledge import blockers, events
from tests.scenarios.books import available
from tests.shipping import drafted
from tests.shop import ORDER, Shop


@pytest.fixture(autouse=True)
async def by_payment(shop: Shop) -> None:
    """The setting that this file is about."""
    await shop.set_policy("commitOn", "PAYMENT")


async def promised(shop: Shop, order: Json) -> list[str]:
    """What is promised of each item."""
    return [item["committedQuantity"] for item in (await shop.order(order["id"]))["items"]]


@pytest.mark.parametrize(("moment", "before"), [("PLACE", "10"), ("PAYMENT", "0")])
async def test_the_moment_is_the_only_difference(moment: str, before: str, shop: Shop, database: Database) -> None:
    """X-3: at placement, or by the advance that completes what is to be paid; a part of it promises nothing."""
    await shop.set_policy("commitOn", moment)
    order = await shop.placed(("apple", 10))
    assert await promised(shop, order) == [before]
    await advanced(shop, "119.99", orderId=order["id"])
    assert await promised(shop, order) == [before]
    values = payment_values(shop, "ADVANCE", "0.01", orderId=order["id"])
    payload = await shop.did("paymentRecord", "payment { id }", **values)
    assert ("StockCommitted." in events(payload)) == (moment == "PAYMENT")
    assert await promised(shop, order) == ["10"]
    assert await available(shop, "apple") == "40"
    assert await verify(database, shop.company) == []


async def test_before_the_money_nothing_is_set_aside(shop: Shop) -> None:
    """As under commitOn ACKNOWLEDGE: nothing is promised that could be set aside, acknowledged or not."""
    order = await shop.placed(("apple", 10))
    await shop.did("orderAcknowledge", orderId=order["id"])
    assert await promised(shop, order) == ["0"]
    assert await shop.refused("allocationCreate", orderId=order["id"]) == ["NOTHING_OPEN"]
    await advanced(shop, "120.00", orderId=order["id"])
    await shop.did("allocationCreate", orderId=order["id"])


async def test_booking_before_the_money_promises_what_it_takes(shop: Shop, database: Database) -> None:
    """As under commitOn ACKNOWLEDGE: who books the goods has decided; the payment afterwards promises nothing twice."""
    order = await shop.placed(("apple", 10))
    await drafted(shop, order, "BOOK", items=[{"orderItemId": order["items"][0]["id"], "quantity": "4"}])
    assert await promised(shop, order) == ["10"]
    await shop.did("orderItemUpdate", orderId=order["id"], orderItemId=order["items"][0]["id"], quantity="6")
    assert await promised(shop, order) == ["6"], "what is no longer wanted is free"
    await advanced(shop, "72.00", orderId=order["id"])
    assert (await promised(shop, order), await available(shop, "apple")) == (["6"], "44")
    assert await verify(database, shop.company) == []


async def test_a_paid_invoice(shop: Shop, database: Database) -> None:
    """By its own payment, by money on account, and by a credit memo: whichever settles the last of it."""
    for kind in ("payment", "allocation", "memo"):
        order = await shop.placed(("apple", 5))
        invoice = await issued(shop, order["id"])
        await paid(shop, invoice["id"], "59.00")
        assert await promised(shop, order) == ["0"]
        target = {"targets": [{"invoiceId": invoice["id"], "amount": "1.00"}]}
        if kind == "payment":
            await paid(shop, invoice["id"], "1.00")
        elif kind == "allocation":
            advance = await advanced(shop, "1.00")
            await shop.did("paymentAllocate", paymentId=advance["id"], **target)
        else:
            memo = await goodwill(shop, "1.00", reason="sorry")
            await shop.did("creditMemoApply", creditMemoId=memo["id"], **target)
        assert await promised(shop, order) == ["5"]
    assert await verify(database, shop.company) == []


async def test_a_cash_sale_comes_with_its_money(shop: Shop) -> None:
    order = await shop.placed(("apple", 5))
    await sold(shop, order["id"])
    assert await promised(shop, order) == ["5"]


async def test_a_paid_part_promises_what_it_bills(shop: Shop, database: Database) -> None:
    """billingScope BY_SELECTION: 3 of 10 are billed and paid, the others wait for their money."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 10), ("pear", 4))
    some = [{"orderItemId": order["items"][0]["id"], "quantity": "3"}]
    invoice = await issued(shop, order["id"], items=some)
    await paid(shop, invoice["id"], "36.00")
    assert await promised(shop, order) == ["3", "0"]
    rest = await issued(shop, order["id"])
    await paid(shop, rest["id"], rest["total"]["amount"])
    assert await promised(shop, order) == ["10", "4"]
    assert await verify(database, shop.company) == []


async def test_one_payment_of_many_orders(shop: Shop, database: Database) -> None:
    orders = [await shop.placed(("apple", 5), ("pear", 1)) for _ in range(3)]
    targets = [{"invoiceId": (await issued(shop, order["id"]))["id"]} for order in orders]
    await shop.did("paymentRecord", **payment_values(shop, "REGULAR", "189.00", allocations=targets))
    assert [await promised(shop, order) for order in orders] == [["5", "1"]] * 3
    assert await verify(database, shop.company) == []


@pytest.mark.parametrize("rule", ["REJECT", "COMMIT_PARTIAL"])
async def test_money_is_never_refused_for_a_shortage(rule: str, shop: Shop, database: Database) -> None:
    """X-4: what is short stays open and is told, under either rule; an order in stock is promised in full."""
    await shop.set_policy("commitShortage", rule)
    short, enough = await shop.placed(("apple", 60)), await shop.placed(("pear", 50))
    found = []
    for order, amount in ((short, "720.00"), (enough, "150.00")):
        values = payment_values(shop, "ADVANCE", amount, orderId=order["id"])
        payload = await shop.did("paymentRecord", "payment { id }", **values)
        found.append(([warning["code"] for warning in payload["warnings"]], await promised(shop, order)))
    assert found == [(["STOCK_SHORT"], ["50"]), ([], ["50"])]
    assert (await shop.order(short["id"]))["summary"] == "partly committed, unbilled, prepaid"
    assert await verify(database, shop.company) == []


async def test_what_is_paid_before_it_is_placed_is_promised_by_placing(shop: Shop) -> None:
    """N-1, X-4: this is no money that comes in, so that a shortage is refused, and told beforehand."""
    draft, short = await shop.draft(("apple", 5)), await shop.draft(("apple", 46))
    for order, amount in ((draft, "60.00"), (short, "552.00")):
        await advanced(shop, amount, orderId=order["id"])
    placed = await shop.did("orderPlace", ORDER, orderId=draft["id"])
    assert placed["order"]["commitmentStatus"] == "FULL"
    assert await blockers(shop, short["id"], "orderPlace") == ["INSUFFICIENT_STOCK"]
    assert await shop.refused("orderPlace", orderId=short["id"]) == ["INSUFFICIENT_STOCK"]


async def test_less_left_to_pay_and_more_added(shop: Shop, database: Database) -> None:
    """Cancelling makes the money suffice; what is added afterwards waits for its own money."""
    order = await shop.placed(("apple", 10))
    await advanced(shop, "96.00", orderId=order["id"])
    lines = [{"orderItemId": order["items"][0]["id"], "quantity": "2"}]
    await shop.did("orderItemCancel", orderId=order["id"], items=lines, reason="too many")
    assert await promised(shop, order) == ["8"]
    more = [{"productId": shop.products["pear"], "quantity": "4"}]
    await shop.did("orderItemAdd", orderId=order["id"], items=more)
    assert await promised(shop, order) == ["8", "0"]
    await advanced(shop, "12.00", orderId=order["id"])
    assert await promised(shop, order) == ["8", "4"]
    assert await verify(database, shop.company) == []


async def test_a_proforma_order_is_promised_and_set_aside_when_it_is_paid(shop: Shop) -> None:
    """KH-6, KH-7 with allocateOn PLACE: it is a sales order by then."""
    await shop.set_policy("allocateOn", "PLACE")
    order = await shop.placed(("apple", 10), typeCode="PF")
    assert await promised(shop, order) == ["0"]
    await advanced(shop, "120.00", orderId=order["id"])
    after = await shop.order(order["id"])
    assert (after["commitmentStatus"], after["allocationStatus"]) == ("FULL", "FULL")


async def test_billed_by_its_payment_as_well(shop: Shop, database: Database) -> None:
    """billOn PAYMENT beside it: one payment promises and bills."""
    await shop.set_policy("billOn", "PAYMENT")
    order = await shop.placed(("apple", 2))
    await advanced(shop, "24.00", orderId=order["id"])
    assert (await shop.order(order["id"]))["summary"] == "committed, invoiced, paid"
    assert await verify(database, shop.company) == []
