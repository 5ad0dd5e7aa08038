"""Fields about companies."""

from typing import Annotated

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import company_list
from gql_sales.domain.companies.create import company_create
from gql_sales.domain.companies.update import company_update
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.companies import (
    Company,
    CompanyCreateInput,
    CompanyCreatePayload,
    CompanyFilter,
    CompanyUpdateInput,
    CompanyUpdatePayload,
)
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.inputs import kept, named
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

    @strawberry.field(
        description="Companies visible to the caller, newest first: all of them to an operator, else the caller's own.",
        directives=[scopes("companies:read"), SemanticNonNull()],
    )
    async def companies(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[CompanyFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[Company] | None:
        """One statement for the page."""
        wanted = filter or CompanyFilter()
        statement = company_list(info.context.principal, named(wanted.codes))
        return await page_of(info, "companies", statement, PageRequest(first, after, last, before), wanted)


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
