"""Which value of a policy counts for an order: the frozen one once it is placed, today's before (policies.md, rule)."""

from uuid import UUID

from gql_sales.db.models.orders import Order
from gql_sales.db.queries.context import policy_settings
from gql_sales.db.session import Unit
from gql_sales.domain.policies.registry import POLICIES, resolve, values


def policy(unit: Unit, order: Order, name: str) -> str:
    """The value of the policy for the order; the need CONTEXT must have been loaded for drafts."""
    if order.policy_snapshot:
        frozen: str = order.policy_snapshot.get(name, POLICIES[name].default)
        return frozen
    return unit.policies[order.channel_id][name]


async def load_policies(unit: Unit, channel_ids: set[UUID]) -> None:
    """Put today's values for the channels into ``unit.policies``."""
    missing = {id_ for id_ in channel_ids if id_ not in unit.policies}
    if not missing:
        return
    settings = await policy_settings(unit, missing)
    for channel_id in missing:
        resolved = resolve(settings, channel_id)
        unit.policies[channel_id] = values(resolved)
        unit.policy_origins[channel_id] = {name: str(entry.origin) for name, entry in resolved.items()}
