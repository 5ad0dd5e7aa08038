"""Fields about API keys."""

import strawberry

from gql_sales.access.api_keys import new_key
from gql_sales.access.scopes import PARTNER
from gql_sales.db.pages import PageRequest
from gql_sales.db.queries.master import listed
from gql_sales.domain.api_keys.create import KeyMaterial, api_key_create
from gql_sales.domain.api_keys.revoke import api_key_revoke
from gql_sales.domain.runner import create, run
from gql_sales.kernel.ids import decode_id
from gql_sales.resolvers.pages import After, Before, First, Last, page_of
from gql_sales.schema.api_keys import (
    ApiKey,
    ApiKeyCreateInput,
    ApiKeyCreatePayload,
    ApiKeyRevokeInput,
    ApiKeyRevokePayload,
)
from gql_sales.schema.connections import Connection
from gql_sales.schema.context import Info
from gql_sales.schema.directives import SemanticNonNull, scopes
from gql_sales.schema.inputs import decode_all
from gql_sales.schema.mutations import mutation
from gql_sales.schema.nodes import given
from gql_sales.schema.payloads import note_replay

_READ = [scopes("api_keys:read")]


@strawberry.type
class ApiKeyQuery:
    """Reading API keys."""

    @strawberry.field(
        description="API keys visible to the caller, newest first; a partner sees its own.",
        directives=[*_READ, SemanticNonNull()],
    )
    async def api_keys(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ApiKey] | None:
        """One statement for the page."""
        statement = listed("ApiKey", info.context.principal)
        request = PageRequest(first, after, last, before)
        return await page_of(info, "api_keys", statement, request)


@strawberry.type
class ApiKeyMutation:
    """Changing API keys."""

    @mutation(api_key_create)
    async def api_key_create(self, info: Info, input: ApiKeyCreateInput) -> ApiKeyCreatePayload:
        """See domain/api_keys/create.py."""
        secret, prefix, key_hash = new_key()
        outcome = await create(
            api_key_create,
            input.call(info),
            name=input.name,
            scopes=input.scopes,
            material=KeyMaterial(prefix, key_hash, PARTNER),
            channel_ids=decode_all("Channel", input.channel_ids),
            warehouse_ids=decode_all("Warehouse", input.warehouse_ids),
            expires_at=given(input.expires_at),
        )
        is_new = outcome.document("ApiKey") is not None and not outcome.is_replayed
        return ApiKeyCreatePayload(outcome=note_replay(info, outcome), secret=secret if is_new else None)

    @mutation(api_key_revoke)
    async def api_key_revoke(self, info: Info, input: ApiKeyRevokeInput) -> ApiKeyRevokePayload:
        """See domain/api_keys/revoke.py."""
        outcome = await run(
            api_key_revoke,
            input.call(info),
            decode_id("ApiKey", input.api_key_id),
        )
        return ApiKeyRevokePayload(outcome=note_replay(info, outcome))
