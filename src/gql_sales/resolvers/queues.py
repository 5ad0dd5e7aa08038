"""Fields about work that waits."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.db.listings.counts import queue_counts
from gql_sales.db.pages import capped_count
from gql_sales.schema.connections import Count
from gql_sales.schema.context import Info
from gql_sales.schema.directives import Cost, SemanticNonNull, scopes
from gql_sales.schema.inputs import decode_all
from gql_sales.schema.queues import WorkQueueCount


@strawberry.type
class WorkQueueQuery:
    """Counting what waits."""

    @strawberry.field(
        description="Every work queue with the number of orders in it, for a dashboard.",
        directives=[scopes("queues:read"), SemanticNonNull(), Cost(weight=50)],
    )
    async def work_queues(
        self,
        info: Info,
        channel_ids: Annotated[
            list[ID] | None, strawberry.argument(description="Only orders of these channels; all when absent.")
        ] = None,
    ) -> list[WorkQueueCount] | None:
        """One statement."""
        context = info.context
        counts = await queue_counts(context.database, context.principal, decode_all("Channel", channel_ids))
        found = []
        for queue, number in counts.items():
            value, exact = capped_count(number)
            found.append(WorkQueueCount(count=Count(exact=exact, value=value), queue=queue))
        return found
