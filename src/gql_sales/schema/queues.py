"""Work queues as clients see them."""

import strawberry

from gql_sales.db.models.queues import WorkQueue
from gql_sales.schema.connections import Count
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import text


@strawberry.type(
    description="How many orders wait for one thing; `orders(filter: {queue: …})` lists them.",
    directives=[scopes("queues:read")],
)
class WorkQueueCount:
    """An order may be in several queues."""

    count: Count = text("Orders in the queue.")
    queue: WorkQueue = text("The queue.")
