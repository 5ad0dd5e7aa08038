"""API keys as clients see them: never the secret, except once in the answer that makes it."""

from datetime import datetime
from typing import Any

import strawberry

from gql_sales.kernel.ids import encode_id
from gql_sales.schema import directives
from gql_sales.schema.nodes import Node, optional, text
from gql_sales.schema.payloads import MutationInput, Payload, changed


def _ids_field(type_name: str, column: str, description: str) -> Any:  # noqa: ANN401 (a field)
    """The global ids behind a nullable array of ids."""

    def resolve(root: Any) -> list[strawberry.ID] | None:  # noqa: ANN401 (a row)
        ids = getattr(root, column)
        return None if ids is None else [strawberry.ID(encode_id(type_name, id_)) for id_ in ids]

    return strawberry.field(resolver=resolve, description=description)


@strawberry.type(
    description="What a partner's program shows instead of a login.", directives=[directives.scopes("api_keys:read")]
)
class ApiKey(Node):
    """Only a digest of it is stored."""

    name: str = text("What it is for.")
    prefix: str = text("The characters after the first underscore, to recognize it by.")
    scopes: list[str] = text("What it may do.")
    channel_ids: list[strawberry.ID] | None = _ids_field("Channel", "channel_ids", "Its channels; null means all.")
    warehouse_ids: list[strawberry.ID] | None = _ids_field(
        "Warehouse", "warehouse_ids", "Its warehouses; null means all."
    )
    created_at: datetime = text("When it was issued.")
    expires_at: datetime | None = text("When it ends by itself.")
    revoked_at: datetime | None = text("When it was ended.")
    version: int = text("Grows by one with every change; send it back as expectedVersion.")


@strawberry.input(description="Input of apiKeyCreate.")
class ApiKeyCreateInput(MutationInput):
    """A new key."""

    name: str = text("What it is for, at most 120 characters.")
    scopes: list[str] = text("What it may do: scopes that partners can hold and the caller holds.")
    channel_ids: list[strawberry.ID] | None = optional("Channels it is bound to; absent means those of the caller.")
    warehouse_ids: list[strawberry.ID] | None = optional("Warehouses it is bound to; absent means those of the caller.")
    expires_at: datetime | None = optional("When it ends by itself.")


@strawberry.type(description="Outcome of apiKeyCreate.")
class ApiKeyCreatePayload(Payload):
    """The new key, and this once its text."""

    api_key: ApiKey | None = changed("ApiKey", "The new key; null when it was refused.")
    secret: str | None = text("The key's text; null when it was refused, and when the request is repeated.")


@strawberry.input(description="Input of apiKeyRevoke.")
class ApiKeyRevokeInput(MutationInput):
    """A key to end."""

    api_key_id: strawberry.ID = text("The key.")


@strawberry.type(description="Outcome of apiKeyRevoke.")
class ApiKeyRevokePayload(Payload):
    """The ended key."""

    api_key: ApiKey | None = changed("ApiKey", "The key as it is now.")
