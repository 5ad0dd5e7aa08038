"""Sales: each becomes an order that goes as far as the file says, in one mutation, unless it is there already."""

from zoneinfo import ZoneInfo

from gql_sales.importing.batches import Pace, chunks, in_turns, send_all
from gql_sales.importing.client import Json, plain
from gql_sales.importing.people import address
from gql_sales.importing.plan import Sale
from gql_sales.importing.report import Stage
from gql_sales.importing.run import Run

MOST_SALES = 50
"""In one call at most: many enough that calls cost nothing."""
ORDERS = """query ($channel: ID!, $refs: [String!]!) {
  orders(filter: {channelId: {in: [$channel]}, externalRef: {in: $refs}}, first: 100) { nodes { externalRef } }
}"""


async def import_sales(run: Run) -> None:
    """Make the orders that are not there, earlier ones first, several calls at a time."""
    with run.stage("sales", len(run.plan.sales), are_documents=True) as stage:
        stand_in = await _stand_in(run)
        # In a dry run the orders of one call see one another's, so all of its calls are long.
        pace = None if run.is_dry else Pace(MOST_SALES)

        async def sell(chunk: list[Sale]) -> None:
            there = await _there(run, chunk)
            stage.there += len(there)
            run.progress.advance(len(there))
            missing = (sale for sale in chunk if sale.ref not in there)
            for call in chunks(missing, pace or MOST_SALES, _bytes):
                await _make(run, stage, call, stand_in, pace)

        await in_turns(chunks(run.plan.sales, MOST_SALES), run.workers, sell)


def _bytes(sale: Sale) -> int:
    """About as many as its order has when it is sent."""
    return 1000 + 150 * len(sale.lines)


async def _there(run: Run, chunk: list[Sale]) -> set[str]:
    variables = {"channel": run.channel_id, "refs": [sale.ref for sale in chunk]}
    return {node["externalRef"] for node in (await run.client.query(ORDERS, variables))["orders"]["nodes"]}


async def _make(run: Run, stage: Stage, chunk: list[Sale], stand_in: str | None, pace: Pace | None) -> None:
    entries = [order(run, sale, run.customers.get(sale.customer_ref, stand_in)) for sale in chunk]
    answers = await send_all(run.client, "orderCreate", "", entries, pace, is_dry=run.is_dry)
    for sale, answer in zip(chunk, answers, strict=True):
        if run.is_dry:
            answer["userErrors"] = [error for error in answer["userErrors"] if not _is_cured(run, sale, error)]
        run.settle(stage, *sale.lines, answer=answer, lists=[sale.lines])


async def _stand_in(run: Run) -> str | None:
    """In a dry run, a customer who stands for those that are not there yet."""
    if not run.is_dry:
        return None
    nodes = (await run.client.query("{ customers(first: 1) { nodes { id } } }"))["customers"]["nodes"]
    return nodes[0]["id"] if nodes else None


def _is_cured(run: Run, sale: Sale, error: Json) -> bool:
    """Whether a dry run is refused only because nothing of this import is there yet."""
    if error["code"] == "CUSTOMER_REQUIRED":
        return True
    if error["code"] == "INSUFFICIENT_STOCK":
        return run.plan.receives_stock
    path = error.get("path") or []
    if error["code"] != "NOT_FOUND" or "items" not in path:
        return False
    sku = sale.lines[int(path[path.index("items") + 1])].sku.lower()
    return sku not in run.products and any(one.sku.lower() == sku for one in run.plan.products)


def order(run: Run, sale: Sale, customer_id: str | None) -> Json:
    """A sale as the input of orderCreate."""
    values: Json = {
        "channelId": run.channel_id,
        "customerId": customer_id,
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
