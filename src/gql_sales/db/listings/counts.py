"""How many orders are in each work queue, in one statement for a dashboard."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select

from gql_sales.db.engine import Database
from gql_sales.db.listings.orders import waits
from gql_sales.db.models.orders import Order
from gql_sales.db.models.queues import WorkQueue
from gql_sales.db.pages import COUNT_CAP
from gql_sales.db.visibility import visible
from gql_sales.kernel.principals import Principal


async def queue_counts(
    database: Database, principal: Principal, channel_ids: Sequence[UUID] | None
) -> dict[WorkQueue, int]:
    """Visible orders of the channels, or of all, by queue; each counted to one more than 10,000 at most."""
    counts = [_count(principal, queue, channel_ids).label(queue.value) for queue in WorkQueue]
    (row,) = await database.read(select(*counts))
    return {queue: getattr(row, queue.value) for queue in WorkQueue}


def _count(principal: Principal, queue: WorkQueue, channel_ids: Sequence[UUID] | None) -> ScalarSelect[int]:
    rows: Select[Any] = select(Order.id).where(visible(Order, principal), waits(principal, queue))
    if channel_ids is not None:
        rows = rows.where(Order.channel_id.in_(channel_ids))
    return select(func.count()).select_from(rows.limit(COUNT_CAP + 1).subquery()).scalar_subquery()
