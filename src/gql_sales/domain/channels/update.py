"""What may change about a channel: its name and whether it takes orders; its pool and currency are for ever."""

from gql_sales.db.models.channels import Channel
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.inputs import KEEP, Absent, Findings


@transition(Channel, scope="channels:edit", event="ChannelUpdated")
async def channel_update(
    unit: Unit, channel: Channel, *, name: str | Absent | None = KEEP, is_active: bool | Absent | None = KEEP
) -> None:
    """Change a channel's name, or whether it takes orders.

    Refusals: INVALID_INPUT.
    """
    found = Findings()
    if name is not KEEP:
        channel.name = found.line(name, 200, "name")
    if is_active is not KEEP:
        channel.is_active = found.present(is_active, channel.is_active, "isActive")
    found.check()
