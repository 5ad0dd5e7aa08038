"""Fields about tax rules."""

from typing import Annotated

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import tax_rule_list
from gql_sales.domain.runner import create
from gql_sales.domain.tax_rules.set import tax_rule_set
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.tax_rules import TaxRule, TaxRuleFilter, TaxRuleSetInput, TaxRuleSetPayload

_READ = [scopes("tax_rules:read")]


@strawberry.type
class TaxRuleQuery:
    """Reading tax rules."""

    @strawberry.field(description="Tax rules, newest first.", directives=[*_READ, SemanticNonNull()])
    async def tax_rules(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[TaxRuleFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[TaxRule] | None:
        """One statement for the page."""
        wanted = filter or TaxRuleFilter()
        statement = tax_rule_list(
            info.context.principal, country_code=given(wanted.country_code), tax_group=given(wanted.tax_group)
        )
        request = PageRequest(first, after, last, before)
        return await page_of(info, "tax_rules", statement, request, wanted)


@strawberry.type
class TaxRuleMutation:
    """Changing tax rules."""

    @mutation(tax_rule_set)
    async def tax_rule_set(self, info: Info, input: TaxRuleSetInput) -> TaxRuleSetPayload:
        """See domain/tax_rules/set.py."""
        outcome = await create(
            tax_rule_set,
            input.call(info),
            country_code=input.country_code,
            tax_group=input.tax_group,
            rate=input.rate,
            name=input.name,
            valid_from=input.valid_from,
        )
        return TaxRuleSetPayload(outcome=note_replay(info, outcome))
