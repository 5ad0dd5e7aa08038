"""Days of documents and postings, which are counted in the company's own time zone (domain.md 1, time)."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from gql_sales.db.queries.context import load_company
from gql_sales.db.session import Unit


async def day_of(unit: Unit, company_id: UUID, instant: datetime) -> date:
    """The company's calendar day at the instant."""
    company = await load_company(unit, company_id)
    return instant.astimezone(ZoneInfo(company.timezone if company else "UTC")).date()
