"""A lost key must stop working with the next request, which looks it up again."""

from gql_sales.db.models.api_keys import ApiKey
from gql_sales.db.session import Unit
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import InvalidTransition, Refused


@transition(ApiKey, scope="api_keys:revoke", event="ApiKeyRevoked")
async def api_key_revoke(unit: Unit, key: ApiKey) -> None:
    """End an API key at once and for ever.

    Refusals: INVALID_TRANSITION (revoked already).
    """
    if key.revoked_at is not None:
        raise Refused(InvalidTransition("The key is revoked already.", from_state="REVOKED"))
    key.revoked_at = unit.now
