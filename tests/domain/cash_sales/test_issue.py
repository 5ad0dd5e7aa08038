"""Cash sales: an order paid at once is billed, numbered, posted and paid in one go (PK-9, PK-12 to PK-20, X-25)."""

import asyncio

from gql_sales.db.engine import Database
from gql_sales.domain.verify import verify
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from tests.bills import CASH_SALE, PAYMENT, advanced, balances, issued, payment_values, read_cash_sale, ship, sold
from tests.client import Client, Json, key
from tests.scenarios.books import balance, entries
from tests.shop import ORDER, Shop

TOTALS = {"net": "20", "tax": "4", "total": "24", "openBalance": "0", "handedOver": "0"}


async def test_one_call_bills_and_pays_the_whole_order(shop: Shop, database: Database) -> None:
    """PK-18, PK-20, posting table: the receipt with its number, the payment with its own, two entries."""
    order = await shop.placed(("apple", 1), ("pear", 4))
    fields = f"{CASH_SALE} {PAYMENT} {ORDER} effects {{ ... on NumberEffect {{ series number }} }}"
    payload = await shop.did("cashSaleIssue", fields, orderId=order["id"], paymentMethod="CARD")
    sale, payment = payload["cashSale"], payload["payment"]
    assert (sale["number"], sale["state"], sale["paymentStatus"]) == ("CS-000001", "ISSUED", "PAID")
    assert {name: sale[name]["amount"] for name in TOTALS} == TOTALS
    assert [(line["sku"], line["quantity"], line["gross"]["amount"]) for line in sale["items"]] == [
        ("apple", "1", "12"),
        ("pear", "4", "12"),
    ]
    assert [(line["rate"], line["net"]["amount"], line["tax"]["amount"]) for line in sale["taxLines"]] == [
        ("0.2", "20", "4")
    ]
    assert (sale["buyerName"], sale["billingAddress"]["city"], sale["invoice"]) == ("Ada Byron", "Berlin", None)
    assert (payment["number"], payment["kind"], payment["unallocated"]["amount"]) == ("R-000001", "REGULAR", "0")
    assert payment["tenders"] == [{"method": "CARD", "reference": None, "amount": {"amount": "24"}}]
    assert [(one["amount"]["amount"], one["invoice"]) for one in payment["allocations"]] == [("24", None)]
    assert [one["payment"]["number"] for one in sale["paymentAllocations"]] == ["R-000001"]
    assert payload["order"]["summary"] == "committed, cash-saled, paid"
    assert (payload["order"]["billingStatus"], payload["order"]["due"]["amount"]) == ("CASH_SALED", "24")
    messages = {effect["message"] for effect in payload["effects"]}
    assert {"CashSaleIssued.", "PaymentReceived.", "24.00 EUR of the payment applied."} <= messages
    assert await entries(shop, sale["id"]) == [
        ("INVOICING", {"RECEIVABLE": "24", "REVENUE": "-20", "TAX_PAYABLE": "-4"})
    ]
    assert await entries(shop, payment["id"]) == [("PAYMENT_ALLOCATION", {"CASH": "24", "RECEIVABLE": "-24"})]
    assert await balance(shop) == []
    assert await verify(database, shop.company) == []


async def test_numbers_are_those_of_their_own_series(shop: Shop, database: Database) -> None:
    """PK-13, PK-14: many at once and an invoice between them leave no gap in either series."""
    orders = [await shop.placed(("apple", 1)) for _ in range(7)]
    invoice = await issued(shop, orders.pop()["id"])
    sales = await asyncio.gather(*[sold(shop, order["id"]) for order in orders])
    assert sorted(sale["number"] for sale in sales) == [f"CS-00000{n}" for n in range(1, 7)]
    assert invoice["number"] == "INV-000001"
    assert await verify(database, shop.company) == []


async def test_the_method_is_the_orders_own_or_the_callers(shop: Shop) -> None:
    """PK-18: with the method chosen on the order; PK-10: staff may choose another."""
    own = await shop.placed(("apple", 1), paymentMethod="paypal")
    none = await shop.placed(("apple", 1))
    assert await shop.refused("cashSaleIssue", orderId=none["id"]) == ["INVALID_INPUT"]
    assert await shop.refused("cashSaleIssue", orderId=none["id"], paymentMethod="SHELLS") == ["NOT_FOUND"]
    methods = []
    for id_, method in ((own["id"], None), (none["id"], "cash")):
        values: Json = {"orderId": id_, "paymentMethod": method}
        payload = await shop.did("cashSaleIssue", "payment { tenders { method } }", **values)
        methods += [tender["method"] for tender in payload["payment"]["tenders"]]
    assert methods == ["PAYPAL", "CASH"]


async def test_a_deferred_method_needs_an_invoice(shop: Shop) -> None:
    """PK-8: by the order or by the caller; an immediate one instead is fine."""
    order = await shop.placed(("apple", 1), paymentMethod="BANK_TRANSFER")
    for values in ({}, {"paymentMethod": "INVOICE"}):
        codes = await shop.refused("cashSaleIssue", orderId=order["id"], **values)
        assert codes == ["PAYMENT_METHOD_NOT_IMMEDIATE"]
    await sold(shop, order["id"])


