"""Fields about companies."""

import strawberry

from gql_sales.domain.companies.create import company_create
from gql_sales.domain.companies.update import company_update
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.schema.companies import (
    Company,
    CompanyCreateInput,
    CompanyCreatePayload,
    CompanyUpdateInput,
    CompanyUpdatePayload,
)
from gql_sales.schema.context import Info
from gql_sales.schema.inputs import kept
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

    @mutation(company_update)
    async def company_update(self, info: Info, input: CompanyUpdateInput) -> CompanyUpdatePayload:
        """See domain/companies/update.py."""
        outcome = await run(
            company_update,
            input.call(info),
            decode_id("Company", input.company_id),
            name=kept(input.name),
            timezone=kept(input.timezone),
        )
        return CompanyUpdatePayload(outcome=note_replay(info, outcome))
