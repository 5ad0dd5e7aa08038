"""A partner's program gets a key of its own, bound to scopes, channels and warehouses (reliability.md A5)."""

from collections.abc import Container, Sequence
from datetime import datetime
from uuid import UUID

from gql_sales.db.models.api_keys import ApiKey
from gql_sales.db.queries.context import load_channels
from gql_sales.db.queries.master import find_warehouses
from gql_sales.db.session import Unit
from gql_sales.domain.transition import creation
from gql_sales.kernel.errors import InvalidDate, NotFound
from gql_sales.kernel.inputs import Findings


class KeyMaterial:
    """What the access floor lends to the verb: the key's prefix and digest, and the most that any key may hold.

    It is no argument that a caller gave. So every one reads the same: a repeated request, for which a new key was drawn
    in vain, is still the same request.
    """

    def __init__(self, prefix: str, key_hash: bytes, ceiling: frozenset[str]) -> None:
        """``key_hash`` is all that will ever be known of the key's text."""
        self.prefix = prefix
        self.key_hash = key_hash
        self.ceiling = ceiling

    def __str__(self) -> str:
        """The same for every key; see the class."""
        return "key material"


@creation(ApiKey, scope="api_keys:create", event="ApiKeyCreated")
async def api_key_create(
    unit: Unit,
    *,
    name: str,
    scopes: Sequence[str],
    material: KeyMaterial,
    channel_ids: Sequence[UUID] | None = None,
    warehouse_ids: Sequence[UUID] | None = None,
    expires_at: datetime | None = None,
) -> ApiKey:
    """Issue an API key to a partner; its text is shown in this answer only.

    Refusals: INVALID_INPUT (name, scopes), NOT_FOUND (channels, warehouses), INVALID_DATE (expiry).
    """
    found = Findings()
    name = found.line(name, 120, "name")
    _check_scopes(unit, scopes, material.ceiling, found)
    if expires_at is not None and expires_at <= unit.now:
        found.refuse(InvalidDate("The key would have expired already.", ("input", "expiresAt")))
    await load_channels(unit, channel_ids or [])
    _check_ids(channel_ids, unit.channels.keys(), "channelIds", found)
    warehouses = await find_warehouses(unit, warehouse_ids or [])
    _check_ids(warehouse_ids, warehouses.keys(), "warehouseIds", found)
    found.check()
    return unit.add(
        ApiKey(
            company_id=unit.company_id,
            name=name,
            prefix=material.prefix,
            key_hash=material.key_hash,
            scopes=sorted(set(scopes)),
            channel_ids=_bounds(channel_ids, unit.principal.channel_ids),
            warehouse_ids=_bounds(warehouse_ids, unit.principal.warehouse_ids),
            expires_at=expires_at,
        )
    )


def _check_scopes(unit: Unit, scopes: Sequence[str], ceiling: frozenset[str], found: Findings) -> None:
    """A key holds something, nothing beyond what partners may hold, and nothing beyond what its maker holds."""
    if not scopes:
        found.invalid("A key without scopes opens nothing.", "scopes")
    for index, scope in enumerate(scopes):
        if scope not in ceiling:
            found.invalid("Partners cannot hold this scope.", "scopes", str(index))
        elif not unit.principal.may(scope):
            found.invalid("You do not hold this scope yourself.", "scopes", str(index))


def _check_ids(wanted: Sequence[UUID] | None, known: Container[UUID], field: str, found: Findings) -> None:
    for index, id_ in enumerate(wanted or []):
        if id_ not in known:
            found.refuse(NotFound("It does not exist.", ("input", field, str(index))))


def _bounds(wanted: Sequence[UUID] | None, own: frozenset[UUID] | None) -> list[UUID] | None:
    """The wanted ones, else those that the maker is bound to; None means all."""
    if wanted is not None:
        return sorted(set(wanted))
    return None if own is None else sorted(own)
