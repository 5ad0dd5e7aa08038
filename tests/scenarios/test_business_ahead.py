"""BusinessAhead's way: money on account, delivery notes in three states, balances that only invoices move."""

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.principals import Principal
from tests.bills import PAYMENT, advanced, balances, issued, paid, read_invoice, ship
from tests.client import Json
from tests.scenarios.books import available, axes, balance, drafted_shipment, entries, level, summary
from tests.shop import ADDRESS, Shop


async def registered(shop: Shop) -> tuple[Principal, str]:
    """A customer with a login, and their record."""
    shopper = shop.shopper()
    values = {"kind": "REGISTERED", "name": "Eve", "email": "eve@example.com"}
    made = await shop.client.did("customerCreate", "customer { id }", values, shopper)
    return shopper, made["customer"]["id"]


async def test_who_may_spend_which_advance(shop: Shop, database: Database) -> None:
    """BA-16..20, X-17: customers spend what is untagged, the back office everything of that customer."""
    shopper, customer = await registered(shop)
    shop.customer_id = customer
    first, second = await shop.placed(("apple", 5)), await shop.placed(("apple", 5))
    untagged = await advanced(shop, "40")
    tagged = await advanced(shop, "60", orderId=first["id"])
    assert [one["selfServiceAvailable"]["amount"] for one in (untagged, tagged)] == ["40", "0"]
    assert [await summary(shop, one["id"]) for one in (first, second)] == [
        "committed, unbilled, prepaid",
        "committed, unbilled, unpaid",
    ]
    bills = [await issued(shop, one["id"]) for one in (first, second)]
    assert (await balance(shop), (await balances(shop))["RECEIVABLE"]) == (["120"], "120")

    targets = [{"invoiceId": bills[0]["id"]}]
    values = {"paymentId": tagged["id"], "targets": targets}
    assert await shop.client.refused("paymentAllocate", values, shopper) == ["ADVANCE_NOT_SPENDABLE"]
    values = {"paymentId": untagged["id"], "targets": [{"invoiceId": bills[0]["id"], "amount": "10"}]}
    payload = await shop.client.did("paymentAllocate", PAYMENT, values, shopper)
    assert payload["payment"]["selfServiceAvailable"]["amount"] == "30"
    # 5 × 12.00 billed, 10 of it paid, 60 still tagged: the customer gave more than the order will ask for.
    assert await axes(shop, first["id"]) == ("FULL", "NONE", "NONE", "INVOICED", "OVERPAID")
    # The back office uses money tagged to one order for another due of the same customer (BA-18).
    await shop.did("paymentAllocate", paymentId=tagged["id"], targets=[{"invoiceId": bills[1]["id"], "amount": "25"}])
    await shop.did("paymentAllocate", paymentId=tagged["id"], targets=[{"invoiceId": bills[0]["id"], "amount": "35"}])
    assert [(await read_invoice(shop, one["id"]))["openBalance"]["amount"] for one in bills] == ["15", "35"]
    assert [(await axes(shop, one["id"]))[4] for one in (first, second)] == ["PARTIAL", "PARTIAL"]
    assert await balance(shop) == ["50"]
    assert await entries(shop, tagged["id"]) == [
        ("PAYMENT_ALLOCATION", {"CASH": "25", "RECEIVABLE": "-25"}),
        ("PAYMENT_ALLOCATION", {"CASH": "35", "RECEIVABLE": "-35"}),
    ]
    assert await verify(database, shop.company) == []


async def test_nobody_spends_the_money_of_another(shop: Shop, database: Database) -> None:
    """BA-18, P8: an advance settles dues of its customer only, and shoppers see theirs only."""
    shopper, own = await registered(shop)
    foreign_advance = await advanced(shop, "50")
    foreign_bill = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    stranger = shop.customer_id
    shop.customer_id = own
    advance = await advanced(shop, "50")
    bill = await issued(shop, (await shop.placed(("apple", 1)))["id"])
    for payment, invoice in ((foreign_advance, bill), (advance, foreign_bill), (foreign_advance, foreign_bill)):
        values: Json = {"paymentId": payment["id"], "targets": [{"invoiceId": invoice["id"]}]}
        assert await shop.client.refused("paymentAllocate", values, shopper) == ["NOT_FOUND"]
    values = {"paymentId": advance["id"], "targets": [{"invoiceId": foreign_bill["id"]}]}
    assert await shop.refused("paymentAllocate", **values) == ["CUSTOMER_MISMATCH"]
    values = {"paymentId": advance["id"], "targets": [{"invoiceId": bill["id"]}]}
    await shop.client.did("paymentAllocate", "", values, shopper)
    assert (await balance(shop, own), await balance(shop, stranger)) == ([], ["12"])
    assert await verify(database, shop.company) == []


