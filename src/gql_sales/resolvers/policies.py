"""Fields about policies."""

from typing import Annotated

import strawberry
from strawberry import ID

from gql_sales.domain.policies.set import policy_set
from gql_sales.domain.runner import create
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.inputs import decode_optional
from gql_sales.schema.mutations import mutation
from gql_sales.schema.payloads import note_replay
from gql_sales.schema.policies import PolicyInfo, PolicySetInput, PolicySetPayload, read_policies


@strawberry.type
class PolicyQuery:
    """Reading policies."""

    @strawberry.field(
        description="Every policy as it holds, at most 100; null when the channel is absent or not visible.",
        directives=[scopes("policies:read")],
    )
    async def policies(
        self,
        info: Info,
        channel_id: Annotated[
            ID | None, strawberry.argument(description="The channel they are to hold for; the company when absent.")
        ] = None,
    ) -> list[PolicyInfo] | None:
        """One statement, and one to see the channel."""
        return await read_policies(info, decode_optional("Channel", channel_id))


@strawberry.type
class PolicyMutation:
    """Changing policies."""

    @mutation(policy_set)
    async def policy_set(self, info: Info, input: PolicySetInput) -> PolicySetPayload:
        """See domain/policies/set.py."""
        channel_id = decode_optional("Channel", input.channel_id)
        outcome = await create(policy_set, input.call(info), name=input.name, value=input.value, channel_id=channel_id)
        return PolicySetPayload(outcome=note_replay(info, outcome), name=input.name, channel_id=channel_id)
