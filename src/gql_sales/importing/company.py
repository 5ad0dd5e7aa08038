"""Where an import goes: the company with its channel, warehouse and tax rules, made as far as they are missing."""

from zoneinfo import ZoneInfo

from gql_sales.importing.batches import pages
from gql_sales.importing.client import CallError, Client, Json
from gql_sales.importing.run import Run

TAX_GROUP = "STANDARD"
LONG_AGO = "1990-01-01"
PLACE = """query ($channel: String!, $warehouse: String!) {
  channel(by: {code: $channel}) { id currencyCode isActive }
  warehouse(by: {code: $warehouse}) { id }
}"""
RULES = """query ($group: String!, $after: String) {
  taxRules(filter: {taxGroup: $group}, first: 100, after: $after) {
    nodes { countryCode } pageInfo { hasNextPage endCursor } }
}"""


class WrongPlaceError(CallError):
    """The company is not one that the file can be imported to."""

    is_hopeless = True

    def __init__(self, message: str) -> None:
        super().__init__("WRONG_PLACE", message)


async def find_company(operator: Client, code: str) -> str | None:
    """Id of the company with the code, as an operator sees it."""
    query = "query ($codes: [String!]!) { companies(filter: {codes: $codes}) { nodes { id } } }"
    nodes = (await operator.query(query, {"codes": [code]}))["companies"]["nodes"]
    return nodes[0]["id"] if nodes else None


async def make_company(operator: Client, code: str, **values: str) -> str:
    """Id of the company with the code, which is made when there is none."""
    found = await find_company(operator, code)
    if found is None:
        made = await operator.do("companyCreate", "company { id }", {"code": code, **values})
        found = str(made["company"]["id"])
    return found


async def enter(run: Run, code: str = "") -> None:
    """Look at the caller's company; WrongPlaceError when there is none, or one with another code."""
    company = (await run.client.query("{ company { id code timezone currencyCode countryCode } }"))["company"]
    if company is None:
        raise WrongPlaceError("The token is for no company.")
    if code and company["code"] != code:
        raise WrongPlaceError(f"The token is for the company {company['code']}, not for {code}.")
    run.client.scope = company["id"]
    run.zone = ZoneInfo(company["timezone"])
    await _open_place(run, company)
    await _set_taxes(run)


async def _open_place(run: Run, company: Json) -> None:
    """The channel and the warehouse, made when they are missing; a dry run cannot do without them."""
    place, client = run.plan.place, run.client
    variables = {"channel": place.channel_code, "warehouse": place.warehouse_code}
    found = await client.query(PLACE, variables)
    run.currency = currency = place.currency_code or company["currencyCode"]
    if found["channel"] and found["channel"]["currencyCode"] != currency:
        raise WrongPlaceError(f"The channel {place.channel_code} does not sell in {currency}.")
    if run.is_dry and not (found["channel"] and found["warehouse"]):
        message = f"A dry run needs the channel {place.channel_code} and the warehouse {place.warehouse_code}."
        raise WrongPlaceError(message)
    if not found["channel"]:
        values = {
            "code": place.channel_code,
            "name": place.channel_name,
            "kind": "WEB",
            "currencyCode": currency,
            "poolCode": place.pool_code,
        }
        found |= await client.do("channelCreate", "channel { id }", values, key=client.key("channelCreate", values))
    if not found["warehouse"]:
        values = {
            "code": place.warehouse_code,
            "name": place.warehouse_name,
            "countryCode": company["countryCode"],
            "poolCode": place.pool_code,
        }
        found |= await client.do(
            "warehouseCreate", "warehouse { id }", values, key=client.key("warehouseCreate", values)
        )
    run.channel_id, run.warehouse_id = found["channel"]["id"], found["warehouse"]["id"]


async def _set_taxes(run: Run) -> None:
    """Rate 0 in every country of the plan that has no rule yet."""
    wanted = set(run.plan.untaxed_countries)
    if not wanted or run.is_dry:
        return
    async for nodes in pages(run.client, RULES, "taxRules", group=TAX_GROUP):
        wanted -= {node["countryCode"] for node in nodes}
    with run.stage("tax rules", len(wanted)) as stage:
        for country in sorted(wanted):
            values = {"countryCode": country, "taxGroup": TAX_GROUP, "rate": "0", "name": "No tax"}
            await run.client.do("taxRuleSet", "", {**values, "validFrom": LONG_AGO})
            stage.made += 1
            run.progress.advance(1)
