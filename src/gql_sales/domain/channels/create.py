"""A channel draws on one stock pool for all its life; a pool begins with the first document that names it."""

from gql_sales.db.models.channels import Channel, ChannelKind
from gql_sales.db.queries.master import pool_named
from gql_sales.db.session import Unit
from gql_sales.domain.transition import creation
from gql_sales.kernel.inputs import Findings


@creation(Channel, scope="channels:create", event="ChannelCreated")
async def channel_create(
    unit: Unit, *, code: str, name: str, kind: ChannelKind, currency_code: str, pool_code: str
) -> Channel:
    """Open a sales channel that draws on the named stock pool.

    Refusals: INVALID_INPUT, EXTERNAL_REF_TAKEN (code).
    """
    found = Findings()
    code = found.line(code, 40, "code")
    name = found.line(name, 200, "name")
    pool_code = found.line(pool_code, 40, "poolCode")
    found.check()
    pool = await pool_named(unit, pool_code)
    return unit.add(
        Channel(
            company_id=unit.company_id, pool_id=pool.id, code=code, name=name, kind=kind, currency_code=currency_code
        )
    )