async def test_after_an_invoice_there_is_no_cash_sale(shop: Shop) -> None:
    """PK-16: told beforehand; after a cash sale nothing is left for an invoice either."""
    order, other = await shop.placed(("apple", 1)), await shop.placed(("apple", 1))
    await issued(shop, order["id"])
    codes = await shop.refused("cashSaleIssue", orderId=order["id"], paymentMethod="CASH")
    assert codes == ["INVOICE_EXISTS", "NOTHING_TO_BILL"]
    (told,) = [t for t in (await shop.order(order["id"]))["availableTransitions"] if t["name"] == "cashSaleIssue"]
    assert [blocker["code"] for blocker in told["blockers"]] == codes
    await sold(shop, other["id"])
    assert await shop.refused("invoiceIssue", orderId=other["id"]) == ["NOTHING_TO_BILL"]
    assert await shop.refused("cashSaleIssue", orderId=other["id"], paymentMethod="CASH") == ["NOTHING_TO_BILL"]
    assert await shop.refused("orderCancel", orderId=other["id"], reason="no") == ["ALREADY_BILLED"]


async def test_part_invoiced_is_invoiced(shop: Shop) -> None:
    """PK-16, PK-20: a cash sale is the whole order or none of it."""
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 2))
    await issued(shop, order["id"], items=[{"orderItemId": order["items"][0]["id"], "quantity": "1"}])
    assert await shop.refused("cashSaleIssue", orderId=order["id"], paymentMethod="CASH") == ["INVOICE_EXISTS"]
    await issued(shop, order["id"])


async def test_what_costs_nothing_needs_no_payment(shop: Shop, database: Database) -> None:
    await shop.add_product("sample", "0.00", kind="SERVICE", isStocked=False)
    order = await shop.placed(("sample", 1))
    payload = await shop.did("cashSaleIssue", f"{CASH_SALE} {PAYMENT}", orderId=order["id"])
    assert (payload["cashSale"]["paymentStatus"], payload["payment"]) == ("PAID", None)
    assert (await shop.order(order["id"]))["summary"] == "cash-saled, paid"
    assert await verify(database, shop.company) == []


async def test_money_that_waits_for_the_order_is_used_first(shop: Shop, database: Database) -> None:
    """PK-23, BA-16: an advance reserved for the order is not asked for again; the rest is paid at once."""
    order = await shop.placed(("apple", 2))
    advance = await advanced(shop, "10.00", orderId=order["id"])
    sale = await sold(shop, order["id"])
    assert [(part["amount"]["amount"], part["payment"]["number"]) for part in sale["paymentAllocations"]] == [
        ("10", advance["number"]),
        ("14", "R-000002"),
    ]
    after = await shop.order(order["id"])
    assert (after["paymentStatus"], after["paid"]["amount"], after["outstanding"]["amount"]) == ("PAID", "24", "0")
    assert (await balances(shop))["CASH"] == "24"
    assert await verify(database, shop.company) == []


async def test_by_itself_when_paid_at_once_and_no_invoice_is_asked_for(shop: Shop, database: Database) -> None:
    """PK-6 to PK-9 with billOn PLACE: the method and the wish decide, staff's word that money came is taken."""
    await shop.set_policy("billOn", "PLACE")
    found = {}
    choices: dict[str, Json] = {
        "none": {},
        "card": {"paymentMethod": "CARD"},
        "card, invoice": {"paymentMethod": "CARD", "isInvoiceRequested": True},
        "transfer": {"paymentMethod": "BANK_TRANSFER"},
    }
    for name, values in choices.items():
        order = await shop.placed(("apple", 1), **values)
        found[name] = (order["billingStatus"], order["paymentStatus"])
    assert found == {
        "none": ("INVOICED", "UNPAID"),
        "card": ("CASH_SALED", "PAID"),
        "card, invoice": ("INVOICED", "UNPAID"),
        "transfer": ("INVOICED", "UNPAID"),
    }
    assert await verify(database, shop.company) == []


async def test_by_itself_when_goods_leave(shop: Shop, database: Database) -> None:
    """IF-13 with billOn SHIPMENT_FINALIZED: once and as a whole, also where lines may be selected (PK-20)."""
    await shop.set_policy("billOn", "SHIPMENT_FINALIZED")
    await shop.set_policy("billingScope", "BY_SELECTION")
    order = await shop.placed(("apple", 2), paymentMethod="CASH")
    for _ in range(2):
        await ship(shop, order, ("apple", 1))
    data = await shop.query(
        "query ($id: ID!) { cashSales(filter: {orderId: {in: [$id]}}) { nodes { total { amount } } } }", id=order["id"]
    )
    assert data["cashSales"]["nodes"] == [{"total": {"amount": "24"}}]
    assert (await shop.order(order["id"]))["summary"] == "shipped, cash-saled, paid"
    assert await verify(database, shop.company) == []


