"""Settings are data; only what this version acts on can be set, so that no setting is ever ignored (N-7)."""

from uuid import UUID

from gql_sales.db.models.companies import PolicySetting
from gql_sales.db.queries.context import load_channels
from gql_sales.db.queries.master import policy_setting
from gql_sales.db.session import Unit
from gql_sales.domain.policies.registry import POLICIES
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import InvalidInput, NotFound, PolicyForbids, Refused, SalesError


@creation(PolicySetting, scope="policies:edit", event="PolicySet")
async def policy_set(unit: Unit, *, name: str, value: str, channel_id: UUID | None = None) -> PolicySetting:
    """Set a policy for the company, or for one channel; placed orders keep the value they were placed under.

    Refusals: INVALID_INPUT (name, value), POLICY_FORBIDS (a value that this version does not act on), NOT_FOUND.
    """
    refusals = value_refusals(name, value)
    if channel_id is not None:
        await load_channels(unit, [channel_id])
        if channel_id not in unit.channels:
            refusals.append(NotFound("No such channel.", ("input", "channelId")))
    elif unit.principal.channel_ids is not None:
        refusals.append(InvalidInput("Name one of your channels.", ("input", "channelId")))
    if refusals:
        raise Refused(*refusals)
    setting = await policy_setting(unit, name, channel_id)
    if setting is None:
        return unit.add(PolicySetting(company_id=unit.company_id, channel_id=channel_id, name=name, value=value))
    setting.value = value
    return setting


def value_refusals(name: str, value: str) -> list[SalesError]:
    """Why the policy cannot have the value."""
    policy = POLICIES.get(name)
    if policy is None:
        return [InvalidInput(f"No such policy; there are {', '.join(POLICIES)}.", ("input", "name"))]
    if value not in policy.values:
        return [InvalidInput(f"{name} is one of {', '.join(policy.values)}.", ("input", "value"))]
    if value not in policy.supported:
        message = f"This version acts on {', '.join(sorted(policy.supported))} only."
        return [PolicyForbids(message, ("input", "value"), policy=name)]
    return []
