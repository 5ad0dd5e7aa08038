"""A company in which every relation of the schema leads somewhere, from twelve parents each."""

from tests.bills import CASH_SALE, advanced, issued, paid
from tests.client import Json
from tests.credits import goodwill
from tests.shop import ADDRESS, Shop

PARENTS = 12


async def furnish(shop: Shop) -> None:
    """Twelve channels, warehouses, products and customers of their own, and three orders for each of them."""
    for number in range(PARENTS):
        await _business(shop, number)


async def _business(shop: Shop, number: int) -> None:
    code = f"b{number}"
    made = await shop.did(
        "channelCreate", "channel { id }", code=code, name=code, kind="WEB", currencyCode="EUR", poolCode=code
    )
    shop.channel_id = made["channel"]["id"]
    method = await shop.did(
        "warehouseCreate",
        "warehouse { id }",
        code=f"{code}m",
        name=code,
        countryCode="DE",
        poolCode=code,
        isFulfillmentMethod=True,
    )
    made = await shop.did("warehouseCreate", "warehouse { id }", code=code, name=code, countryCode="DE", poolCode=code)
    shop.warehouse_ids = [made["warehouse"]["id"]]
    await shop.did("warehouseBinAdd", warehouseId=shop.warehouse_ids[0], code="B", kind="NORMAL")
    await shop.add_product(code, "10.00", 20)
    await shop.add_product(f"{code}m", isStocked=False)
    await shop.did("productUpdate", productId=shop.products[f"{code}m"], fulfillmentMethodId=method["warehouse"]["id"])
    await shop.did("productPriceSet", productId=shop.products["delivery"], channelId=shop.channel_id, amount="5")
    shop.customer_id = await _customer(shop, number)
    await _shipped(shop, code)
    await _settled(shop, code)


async def _customer(shop: Shop, number: int) -> str:
    """With an address, a note and a record that was merged into it."""
    ids = []
    for name in ("Old", "New"):
        made = await shop.did(
            "customerCreate", "customer { id }", name=f"{name} {number}", kind="STAFF_CREATED", addresses=[ADDRESS]
        )
        ids.append(made["customer"]["id"])
    await shop.did("customerMerge", customerId=ids[0], intoCustomerId=ids[1])
    await shop.did("customerTimelineAdd", customerId=ids[1], kind="NOTE", text="Called.")
    id_: str = ids[1]
    return id_


async def _shipped(shop: Shop, code: str) -> None:
    """An order that was held, locked, partly cancelled, partly shipped, with an advance and a voided invoice."""
    order = await shop.draft((code, 6), ("delivery", 1))
    id_, item = order["id"], order["items"][0]["id"]
    await shop.did("orderSetWarehouse", orderId=id_, warehouseId=shop.warehouse_ids[0])
    await shop.did("orderPlace", orderId=id_)
    await shop.did("orderHold", orderId=id_, reason="Check", scope="BILLING")
    holds = await shop.query("query ($id: ID!) { order(by: {id: $id}) { holds { id } } }", id=id_)
    await shop.did("orderRelease", orderId=id_, holdId=holds["order"]["holds"][0]["id"], reason="Right")
    await shop.did("orderAcknowledge", orderId=id_)
    await shop.did("orderItemCancel", orderId=id_, items=[{"orderItemId": item, "quantity": "1"}], reason="Less")
    await shop.did("allocationCreate", orderId=id_)
    await advanced(shop, "5", orderId=id_)
    lines = [{"orderItemId": item, "quantity": "2"}]
    made = await shop.did(
        "shipmentCreate", "shipment { id }", orderId=id_, warehouseId=shop.warehouse_ids[0], items=lines
    )
    await shop.did("shipmentPackageAdd", shipmentId=made["shipment"]["id"], items=lines)
    await shop.did("shipmentBook", shipmentId=made["shipment"]["id"])
    invoice = await issued(shop, id_)
    await shop.did("invoiceVoid", invoiceId=invoice["id"], reason="Wrong")


async def _settled(shop: Shop, code: str) -> None:
    """A cash sale that was invoiced, and an invoice that is paid, credited and refunded; a memo settles a bill."""
    order = await shop.placed((code, 1))
    sale = await shop.did("cashSaleIssue", CASH_SALE, orderId=order["id"], tenders=[{"method": "CASH", "amount": "1"}])
    await _apply(shop, "cashSaleId", sale["cashSale"]["id"])
    tenders = {"customerId": shop.customer_id, "kind": "REGULAR", "tenders": [{"method": "CARD", "amount": "2"}]}
    targets = [{"cashSaleId": sale["cashSale"]["id"], "amount": "2"}]
    await shop.did("paymentRecord", **tenders, allocations=targets)
    await shop.did("cashSaleInvoice", cashSaleId=sale["cashSale"]["id"])
    invoice = await issued(shop, (await shop.placed((code, 1)))["id"])
    await _apply(shop, "invoiceId", invoice["id"])
    await paid(shop, invoice["id"], "3")
    lines = await shop.query("query ($id: ID!) { invoice(by: {id: $id}) { items { id } } }", id=invoice["id"])
    credit = [{"invoiceItemId": line["id"], "amount": "2"} for line in lines["invoice"]["items"]]
    await shop.did("creditMemoIssue", cause="PRICE_CORRECTION", items=credit)


async def _apply(shop: Shop, target: str, id_: str) -> None:
    """Goodwill of which one is refunded and one settles the bill."""
    memo: Json = await goodwill(shop, "5")
    await shop.did("creditMemoApply", creditMemoId=memo["id"], targets=[{target: id_, "amount": "1"}])
    await shop.did("refundRequest", creditMemoId=memo["id"], payout=[{"method": "BANK_TRANSFER", "amount": "1"}])