async def test_a_delivery_note_in_three_states(shop: Shop, database: Database) -> None:
    """BA-28, BA-29, BA-32, BA-35, BA-36, X-28: open draws nothing, booked reserves, finalized draws."""
    order = await shop.placed(("apple", 10))
    note = await drafted_shipment(shop, order, ("apple", 6))
    assert (note["state"], note["number"]) == ("OPEN", None)
    assert (await level(shop, "apple"), await available(shop, "apple")) == (("50", "0", "0"), "40")
    booked = (await shop.did("shipmentBook", "shipment { state number }", shipmentId=note["id"]))["shipment"]
    assert (booked["state"], booked["number"] is not None) == ("BOOKED", True)
    assert (await level(shop, "apple"), await available(shop, "apple")) == (("50", "0", "6"), "40")
    assert await axes(shop, order["id"]) == ("FULL", "PARTIAL", "NONE", "UNBILLED", "UNPAID")
    assert await summary(shop, order["id"]) == "committed, partly allocated, unbilled, unpaid"
    assert "ALREADY_BOOKED" in await shop.refused("orderCancel", orderId=order["id"], reason="late")
    assert await shop.refused("shipmentBook", shipmentId=note["id"]) == ["INVALID_TRANSITION"]
    sent = await shop.did("shipmentFinalize", "shipment { state number }", shipmentId=note["id"])
    assert sent["shipment"] == {"state": "FINALIZED", "number": booked["number"]}
    assert (await level(shop, "apple"), await available(shop, "apple")) == (("44", "0", "0"), "40")
    assert await shop.refused("shipmentFinalize", shipmentId=note["id"]) == ["INVALID_TRANSITION"]
    assert await verify(database, shop.company) == []


async def test_partial_shipment_against_the_flag_warns(shop: Shop, database: Database) -> None:
    """BA-39, BA-40, X-14: a warning that must be acknowledged; nothing is drawn before."""
    await shop.set_policy("partialShipment", "WARN")
    order = await shop.placed(("apple", 10))
    item = order["items"][0]["id"]
    values = {
        "orderId": order["id"],
        "warehouseId": shop.warehouse_ids[0],
        "items": [{"orderItemId": item, "quantity": "4"}],
        "then": ["BOOK", "FINALIZE"],
    }
    payload = await shop.client.mutate("shipmentCreate", "shipment { id }", values, shop.staff)
    assert payload["shipment"] is None
    assert {error["code"] for error in payload["userErrors"]} == {"WARNING_NOT_ACKNOWLEDGED"}
    assert await level(shop, "apple") == ("50", "0", "0")
    payload = await shop.did("shipmentCreate", "shipment { state }", **values, acknowledgeWarnings=["PARTIAL_SHIPMENT"])
    assert payload["shipment"]["state"] == "FINALIZED"
    assert {warning["code"] for warning in payload["warnings"]} == {"PARTIAL_SHIPMENT"}
    assert await level(shop, "apple") == ("46", "0", "0")
    assert await verify(database, shop.company) == []


async def test_only_an_invoice_moves_the_balance(shop: Shop, database: Database) -> None:
    """BA-12..15, BA-41: orders, goods and advances leave receivables alone."""
    order = await shop.placed(("apple", 10))
    assert await balance(shop) == []
    await ship(shop, order, ("apple", 10))
    assert await balance(shop) == []
    await advanced(shop, "30")
    assert (await balance(shop), await balances(shop)) == ([], {})
    invoice = await issued(shop, order["id"])
    assert (await balance(shop), (await balances(shop))["RECEIVABLE"]) == (["120"], "120")
    await paid(shop, invoice["id"], "50")
    assert (await balance(shop), (await balances(shop))["RECEIVABLE"]) == (["70"], "70")
    assert await summary(shop, order["id"]) == "shipped, invoiced, partly paid"
    assert await verify(database, shop.company) == []


async def test_the_tax_of_an_order_stays(shop: Shop, database: Database) -> None:
    """BA-81, BA-83, BA-84: frozen with the item, also on the invoice; a draft is taxed afresh when it moves."""
    order = await shop.placed(("apple", 10))
    draft = await shop.draft(("apple", 10))
    await shop.did("taxRuleSet", countryCode="FR", taxGroup="STANDARD", rate="0.1", name="TVA", validFrom="2020-01-01")
    french = {**ADDRESS, "countryCode": "FR"}
    payload = await shop.did(
        "orderSetAddresses", "order { tax { amount } }", orderId=draft["id"], shippingAddress=french
    )
    assert payload["order"]["tax"]["amount"] == "10"
    await shop.did("taxRuleSet", countryCode="DE", taxGroup="STANDARD", rate="0.3", name="VAT", validFrom="2020-01-01")
    assert (await shop.order(order["id"]))["tax"]["amount"] == "20"
    invoice = await issued(shop, order["id"])
    assert (invoice["tax"]["amount"], [line["rate"] for line in invoice["taxLines"]]) == ("20", ["0.2"])
    assert (await shop.draft(("apple", 10)))["tax"]["amount"] == "30"
    assert await verify(database, shop.company) == []
