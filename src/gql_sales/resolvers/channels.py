"""Fields about channels."""

from typing import Annotated

import strawberry

from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import listed
from gql_sales.domain.channels.create import channel_create
from gql_sales.domain.channels.update import channel_update
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.lookups import row_by
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.channels import (
    Channel,
    ChannelBy,
    ChannelCreateInput,
    ChannelCreatePayload,
    ChannelUpdateInput,
    ChannelUpdatePayload,
)
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.inputs import kept
from gql_sales.schema.mutations import mutation
from gql_sales.schema.payloads import note_replay

_READ = [scopes("channels:read")]


@strawberry.type
class ChannelQuery:
    """Reading channels."""

    @strawberry.field(description="A channel; null when absent or not visible.", directives=_READ)
    async def channel(
        self, info: Info, by: Annotated[ChannelBy, strawberry.argument(description="Names the channel.")]
    ) -> Channel | None:
        """By id or code."""
        found: Channel | None = await row_by(info, "Channel", by.id, code=by.code)
        return found

    @strawberry.field(
        description="Sales channels visible to the caller, newest first.", directives=[*_READ, SemanticNonNull()]
    )
    async def channels(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Channel] | None:
        """One statement for the page."""
        statement = listed("Channel", info.context.principal)
        request = PageRequest(first, after, last, before)
        return await page_of(info, "channels", statement, request)


@strawberry.type
class ChannelMutation:
    """Changing channels."""

    @mutation(channel_create)
    async def channel_create(self, info: Info, input: ChannelCreateInput) -> ChannelCreatePayload:
        """See domain/channels/create.py."""
        outcome = await create(
            channel_create,
            input.call(info),
            code=input.code,
            name=input.name,
            kind=input.kind,
            currency_code=input.currency_code,
            pool_code=input.pool_code,
        )
        return ChannelCreatePayload(outcome=note_replay(info, outcome))

    @mutation(channel_update)
    async def channel_update(self, info: Info, input: ChannelUpdateInput) -> ChannelUpdatePayload:
        """See domain/channels/update.py."""
        outcome = await run(
            channel_update,
            input.call(info),
            decode_id("Channel", input.channel_id),
            name=kept(input.name),
            is_active=kept(input.is_active),
        )
        return ChannelUpdatePayload(outcome=note_replay(info, outcome))
