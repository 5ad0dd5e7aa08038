"""W8: the real file through the public API, as `gql-sales import` sends it, by a client in a process of its own."""

from datetime import timedelta

from tests.importing.rows import plan_of, slice_of

from benchmarks.meter import Meter
from benchmarks.stage import SETTINGS, Server, Size
from gql_sales.access.tokens import issue_token
from gql_sales.db.embedded import Urls
from gql_sales.importing.client import Client, remote
from gql_sales.importing.company import make_company
from gql_sales.importing.inside import RETAILER, importer
from gql_sales.importing.report import Report
from gql_sales.importing.run import Run
from gql_sales.importing.whole import import_all


async def measure(urls: Urls, server: Server, size: Size) -> None:
    """Documents a second with everything that they need, and of the sales alone."""
    url = f"http://127.0.0.1:{server.port}"
    operator = Client(remote(url, issue_token(importer(None), SETTINGS, ttl=timedelta(hours=1))))
    company_id = await make_company(operator, "retailer", **RETAILER)
    await operator.close()
    client = Client(remote(url, issue_token(importer(company_id), SETTINGS, ttl=timedelta(hours=1))))
    plan = plan_of(slice_of(size.sales))
    reports: list[Report] = []

    async def work(_: int) -> None:
        reports.append(await import_all(Run(client, plan, "real input")))

    measured = await Meter(urls.owner, server.process_id).run(work, 1, plan.documents)
    await client.close()
    (report,) = reports
    assert report.documents == plan.documents
    assert report.bad_rows == []
    (sales,) = [stage for stage in report.stages if stage.name == "sales"]
    print(f"W8 {plan.documents} documents  {measured}; the sales alone {sales.made / sales.seconds:.1f}/s")
