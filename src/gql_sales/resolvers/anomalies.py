"""Fields about anomalies."""

from typing import Annotated

import strawberry

from gql_sales.db.models.anomalies import AnomalyKind
from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.anomalies import anomaly_list
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.anomalies import AnomalyInfo
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.nodes import given, optional


@strawberry.input(description="Conditions on anomalies.")
class AnomalyFilter:
    """By what is odd."""

    kind: list[AnomalyKind] | None = optional("Of one of these kinds.")


@strawberry.type
class AnomalyQuery:
    """What should be put right."""

    @strawberry.field(
        description="Documents in a legal but odd state, newest first.",
        directives=[scopes("anomalies:read"), SemanticNonNull()],
    )
    async def anomalies(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[AnomalyFilter | None, strawberry.argument(description="Conditions.")] = None,
    ) -> Connection[AnomalyInfo] | None:
        """One statement for the page."""
        wanted = filter or AnomalyFilter()
        statement = anomaly_list(info.context.principal, given(wanted.kind))
        return await page_of(info, "anomalies", statement, PageRequest(first, after, last, before), wanted)
