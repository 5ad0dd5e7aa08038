"""What may change about a company: its name and the zone its dates are counted in; its currency is for ever."""

from gql_sales.db.models.companies import Company
from gql_sales.db.session import Unit
from gql_sales.domain.companies.time_zones import time_zones
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(Company, scope="companies:edit", event="CompanyUpdated")
async def company_update(
    unit: Unit, company: Company, *, name: str | Absent | None = KEEP, timezone: str | Absent | None = KEEP
) -> None:
    """Change the company's name, or the time zone that its dates are counted in.

    Refusals: INVALID_INPUT.
    """
    found = Findings()
    if name is not KEEP:
        company.name = found.line(name, 200, "name")
    if timezone is not KEEP:
        if timezone not in time_zones():
            found.invalid("Unknown time zone.", "timezone")
        else:
            company.timezone = timezone
    found.check()