async def shopper(shop: Shop, client: Client) -> Principal:
    """A guest with a record of their own."""
    guest = shop.shopper(kind=PrincipalKind.GUEST)
    await client.did("customerCreate", "", {"kind": "GUEST", "name": "Gus", "email": "gus@example.com"}, guest)
    return guest


async def test_a_shoppers_word_is_no_money(shop: Shop, client: Client, database: Database) -> None:
    """PK-17, X-25: placed by the shopper, the cash sale is open and told, until the payment is recorded."""
    await shop.set_policy("billOn", "PLACE")
    guest = await shopper(shop, client)
    values = shop.order_values(("apple", 1), paymentMethod="CARD", then=["PLACE"])
    del values["customerId"]
    fields = "order { id summary cashSales { id number openBalance { amount } } customer { id } }"
    payload = await client.did("orderCreate", fields, values, guest)
    order = payload["order"]
    assert [warning["code"] for warning in payload["warnings"]] == ["CASH_SALE_UNPAID"]
    assert order["summary"] == "committed, cash-saled, unpaid"
    (sale,) = order["cashSales"]
    data = await shop.query("{ cashSales(filter: {isOpen: true}) { nodes { id } } }")
    assert data["cashSales"]["nodes"] == [{"id": sale["id"]}]
    settle = {"customerId": order["customer"]["id"], "allocations": [{"cashSaleId": sale["id"], "amount": "12.00"}]}
    too_much = payment_values(shop, "REGULAR", "12.01", **settle)
    too_much["allocations"] = [{"cashSaleId": sale["id"]}]
    assert await shop.refused("paymentRecord", **too_much) == ["EXCEEDS_OPEN_BALANCE"]
    await shop.did("paymentRecord", **payment_values(shop, "REGULAR", "12.00", **settle))
    assert (await read_cash_sale(shop, sale["id"]))["paymentStatus"] == "PAID"
    assert (await shop.order(order["id"]))["summary"] == "committed, cash-saled, paid"
    assert await verify(database, shop.company) == []


async def test_advances_settle_cash_sales_too(shop: Shop, client: Client, database: Database) -> None:
    """paymentAllocate: by id of the cash sale; naming both documents or none is no target."""
    await shop.set_policy("billOn", "PLACE")
    guest = await shopper(shop, client)
    values = shop.order_values(("apple", 1), paymentMethod="CARD", then=["PLACE"])
    del values["customerId"]
    placed = await client.did("orderCreate", "order { cashSales { id } customer { id } }", values, guest)
    (sale,) = placed["order"]["cashSales"]
    payment = await advanced(shop, "20.00", customerId=placed["order"]["customer"]["id"])
    wrong = {"cashSaleId": sale["id"], "invoiceId": "inv_" + "0" * 32}
    query = "mutation ($input: PaymentAllocateInput!) { paymentAllocate(input: $input) { userErrors { code } } }"
    for target in (wrong, {}):
        given = {"paymentId": payment["id"], "targets": [target], "idempotencyKey": key()}
        answer = await shop.client.execute(query, {"input": given}, shop.staff)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    absent = [{"cashSaleId": "csh_" + "0" * 32}]
    assert await shop.refused("paymentAllocate", paymentId=payment["id"], targets=absent) == ["NOT_FOUND"]
    await shop.did("paymentAllocate", paymentId=payment["id"], targets=[{"cashSaleId": sale["id"]}])
    assert (await read_cash_sale(shop, sale["id"]))["openBalance"]["amount"] == "0"
    assert await verify(database, shop.company) == []


async def test_cash_sales_are_read_by_id_number_and_list_as_far_as_they_are_ones_own(
    shop: Shop, client: Client
) -> None:
    """A2, A3: a stranger sees nothing of it; whoever may not read cash sales is told so."""
    order = await shop.placed(("apple", 1))
    sale = await sold(shop, order["id"])
    lines = await shop.query("query ($id: ID!) { cashSale(by: {id: $id}) { items { id } } }", id=sale["id"])
    ids = [sale["id"], *[line["id"] for line in lines["cashSale"]["items"]]]
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    number = '{ cashSale(by: {number: "CS-000001"}) { id } cashSales { nodes { id } } }'
    assert await shop.query(number) == {"cashSale": {"id": sale["id"]}, "cashSales": {"nodes": [{"id": sale["id"]}]}}
    assert (await shop.query(nodes, ids=ids))["nodes"] == [{"id": id_} for id_ in ids]
    stranger = shop.shopper()
    assert (await client.query(nodes, {"ids": ids}, stranger))["nodes"] == [None, None]
    assert await client.query(number, None, stranger) == {"cashSale": None, "cashSales": {"nodes": []}}
    clerk = Principal(PrincipalKind.STAFF, Audience.ADMIN, "bob", frozenset({"orders:read"}), shop.company)
    answer = await client.execute(number, None, clerk)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
