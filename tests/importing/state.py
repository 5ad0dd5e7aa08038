"""What an import leaves behind, read through the API, so that two imports can be compared."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.types import ASGIApp

from gql_sales.importing.batches import pages
from gql_sales.importing.client import Client, Json, in_process
from gql_sales.importing.plan import Plan
from gql_sales.importing.run import Run
from gql_sales.kernel.principals import Principal
from gql_sales.settings import Settings

PAGE = "pageInfo { hasNextPage endCursor }"
LISTS = {
    "orders": """externalRef documentDate summary total { amount } customer { externalRef }
        items { sku position orderedQuantity shippedQuantity gross { amount } }
        invoices { datedOn total { amount } paymentStatus } cashSales { datedOn total { amount } paymentStatus }""",
    "customers": "externalRef name kind addresses { city countryCode }",
    "products": "sku name kind stockLevels { onHand allocated booked }",
    "payments": "amount { amount } receivedAt tenders { method }",
    "creditMemos": """externalRef datedOn total { amount } refunded { amount } balance { amount }
        items { name quantity gross { amount } }""",
}
SERIES = "{ numberSeries { kind lastValue } }"
AUDIT = "query ($kind: SeriesKind!) { numberSeriesAudit(series: $kind) { isUnbroken firstValue lastValue } }"


async def nodes(client: Client, name: str, fields: str) -> AsyncIterator[Json]:
    """Everything of a list."""
    query = f"query ($after: String) {{ {name}(first: 100, after: $after) {{ nodes {{ {fields} }} {PAGE} }} }}"
    async for page in pages(client, query, name):
        for node in page:
            yield node


async def state(client: Client, *names: str) -> dict[str, list[Json]]:
    """All that was imported, without what two imports may differ in: ids and numbers."""
    return {name: sorted([node async for node in nodes(client, name, LISTS[name])], key=str) for name in names or LISTS}


def run_of(app: ASGIApp, settings: Settings, principal: Principal, plan: Plan, **options: Any) -> Run:
    """An import into the principal's company."""
    return Run(Client(in_process(app, settings, principal), patience=30), plan, "test", **options)


async def unbroken(client: Client) -> dict[str, int]:
    """The last number of each series that gave any; each has 1 to it without a gap."""
    found = {}
    for series in (await client.query(SERIES))["numberSeries"]:
        if series["lastValue"]:
            audit = (await client.query(AUDIT, {"kind": series["kind"]}))["numberSeriesAudit"]
            assert audit == {"isUnbroken": True, "firstValue": 1, "lastValue": series["lastValue"]}, series
            found[series["kind"]] = series["lastValue"]
    return found
