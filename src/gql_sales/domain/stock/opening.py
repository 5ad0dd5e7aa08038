"""The books take up what stock is worth when a company begins to keep it in them (policy journalMode FULL, X-16)."""

from gql_sales.db.models.companies import PolicySetting
from gql_sales.db.models.ledger import AccountRole
from gql_sales.db.queries.stock import unposted_value
from gql_sales.db.session import Unit
from gql_sales.domain.stock.value import write_value
from gql_sales.domain.transition import reaction


@reaction(on="PolicySet")
async def take_up(unit: Unit, setting: PolicySetting) -> None:
    """Post by how much the stock is worth more than Inventory says, so that both agree from here on."""
    if setting.name != "journalMode" or setting.channel_id is not None or setting.value != "FULL":
        return
    difference = await unposted_value(unit)
    await write_value(unit, [(setting, {AccountRole.INVENTORY: difference, AccountRole.GOODS_RECEIVED: -difference})])
