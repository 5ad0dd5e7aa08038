"""For every transition one way to bring its document to where it may be fired, to try the shared promises."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.client import Json, key
from tests.shop import ADDRESS, Shop

Prepare = Callable[[Shop], Awaitable[Json]]


@dataclass(frozen=True)
class Case:
    """``prepare`` gives the input of a call that succeeds; ``root`` names the field with the document's id."""

    root: str
    prepare: Prepare


async def draft(shop: Shop) -> Json:
    """A draft of ten apples."""
    return {"orderId": (await shop.draft(("apple", 10)))["id"]}


async def placed(shop: Shop) -> Json:
    """A placed order of ten apples."""
    return {"orderId": (await shop.placed(("apple", 10)))["id"]}


async def allocated(shop: Shop) -> Json:
    """A placed order of ten apples, all set aside."""
    values = await placed(shop)
    await shop.did("allocationCreate", **values)
    return values


async def allocation_moved(shop: Shop) -> Json:
    """Ten apples that are set aside in the first warehouse and lie in the second one too."""
    values = await allocated(shop)
    await shop.receive("apple", 10, warehouse=1)
    rows = (await shop.order(values["orderId"]))["allocations"]
    return {**values, "moves": [{"allocationId": rows[0]["id"], "warehouseId": shop.warehouse_ids[1]}]}


async def drafted_shipment(shop: Shop, *then: str) -> Json:
    """A shipment of ten apples from the first warehouse."""
    values = await placed(shop)
    payload = await shop.did(
        "shipmentCreate", "shipment { id }", **values, warehouseId=shop.warehouse_ids[0], then=list(then)
    )
    return {"shipmentId": payload["shipment"]["id"]}


async def booked_shipment(shop: Shop) -> Json:
    """A booked shipment of ten apples."""
    return await drafted_shipment(shop, "BOOK")


async def unbooked_shipment(shop: Shop) -> Json:
    """A draft of a shipment that was booked before."""
    values = await booked_shipment(shop)
    await shop.did("shipmentUnbook", **values)
    return values


async def shipment_to_withdraw(shop: Shop) -> Json:
    """The same with a reason."""
    return {**await unbooked_shipment(shop), "reason": "not today"}


async def finalized_shipment(shop: Shop) -> Json:
    """A shipment whose ten apples have left."""
    return await drafted_shipment(shop, "FINALIZE")


async def shipment_changed(shop: Shop) -> Json:
    """Another carrier for a draft."""
    return {**await drafted_shipment(shop), "carrier": "DHL"}


async def package_added(shop: Shop) -> Json:
    """A box that is empty so far."""
    return {**await drafted_shipment(shop), "trackingNumber": "00340"}


async def package_filled(shop: Shop) -> Json:
    """Everything of a shipment in its only box."""
    values = await drafted_shipment(shop)
    fields = "shipment { items { orderItemId quantity } packages { id } }"
    shipment = (await shop.did("shipmentPackageAdd", fields, **values))["shipment"]
    return {**values, "packageId": shipment["packages"][0]["id"], "items": shipment["items"]}


async def tracking_set(shop: Shop) -> Json:
    """The carrier's number for goods that have left."""
    return {**await finalized_shipment(shop), "trackingNumber": "00340"}


async def item_added(shop: Shop) -> Json:
    """One pear more."""
    return {**await draft(shop), "items": [{"productId": shop.products["pear"], "quantity": "1"}]}


async def item_named(shop: Shop) -> Json:
    """The only item of a draft."""
    order = await shop.draft(("apple", 10))
    return {"orderId": order["id"], "orderItemId": order["items"][0]["id"]}


async def item_updated(shop: Shop) -> Json:
    """Three apples instead of ten."""
    return {**await item_named(shop), "quantity": "3"}


async def item_cancelled(shop: Shop) -> Json:
    """Four of ten apples of a placed order are not wanted."""
    order = await shop.placed(("apple", 10))
    items = [{"orderItemId": order["items"][0]["id"], "quantity": "4"}]
    return {"orderId": order["id"], "items": items, "reason": "too many"}


