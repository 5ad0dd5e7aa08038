"""Fields about companies."""

import strawberry

from gql_sales.domain.companies.create import company_create
from gql_sales.domain.runner import create
from gql_sales.schema.companies import Company, CompanyCreateInput, CompanyCreatePayload
from gql_sales.schema.context import Info
from gql_sales.schema.mutations import mutation
from gql_sales.schema.payloads import note_replay


@strawberry.type
class CompanyQuery:
    """Reading companies."""

    @strawberry.field(description="The caller's own company; null for callers without one.")
    async def company(self, info: Info) -> Company | None:
        """By the token."""
        id_ = info.context.principal.company_id
        found: Company | None = await info.context.loaders.node("Company", id_) if id_ else None  # type: ignore[assignment]
        return found


@strawberry.type
class CompanyMutation:
    """Changing companies."""

    @mutation(company_create)
    async def company_create(self, info: Info, input: CompanyCreateInput) -> CompanyCreatePayload:
        """See domain/companies/create.py."""
        outcome = await create(
            company_create,
            input.call(info),
            code=input.code,
            name=input.name,
            country_code=input.country_code,
            currency_code=input.currency_code,
            timezone=input.timezone,
        )
        return CompanyCreatePayload(outcome=note_replay(info, outcome))
