"""Customers and products: who is there already is found by reference or SKU, the others are made."""

from collections.abc import Sequence

from gql_sales.importing.batches import MOST_NAMED, Pace, chunks, in_turns, send_all
from gql_sales.importing.client import Json
from gql_sales.importing.plan import PlannedAddress, PlannedCustomer, PlannedProduct
from gql_sales.importing.report import Stage
from gql_sales.importing.run import Found, Run

PRODUCTS = (
    "query ($skus: [String!]!) { products(filter: {sku: {in: $skus}}, first: 100) { nodes { id sku isStocked } } }"
)
CUSTOMERS = """query ($refs: [String!]!) {
  customers(filter: {externalRef: {in: $refs}}, first: 100) { nodes { id externalRef } }
}"""


async def import_products(run: Run) -> None:
    """Make the planned products that are not there; the others that the sales name are only looked up."""
    await _look_up(run)
    plan = run.plan
    missing = [product for product in plan.products if product.sku.lower() not in run.products]
    with run.stage("products", len(plan.products)) as stage:
        stage.there = len(plan.products) - len(missing)
        run.progress.advance(stage.there)

        pace = Pace(MOST_NAMED)

        async def make(chunk: list[PlannedProduct]) -> None:
            entries = [{"sku": one.sku, "name": one.name, "kind": one.kind} for one in chunk]
            answers = await send_all(
                run.client, "productCreate", "product { id isStocked }", entries, pace, is_dry=run.is_dry
            )
            for product, answer in zip(chunk, answers, strict=True):
                if run.settle(stage, product, answer=answer) and answer["product"]:
                    made = answer["product"]
                    run.products[product.sku.lower()] = Found(made["id"], made["isStocked"])

        await in_turns(chunks(missing, pace), run.workers, make)


async def _look_up(run: Run) -> None:
    named = {product.sku.lower() for product in run.plan.products} | {sku.lower() for sku in run.plan.taken()}

    async def look(skus: list[str]) -> None:
        for node in (await run.client.query(PRODUCTS, {"skus": skus}))["products"]["nodes"]:
            run.products[node["sku"].lower()] = Found(node["id"], node["isStocked"])

    await in_turns(chunks(sorted(named), MOST_NAMED), run.workers, look)


async def import_customers(run: Run) -> None:
    """Make the planned customers that are not there."""
    with run.stage("customers", len(run.plan.customers)) as stage:
        pace = Pace(MOST_NAMED)

        async def make(chunk: list[PlannedCustomer]) -> None:
            await _make_customers(run, stage, chunk, pace)

        await in_turns(chunks(run.plan.customers, pace), run.workers, make)


async def _make_customers(run: Run, stage: Stage, chunk: Sequence[PlannedCustomer], pace: Pace) -> None:
    nodes = (await run.client.query(CUSTOMERS, {"refs": [one.ref for one in chunk]}))["customers"]["nodes"]
    run.customers |= {node["externalRef"]: node["id"] for node in nodes}
    missing = [one for one in chunk if one.ref not in run.customers]
    stage.there += len(chunk) - len(missing)
    run.progress.advance(len(chunk) - len(missing))
    if not missing:
        return
    entries = [_customer(one) for one in missing]
    answers = await send_all(run.client, "customerCreate", "customer { id }", entries, pace, is_dry=run.is_dry)
    for customer, answer in zip(missing, answers, strict=True):
        if run.settle(stage, customer, answer=answer) and answer["customer"]:
            run.customers[customer.ref] = answer["customer"]["id"]


def _customer(one: PlannedCustomer) -> Json:
    values: Json = {"name": one.name, "kind": one.kind, "externalRef": one.ref}
    if one.email:
        values["email"] = one.email
    if one.address:
        values["addresses"] = [{**address(one.address), "isDefaultShipping": True, "isDefaultBilling": True}]
    return values


def address(one: PlannedAddress) -> Json:
    """An address as inputs take it."""
    values = {
        "name": one.name,
        "line1": one.line1,
        "line2": one.line2,
        "city": one.city,
        "region": one.region,
        "postalCode": one.postal_code,
        "countryCode": one.country_code,
    }
    return {name: value for name, value in values.items() if value}