async def customer_set(shop: Shop) -> Json:
    """Another customer for a draft."""
    made = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="Bob")
    return {**await draft(shop), "customerId": made["customer"]["id"]}


async def addresses_set(shop: Shop) -> Json:
    """Another address for a draft."""
    return {**await draft(shop), "shippingAddress": {**ADDRESS, "city": "Hamburg"}}


async def date_set(shop: Shop) -> Json:
    """Another date for a draft."""
    return {**await draft(shop), "documentDate": "2026-01-02"}


async def warehouse_set(shop: Shop) -> Json:
    """The second warehouse for a draft."""
    return {**await draft(shop), "warehouseId": shop.warehouse_ids[1]}


async def cancelled(shop: Shop) -> Json:
    """Cancel a placed order."""
    return {**await placed(shop), "reason": "no longer wanted"}


async def held(shop: Shop) -> Json:
    """Put a placed order on hold."""
    return {**await placed(shop), "reason": "address looks wrong"}


async def released(shop: Shop) -> Json:
    """Release the only hold of an order, which stops nothing that other transitions need."""
    values = await held(shop)
    payload = await shop.did("orderHold", "order { holds { id } }", **values)
    return {**values, "holdId": payload["order"]["holds"][0]["id"]}


async def shipment_drafted(shop: Shop) -> Json:
    """Draft a shipment of everything."""
    return {**await placed(shop), "warehouseId": shop.warehouse_ids[0]}


async def invoiced(shop: Shop) -> Json:
    """An order of ten apples, billed as a whole; the invoice."""
    values = await placed(shop)
    payload = await shop.did("invoiceIssue", "invoice { id }", **values)
    return {"invoiceId": payload["invoice"]["id"]}


async def sold(shop: Shop) -> Json:
    """Sell a placed order for cash."""
    return {**await placed(shop), "paymentMethod": "CASH"}


async def paid_and_done(shop: Shop) -> Json:
    """A sale that is shipped, billed and paid."""
    steps = ["PLACE", "SHIP", "BILL"]
    return {"orderId": await shop.order_id(("apple", 1), paymentMethod="CASH", then=steps)}


async def cash_sale(shop: Shop) -> Json:
    """A paid cash sale of ten apples."""
    payload = await shop.did("cashSaleIssue", "cashSale { id }", **await sold(shop))
    return {"cashSaleId": payload["cashSale"]["id"]}


async def advance_to_allocate(shop: Shop) -> Json:
    """An advance of 50.00 and an invoice of 120.00 that it can settle in part."""
    invoice = await invoiced(shop)
    payload = await shop.did(
        "paymentRecord",
        "payment { id }",
        customerId=shop.customer_id,
        kind="ADVANCE",
        currencyCode="EUR",
        tenders=[{"method": "BANK_TRANSFER", "amount": "50.00", "reference": key()}],
    )
    return {"paymentId": payload["payment"]["id"], "targets": [invoice]}


async def credit(shop: Shop) -> Json:
    """A credit memo of 50.00 that nothing uses yet."""
    line = {"description": "Goodwill", "unitPrice": "50.00"}
    payload = await shop.did(
        "creditMemoIssue", "creditMemo { id }", customerId=shop.customer_id, cause="MANUAL", lines=[line]
    )
    return {"creditMemoId": payload["creditMemo"]["id"]}


async def credit_to_apply(shop: Shop) -> Json:
    """Credit of 50.00 and an invoice of 120.00."""
    return {**await credit(shop), "targets": [await invoiced(shop)]}


async def applied_credit(shop: Shop) -> Json:
    """Credit of 50.00 that settles part of an invoice."""
    values = await credit_to_apply(shop)
    await shop.did("creditMemoApply", **values)
    return {"creditMemoId": values["creditMemoId"]}


