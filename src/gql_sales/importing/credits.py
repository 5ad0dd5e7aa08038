"""Credits: what customers gave back, against the bills of their sales where they are known, and refunded."""

from collections.abc import Sequence

from gql_sales.importing.batches import MOST_NAMED, Pace, chunks, in_turns, send_all
from gql_sales.importing.client import Json, plain
from gql_sales.importing.plan import Credit, CreditedLine, ManualLine
from gql_sales.importing.report import Stage
from gql_sales.importing.run import Run

MOST_CREDITS = 25
METHOD = "BANK_TRANSFER"
"""How money goes back that no earlier payment takes back."""
MEMOS = """query ($refs: [String!]!) {
  creditMemos(filter: {externalRef: {in: $refs}}, first: 100) { nodes { externalRef } }
}"""
BILLS = """query ($channel: ID!, $refs: [String!]!) {
  orders(filter: {channelId: {in: [$channel]}, externalRef: {in: $refs}}, first: 100) { nodes {
    externalRef items { id position }
    invoices { items { id orderItemId } } cashSales { items { id orderItemId } }
  } }
}"""
BilledLines = dict[tuple[str, int], Json]
"""By sale and position of the line, how a credit memo names what bills it."""


async def import_credits(run: Run) -> None:
    """Make the credit memos that are not there, with their refunds; a guest's are not refunded."""
    with run.stage("credits", len(run.plan.credits), are_documents=True) as stage:
        pace = Pace(MOST_CREDITS)

        async def give_back(chunk: list[Credit]) -> None:
            nodes = (await run.client.query(MEMOS, {"refs": [one.ref for one in chunk]}))["creditMemos"]["nodes"]
            there = {node["externalRef"] for node in nodes}
            stage.there += len(there)
            run.progress.advance(len(there))
            missing = [one for one in chunk if one.ref not in there]
            billed = await _billed_lines(run, missing)
            for is_refunded, name in ((True, "refundIssue"), (False, "creditMemoIssue")):
                await _make(run, stage, name, [one for one in missing if one.is_refunded == is_refunded], billed, pace)

        if not run.is_dry:
            await in_turns(chunks(run.plan.credits, pace), run.workers, give_back)


async def _billed_lines(run: Run, credits_: Sequence[Credit]) -> BilledLines:
    """The lines of bills that the credits take back, as far as the sales are there."""
    refs = sorted({line.sale_ref for one in credits_ for line in one.credited})
    found: BilledLines = {}
    for chunk in chunks(refs, MOST_NAMED):
        data = await run.client.query(BILLS, {"channel": run.channel_id, "refs": chunk})
        for order in data["orders"]["nodes"]:
            places = {item["id"]: item["position"] for item in order["items"]}
            for bills, name in (("invoices", "invoiceItemId"), ("cashSales", "cashSaleItemId")):
                for line in (line for bill in order[bills] for line in bill["items"]):
                    found[order["externalRef"], places[line["orderItemId"]]] = {name: line["id"]}
    return found


async def _make(run: Run, stage: Stage, name: str, credits_: Sequence[Credit], billed: BilledLines, pace: Pace) -> None:
    if not credits_:
        return
    parts = [_parts(one, billed) for one in credits_]
    entries = [_entry(run, one, *lists, billed) for one, lists in zip(credits_, parts, strict=True)]
    answers = await send_all(run.client, name, "", entries, pace)
    for one, lists, answer in zip(credits_, parts, answers, strict=True):
        run.settle(stage, *one.rows, answer=answer, lists=lists)


def _parts(one: Credit, billed: BilledLines) -> tuple[list[CreditedLine], list[CreditedLine | ManualLine]]:
    """What is credited against bills, and what by hand: also what is of a sale that could not be imported."""
    against = [line for line in one.credited if (line.sale_ref, line.position) in billed]
    return against, [line for line in one.rows if line not in against]


def _entry(
    run: Run,
    one: Credit,
    against: Sequence[CreditedLine],
    by_hand: Sequence[CreditedLine | ManualLine],
    billed: BilledLines,
) -> Json:
    values: Json = {
        "cause": "MANUAL",
        "customerId": run.customers.get(one.customer_ref),
        "channelId": run.channel_id,
        "currencyCode": run.currency,
        "externalRef": one.ref,
        "datedOn": one.dated_on.isoformat(),
        "reason": f"{run.source} {one.ref}",
        "items": [{**billed[line.sale_ref, line.position], "quantity": plain(line.quantity)} for line in against],
        "lines": [_line(run, line) for line in by_hand],
    }
    return {**values, "method": METHOD, "then": ["COMPLETE"]} if one.is_refunded else values


def _line(run: Run, line: CreditedLine | ManualLine) -> Json:
    values = {"description": line.description, "quantity": plain(line.quantity), "unitPrice": plain(line.unit_price)}
    product = run.products.get(line.sku.lower())
    return {**values, "productId": product.id} if product else values
