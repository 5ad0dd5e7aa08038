"""Staff of a company of this process's own application, for whoever imports without a server."""

from starlette.types import ASGIApp

from gql_sales.access.scopes import ADMIN, OPERATOR
from gql_sales.importing.client import Client, in_process
from gql_sales.importing.company import find_company, make_company
from gql_sales.kernel.ids import decode_id
from gql_sales.kernel.principals import Audience, Principal, PrincipalKind
from gql_sales.settings import Settings

SUBJECT = "importer"
RETAILER = {"name": "Online Retail Ltd", "countryCode": "GB", "currencyCode": "GBP", "timezone": "Europe/London"}
"""The seller of the data set "Online Retail": its prices are in GBP, its times those of its seat."""


def importer(company_id: str | None) -> Principal:
    """A member of staff who may do everything in the company; without one, an operator."""
    company = decode_id("Company", company_id) if company_id else None
    return Principal(PrincipalKind.STAFF, Audience.ADMIN, SUBJECT, ADMIN if company else OPERATOR, company)


async def staff_of(app: ASGIApp, settings: Settings, code: str, values: dict[str, str] | None = None) -> Client | None:
    """A client of the company with the code, which is made of the values when there is none; None without both."""
    operator = Client(in_process(app, settings, importer(None)))
    try:
        id_ = await make_company(operator, code, **values) if values else await find_company(operator, code)
    finally:
        await operator.close()
    return Client(in_process(app, settings, importer(id_))) if id_ else None
