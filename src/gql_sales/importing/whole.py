"""The stages of an import, in the order in which one needs the other."""

from gql_sales.importing.company import enter
from gql_sales.importing.credits import import_credits
from gql_sales.importing.people import import_customers, import_products
from gql_sales.importing.report import Report
from gql_sales.importing.run import Run
from gql_sales.importing.sales import import_sales
from gql_sales.importing.stock import import_write_offs, receive_stock


async def import_all(run: Run, company_code: str = "") -> Report:
    """Carry the plan out, or go on where an earlier run stopped; CallError when the server is of no use."""
    run.report.bad_rows += run.plan.bad_rows
    await enter(run, company_code)
    await import_products(run)
    await import_customers(run)
    await receive_stock(run)
    await import_sales(run)
    await import_write_offs(run)
    await import_credits(run)
    return run.report
