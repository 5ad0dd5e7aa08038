"""Who sends a request: reads the Authorization header, or a socket's first message, into a principal."""

from collections.abc import Mapping

from gql_sales.access.api_keys import looks_like_key, read_api_key, revoked
from gql_sales.access.tokens import read_token
from gql_sales.db.engine import Database
from gql_sales.kernel.principals import Principal, PrincipalKind
from gql_sales.kernel.request_errors import Unauthenticated
from gql_sales.settings import Settings

SCHEME = "bearer"


async def identify(bearer: str, settings: Settings, database: Database) -> Principal:
    """The principal of a bearer text, which is an API key or a token; Unauthenticated when it is no good."""
    if looks_like_key(bearer):
        return await read_api_key(bearer, database)
    return read_token(bearer, settings)


async def judge(principals: frozenset[Principal], database: Database) -> frozenset[Principal]:
    """Those that ``identify`` would not give again: tokens last until they expire, keys may be revoked."""
    partners = frozenset(principal for principal in principals if principal.kind is PrincipalKind.PARTNER)
    return await revoked(partners, database) if partners else frozenset()


def bearer_of(authorization: object) -> str | None:
    """The text after ``Bearer``, None when nothing was sent; Unauthenticated when something else was."""
    if authorization is None:
        return None
    if not isinstance(authorization, str):
        raise Unauthenticated
    scheme, _, text = authorization.strip().partition(" ")
    if scheme.lower() != SCHEME or not text.strip():
        raise Unauthenticated("The Authorization must be: Bearer, a space, a token or API key.")
    return text.strip()


def bearer_of_payload(payload: Mapping[str, object] | None) -> str | None:
    """The same from the payload of connection_init, whose keys some clients write in lower case."""
    values = [value for key, value in (payload or {}).items() if key.lower() == "authorization"]
    return bearer_of(values[0]) if values else None
