"""Policies as clients see them: every one with its value and where it comes from (policyTrace, N-7)."""

from typing import Any
from uuid import UUID

import strawberry

from gql_sales.db.queries.master import policy_settings_of
from gql_sales.domain.policies.registry import PolicyOrigin, Resolved, resolve
from gql_sales.schema.context import Info
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import optional, text
from gql_sales.schema.payloads import MutationInput, Payload


@strawberry.type(
    description="A setting that lets one system hold contradicting ways of working.",
    directives=[scopes("policies:read")],
)
class PolicyInfo:
    """Resolved from channel to company to default."""

    name: str = text("Name, such as billingScope.")
    value: str = text("The value that holds.")
    origin: PolicyOrigin = text("Where the value comes from.")
    default_value: str = text("What holds where nothing is set.")
    allowed_values: list[str] = text("Every value there is.")
    supported_values: list[str] = text("The values that this version acts on; others are refused.")
    source: str = text("The contradiction it settles, such as X-1.")
    description: str = text("What it decides.")


@strawberry.input(description="Input of policySet.")
class PolicySetInput(MutationInput):
    """A value for the company or one channel."""

    name: str = text("Name of the policy, such as billingScope.")
    value: str = text("One of its supported values.")
    channel_id: strawberry.ID | None = optional("The channel it is to hold for; the whole company when absent.")


@strawberry.type(description="Outcome of policySet.")
class PolicySetPayload(Payload):
    """The policy as it holds now."""

    name: strawberry.Private[str]
    channel_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The policy as it holds now; null when the change was refused.")
    async def policy(self, info: Info) -> PolicyInfo | None:
        """Read again."""
        if not self.outcome.documents:
            return None
        found = await read_policies(info, self.channel_id)
        return next((policy for policy in found or [] if policy.name == self.name), None)


async def read_policies(info: Info, channel_id: UUID | None) -> list[PolicyInfo] | None:
    """Every policy as it holds for the company, or for one channel; None when that channel is not visible."""
    principal = info.context.principal
    if channel_id is not None and await info.context.loaders.node("Channel", channel_id) is None:
        return None
    rows: Any = await info.context.database.read(policy_settings_of(principal, channel_id))
    return [_shown(entry) for entry in resolve(rows, channel_id).values()]


def _shown(entry: Resolved) -> PolicyInfo:
    policy = entry.policy
    return PolicyInfo(
        name=policy.name,
        value=entry.value,
        origin=entry.origin,
        default_value=policy.default,
        allowed_values=list(policy.values),
        supported_values=[value for value in policy.values if value in policy.supported],
        source=policy.source,
        description=policy.description,
    )