async def credit_to_refund(shop: Shop) -> Json:
    """Credit of 50.00, to be transferred."""
    return {**await credit(shop), "method": "BANK_TRANSFER"}


async def requested_refund(shop: Shop) -> Json:
    """A refund of 50.00 on its way."""
    payload = await shop.did("refundRequest", "refund { id }", **await credit_to_refund(shop))
    return {"refundId": payload["refund"]["id"]}


async def failed_refund(shop: Shop) -> Json:
    """A refund that comes back."""
    return {**await requested_refund(shop), "reason": "account closed"}


async def unconfirmed(shop: Shop) -> Json:
    """An invoice that counts for tax when it is printed."""
    await shop.set_policy("taxPointRule", "ON_ISSUE_CONFIRMATION")
    return await invoiced(shop)


async def mistaken(shop: Shop) -> Json:
    """An invoice that should not be."""
    return {**await invoiced(shop), "reason": "wrong buyer"}


async def allocated_advance(shop: Shop) -> Json:
    """An advance that settles part of an invoice."""
    values = await advance_to_allocate(shop)
    await shop.did("paymentAllocate", **values)
    return {"paymentId": values["paymentId"]}


async def tenders_put_right(shop: Shop) -> Json:
    """An advance of 50.00 that came in two parts after all."""
    values = await advance_to_allocate(shop)
    tenders = [{"method": "CASH", "amount": "20.00"}, {"method": "CARD", "amount": "30.00"}]
    return {"paymentId": values["paymentId"], "tenders": tenders}


async def channel_named(shop: Shop) -> Json:
    """The shop's channel under another name."""
    return {"channelId": shop.channel_id, "name": "Web shop"}


async def warehouse_named(shop: Shop) -> Json:
    """The first warehouse under another name."""
    return {"warehouseId": shop.warehouse_ids[0], "name": "North"}


async def bin_added(shop: Shop) -> Json:
    """A scrap bin in the first warehouse."""
    return {"warehouseId": shop.warehouse_ids[0], "code": "SCRAP", "kind": "SCRAP"}


async def bin_renamed(shop: Shop) -> Json:
    """A scrap bin under another code."""
    values = {**await bin_added(shop), "code": key()[:16]}
    made = await shop.did("warehouseBinAdd", "warehouse { bins { id code } }", **values)
    bin_id = next(one["id"] for one in made["warehouse"]["bins"] if one["code"] == values["code"])
    return {"warehouseId": shop.warehouse_ids[0], "binId": bin_id, "code": key()[:16]}


async def product_named(shop: Shop) -> Json:
    """An apple under another name."""
    return {"productId": shop.products["apple"], "name": "Red apple"}


async def price_set(shop: Shop) -> Json:
    """Another price of the apple."""
    return {"productId": shop.products["apple"], "channelId": shop.channel_id, "amount": "11.50"}


async def customer_named(shop: Shop) -> Json:
    """The customer under another name."""
    return {"customerId": shop.customer_id, "name": "Ada Lovelace"}


async def address_saved(shop: Shop) -> Json:
    """An address for the customer."""
    return {"customerId": shop.customer_id, "address": ADDRESS}


async def address_removed(shop: Shop) -> Json:
    """An address of the customer's book."""
    made = await shop.did("customerAddressSave", "customer { addresses { id } }", **await address_saved(shop))
    return {"customerId": shop.customer_id, "addressId": made["customer"]["addresses"][-1]["id"]}


async def doubled(shop: Shop) -> Json:
    """A second record of the customer, to be merged into the first."""
    made = await shop.did("customerCreate", "customer { id }", kind="STAFF_CREATED", name="A. Byron")
    return {"customerId": made["customer"]["id"], "intoCustomerId": shop.customer_id}


async def noted(shop: Shop) -> Json:
    """A note of an earlier day."""
    text = "Wants to be called\nin the morning."
    return {"customerId": shop.customer_id, "kind": "NOTE", "text": text, "occurredAt": "2026-01-01T09:00:00Z"}


