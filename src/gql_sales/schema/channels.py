"""Sales channels and the stock pools they draw on, as clients see them."""

import strawberry

from gql_sales.db.models.channels import ChannelKind
from gql_sales.schema.directives import scopes
from gql_sales.schema.nodes import Node, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed
from gql_sales.schema.relations import one
from gql_sales.schema.scalars import CurrencyCode


@strawberry.type(
    description="The stock that a set of channels sells from: all normal bins of its warehouses.",
    directives=[scopes("stock:read")],
)
class Pool(Node):
    """Begins with the first channel or warehouse that names it."""

    code: str = text("Short name, unique in the company.")


@strawberry.type(description="A way orders come in: a shop, a till, a partner.", directives=[scopes("channels:read")])
class Channel(Node):
    """Draws on one pool and sells in one currency."""

    code: str = text("Short name, unique in the company.")
    name: str = text("Name.")
    kind: ChannelKind = text("Where its orders come from.")
    currency_code: CurrencyCode = text("Currency of its prices and orders.")
    is_active: bool = text("False when it takes no orders.")
    pool: Pool | None = one("Pool", "pool_id", "The stock pool it draws on.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")


@strawberry.input(description="Exactly one way to name a channel.", one_of=True)
class ChannelBy:
    """By its id or code."""

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Opaque global id.")
    code: strawberry.Maybe[str] = strawberry.field(description="Short name.")


@strawberry.input(description="Input of channelCreate.")
class ChannelCreateInput(MutationInput):
    """A new channel."""

    code: str = text("Short name, unique in the company, at most 40 characters.")
    name: str = text("Name, at most 200 characters.")
    kind: ChannelKind = text("Where its orders come from.")
    currency_code: CurrencyCode = text("Currency of its prices and orders.")
    pool_code: str = text("Stock pool it draws on; a pool of a new code is made.")


@strawberry.type(description="Outcome of channelCreate.")
class ChannelCreatePayload(Payload):
    """The new channel."""

    channel: Channel | None = changed("Channel", "The new channel; null when it was refused.")


@strawberry.input(description="Input of channelUpdate.")
class ChannelUpdateInput(MutationInput):
    """What is absent stays."""

    channel_id: strawberry.ID = text("The channel.")
    name: str | None = optional("Name, at most 200 characters.")
    is_active: bool | None = optional("False when it is to take no orders.")


@strawberry.type(description="Outcome of channelUpdate.")
class ChannelUpdatePayload(Payload):
    """The changed channel."""

    channel: Channel | None = changed("Channel", "The channel as it is now.")
