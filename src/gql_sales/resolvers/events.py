"""The event log as a list."""

import strawberry

from gql_sales.schema.connections import Connection
from gql_sales.schema.lists import listed
from gql_sales.schema.timeline import TimelineEvent


@strawberry.type
class EventQuery:
    """Reading the log; streams of it are subscriptions."""

    events: Connection[TimelineEvent] | None = listed("TimelineEvent", "events", "customers.timeline:read", "events")