async def company_named(shop: Shop) -> Json:
    """The company under another name."""
    return {"companyId": shop.company_id, "name": "Test Inc"}


async def key_made(shop: Shop) -> Json:
    """A partner's key."""
    made = await shop.did("apiKeyCreate", "apiKey { id }", name="partner", scopes=["orders:read"])
    return {"apiKeyId": made["apiKey"]["id"]}


CASES: dict[str, Case] = {
    "allocationCreate": Case("orderId", placed),
    "allocationMove": Case("orderId", allocation_moved),
    "allocationRelease": Case("orderId", allocated),
    "apiKeyRevoke": Case("apiKeyId", key_made),
    "cashSaleInvoice": Case("cashSaleId", cash_sale),
    "cashSaleIssue": Case("orderId", sold),
    "companyUpdate": Case("companyId", company_named),
    "creditMemoApply": Case("creditMemoId", credit_to_apply),
    "creditMemoUnapply": Case("creditMemoId", applied_credit),
    "creditMemoVoid": Case("creditMemoId", credit),
    "customerAddressRemove": Case("customerId", address_removed),
    "customerAddressSave": Case("customerId", address_saved),
    "customerMerge": Case("customerId", doubled),
    "customerTimelineAdd": Case("customerId", noted),
    "channelUpdate": Case("channelId", channel_named),
    "customerUpdate": Case("customerId", customer_named),
    "invoiceConfirm": Case("invoiceId", unconfirmed),
    "invoiceVoid": Case("invoiceId", mistaken),
    "invoiceIssue": Case("orderId", placed),
    "orderAcknowledge": Case("orderId", placed),
    "orderCancel": Case("orderId", cancelled),
    "orderClose": Case("orderId", paid_and_done),
    "orderDelete": Case("orderId", draft),
    "orderHold": Case("orderId", held),
    "orderItemAdd": Case("orderId", item_added),
    "orderItemCancel": Case("orderId", item_cancelled),
    "orderItemRemove": Case("orderId", item_named),
    "orderItemUpdate": Case("orderId", item_updated),
    "orderPlace": Case("orderId", draft),
    "orderRelease": Case("orderId", released),
    "orderSetAddresses": Case("orderId", addresses_set),
    "orderSetCustomer": Case("orderId", customer_set),
    "orderSetDate": Case("orderId", date_set),
    "orderSetWarehouse": Case("orderId", warehouse_set),
    "paymentAllocate": Case("paymentId", advance_to_allocate),
    "paymentDeallocate": Case("paymentId", allocated_advance),
    "paymentSplit": Case("paymentId", tenders_put_right),
    "productPriceSet": Case("productId", price_set),
    "productUpdate": Case("productId", product_named),
    "refundComplete": Case("refundId", requested_refund),
    "refundFail": Case("refundId", failed_refund),
    "refundRequest": Case("creditMemoId", credit_to_refund),
    "shipmentBook": Case("shipmentId", drafted_shipment),
    "shipmentCancel": Case("shipmentId", shipment_to_withdraw),
    "shipmentCreate": Case("orderId", shipment_drafted),
    "shipmentDelete": Case("shipmentId", drafted_shipment),
    "shipmentDeliver": Case("shipmentId", finalized_shipment),
    "shipmentFinalize": Case("shipmentId", booked_shipment),
    "shipmentPackageAdd": Case("shipmentId", package_added),
    "shipmentPackageSetItems": Case("shipmentId", package_filled),
    "shipmentSetTracking": Case("shipmentId", tracking_set),
    "shipmentUnbook": Case("shipmentId", booked_shipment),
    "shipmentUpdate": Case("shipmentId", shipment_changed),
    "warehouseBinAdd": Case("warehouseId", bin_added),
    "warehouseBinUpdate": Case("warehouseId", bin_renamed),
    "warehouseUpdate": Case("warehouseId", warehouse_named),
}
