"""The timeline of a customer as staff see it: events of the log, and between them what people noted (KS-29, KS-30)."""

from datetime import datetime
from typing import Any

import strawberry

from gql_sales.db.models.customers import TimelineKind
from gql_sales.kernel.ids import encode_id
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Node, text
from gql_sales.schema.relations import document_of

_READ = [scopes("customers.timeline:read")]


@strawberry.interface(description="Something that happened to a customer.", directives=_READ)
class TimelineItem(Node):
    """Rows carry their type, as those of every node do."""

    occurred_at: datetime = text("When it happened.")
    actor: str = text("Who did it, or who noted it, such as staff:anna.")


@strawberry.type(description="An entry that was added by hand; never changed.", directives=_READ)
class TimelineEntry(TimelineItem):
    """What the program did not see itself."""

    kind: TimelineKind = text("What it tells of.")
    created_at: datetime = text("When it was added.")
    text: str = text("What was said or written.")


@strawberry.type(
    description="An event of the log that is about the customer or a document of theirs.", directives=_READ
)
class TimelineEvent(TimelineItem):
    """The same events that subscriptions deliver."""

    type: str = text("Event type, such as OrderPlaced.")
    document_type: str = text("GraphQL type of the document that it is about.")
    document_version: int = text("Version of the document after the change.")

    @strawberry.field(description="The document that it is about.")
    def document_id(self: Any) -> strawberry.ID:
        """Named even when the caller may not see it."""
        return strawberry.ID(encode_id(self.document_type, self.document_id))

    @strawberry.field(description="The document as of now; null when the caller may not see it.")
    async def document(self: Any, info: Info) -> Node | None:
        """One statement for all documents of one type."""
        found: Node | None = await document_of(info, self.document_type, self.document_id)
        return found


TIMELINE_TYPES: list[type] = [TimelineEntry, TimelineEvent]
"""Reached only through their interface, so the schema has to be told of them."""
