"""Sales: each becomes an order that goes as far as the file says, in one mutation, unless it is there already."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from gql_sales.importing.batches import chunks, in_turns, send_all
from gql_sales.importing.client import Json
from gql_sales.importing.people import address
from gql_sales.importing.plan import Sale
from gql_sales.importing.report import Stage
from gql_sales.importing.run import Run

MOST_SALES = 50
"""In one call: few enough that the first answers come soon, many enough that calls cost nothing."""
ORDERS = """query ($channel: ID!, $refs: [String!]!) {
  orders(filter: {channelId: $channel, externalRefs: $refs}, first: 100) { nodes { externalRef } }
}"""


async def import_sales(run: Run) -> None:
    """Make the orders that are not there, earlier ones first, several calls at a time."""
    with run.stage("sales", len(run.plan.sales), are_documents=True) as stage:

        async def sell(chunk: list[Sale]) -> None:
            there = await _there(run, chunk)
            stage.there += len(there)
            run.progress.advance(len(there))
            missing = [sale for sale in chunk if sale.ref not in there]
            if missing:
                await _make(run, stage, missing)

        await in_turns(chunks(run.plan.sales, MOST_SALES, lambda sale: 800 + 120 * len(sale.lines)), run.workers, sell)


async def _there(run: Run, chunk: list[Sale]) -> set[str]:
    if not run.channel_id:
        return set()
    variables = {"channel": run.channel_id, "refs": [sale.ref for sale in chunk]}
    return {node["externalRef"] for node in (await run.client.query(ORDERS, variables))["orders"]["nodes"]}


async def _make(run: Run, stage: Stage, chunk: list[Sale]) -> None:
    answers = await send_all(run.client, "orderCreate", "", [order(run, sale) for sale in chunk], is_dry=run.is_dry)
    for sale, answer in zip(chunk, answers, strict=True):
        run.settle(stage, *sale.lines, answer=answer, lists=[sale.lines])


def order(run: Run, sale: Sale) -> Json:
    """A sale as the input of orderCreate."""
    values: Json = {
        "channelId": run.channel_id,
        "customerId": run.customers.get(sale.customer_ref),
        "externalRef": sale.ref,
        "documentDate": sale.ordered_on.isoformat(),
        "items": [
            {"sku": line.sku, "quantity": plain(line.quantity)}
            | ({"unitPrice": plain(line.unit_price)} if line.unit_price is not None else {})
            | ({"externalRef": line.ref} if line.ref else {})
            for line in sale.lines
        ],
        "isInvoiceRequested": sale.is_invoice_requested,
        "then": ["PLACE"],
    }
    if sale.payment_method:
        values["paymentMethod"] = sale.payment_method
    if sale.address:
        values["shippingAddress"] = values["billingAddress"] = address(sale.address)
    if sale.is_shipped:
        values["then"].append("SHIP")
        values["shipment"] = {"warehouseId": run.warehouse_id}
        if sale.tracking_number:
            values["shipment"]["trackingNumber"] = sale.tracking_number
    if sale.billed_on:
        values["then"].append("BILL")
        values["bill"] = _bill(sale, run.zone)
    return values


def _bill(sale: Sale, zone: ZoneInfo) -> Json:
    """Dated by the file; an unpaid one is an invoice, whatever the method, since a cash sale is paid at once."""
    values: Json = {"datedOn": str(sale.billed_on)}
    if sale.paid_at is None:
        return {**values, "document": "INVOICE"}
    return {**values, "isPaid": True, "receivedAt": sale.paid_at.replace(tzinfo=zone).isoformat()}


def plain(number: Decimal) -> str:
    """A number as the API takes it, without an exponent."""
    return format(number, "f")
