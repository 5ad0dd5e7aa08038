"""Channels, the stock pools they draw on, warehouses and bins."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from gql_sales.db.models.base import CompanyId, Country, Currency, Document, Row, choice
from gql_sales.kernel.enums import DescribedEnum


class ChannelKind(DescribedEnum):
    """Where a channel's orders come from."""

    EPOS = "EPOS", "Tills in shops."
    PARTNER = "PARTNER", "Orders pushed by partners."
    PHONE = "PHONE", "Orders typed in by staff."
    WEB = "WEB", "A web shop."


class BinKind(DescribedEnum):
    """What a bin is for; only normal bins hold sellable stock."""

    INSPECTION = "INSPECTION", "Returned goods not yet inspected."
    NORMAL = "NORMAL", "Sellable stock."
    REPAIR = "REPAIR", "Goods under repair."
    SCRAP = "SCRAP", "Goods to be thrown away."
    TRANSIT = "TRANSIT", "Goods between two places."


class Pool(Row):
    """The stock that a set of channels sells from: all normal bins of its warehouses."""

    __tablename__ = "pools"
    company_id: Mapped[CompanyId]
    code: Mapped[str] = mapped_column(String(40))

    __table_args__ = (UniqueConstraint("company_id", "code", name="uq_pools_code"),)


class Channel(Document):
    """A way orders come in: a shop, a till, a partner."""

    __tablename__ = "channels"
    company_id: Mapped[CompanyId]
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    kind: Mapped[ChannelKind] = mapped_column(choice(ChannelKind))
    currency_code: Mapped[Currency]
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("company_id", "code", name="uq_channels_code"),)


class Warehouse(Document):
    """A place that goods are shipped from; it belongs to one pool and is tried in order of priority.

    A fulfillment method is somebody else's place, such as a drop shipper's: it holds no stock of ours (KS-14).
    """

    __tablename__ = "warehouses"
    company_id: Mapped[CompanyId]
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    country_code: Mapped[Country]
    priority: Mapped[int] = mapped_column(default=100)
    is_fulfillment_method: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_pack_required: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (UniqueConstraint("company_id", "code", name="uq_warehouses_code"),)


class Bin(Row):
    """A storage place of a warehouse."""

    __tablename__ = "bins"
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey("warehouses.id"))
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[BinKind] = mapped_column(choice(BinKind))

    __table_args__ = (
        UniqueConstraint("warehouse_id", "code", name="uq_bins_code"),
        Index("ix_bins_warehouse_kind", "warehouse_id", "kind"),
    )
