"""Stock before the first sale, and what was written off; both tell their source, by which they are found again."""

from collections import defaultdict
from decimal import Decimal

from gql_sales.importing.batches import chunks, in_turns, pages
from gql_sales.importing.client import Json, plain
from gql_sales.importing.plan import WriteOff
from gql_sales.importing.run import Run

MOST_LINES = 400
MOVEMENTS = """query ($reason: String!, $after: String) {
  stockMovements(filter: {reason: {in: [$reason]}}, first: 100, after: $after) {
    nodes { quantity product { id } } pageInfo { hasNextPage endCursor } }
}"""
WRITTEN_OFF = (
    "query ($reason: String!) { stockMovements(filter: {reason: {in: [$reason]}}, first: 1) { nodes { id } } }"
)


async def receive_stock(run: Run) -> None:
    """Receive what the file will take out of stock, less what an earlier run has received for it.

    A second run over a file that was mended receives the difference.
    """
    if not run.plan.receives_stock or run.is_dry:
        return
    reason = f"Opening stock of {run.source}"
    received: dict[str, Decimal] = defaultdict(Decimal)
    async for nodes in pages(run.client, MOVEMENTS, "stockMovements", reason=reason):
        for node in nodes:
            received[node["product"]["id"]] += Decimal(node["quantity"])
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for sku, quantity in run.plan.taken().items():
        product = run.products.get(sku.lower())
        if product is not None and product.is_stocked:
            wanted[product.id] += quantity
    lines = [
        {"productId": id_, "quantity": plain(quantity - received[id_])}
        for id_, quantity in sorted(wanted.items())
        if quantity > received[id_]
    ]
    with run.stage("opening stock", len(wanted)) as stage:
        stage.there = len(wanted) - len(lines)
        run.progress.advance(stage.there)
        for chunk in chunks(lines, MOST_LINES):
            values = {"warehouseId": run.warehouse_id, "reason": reason, "lines": chunk}
            await run.client.do("stockReceive", "", values, key=run.client.key("stockReceive", values))
            stage.made += len(chunk)
            run.progress.advance(len(chunk))


async def import_write_offs(run: Run) -> None:
    """Take what was lost out of stock."""
    if run.is_dry:
        return
    with run.stage("write-offs", len(run.plan.write_offs), are_documents=True) as stage:

        async def write_off(one: WriteOff) -> None:
            reason = f"{run.source} {one.ref}: {one.remark or 'written off'}"[:500]
            if (await run.client.query(WRITTEN_OFF, {"reason": reason}))["stockMovements"]["nodes"]:
                stage.there += 1
                run.progress.advance(1)
                return
            product = run.products.get(one.sku.lower())
            answer: Json = {"userErrors": [{"code": "NOT_FOUND", "message": f"There is no product {one.sku}."}]}
            if product is not None:
                line = {"productId": product.id, "difference": plain(-one.quantity)}
                values = {"warehouseId": run.warehouse_id, "reason": reason, "lines": [line]}
                answer = await run.client.attempt("stockAdjust", "", values, key=run.client.key("stockAdjust", values))
            run.settle(stage, one, answer=answer)

        await in_turns(run.plan.write_offs, run.workers, write_off)
