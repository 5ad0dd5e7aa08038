"""Loading what verbs look up but never lock: companies, channels and their policy settings."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select

from gql_sales.db.models.channels import Channel, Warehouse
from gql_sales.db.models.companies import Company, PolicySetting
from gql_sales.db.models.customers import Address, Customer
from gql_sales.db.session import Unit
from gql_sales.db.visibility import visible


async def load_company(unit: Unit, company_id: UUID) -> Company | None:
    """The company, remembered in the unit."""
    if company_id not in unit.companies:
        found = await unit.session.get(Company, company_id)
        if found is None:
            return None
        unit.companies[company_id] = found
    return unit.companies[company_id]


async def load_channels(unit: Unit, channel_ids: Iterable[UUID]) -> None:
    """Put the visible ones of the channels into ``unit.channels``."""
    wanted = sorted(set(channel_ids) - unit.channels.keys())
    if not wanted:
        return
    statement = select(Channel).where(Channel.id.in_(wanted), Channel.company_id == unit.company_id)
    if unit.principal.channel_ids is not None:
        statement = statement.where(Channel.id.in_(unit.principal.channel_ids))
    for channel in await unit.session.scalars(statement.where(visible(Channel, unit.principal))):
        unit.channels[channel.id] = channel


async def load_customers(unit: Unit, customer_ids: Iterable[UUID]) -> None:
    """Put the visible ones of the customers into ``unit.customers``; they are not locked."""
    wanted = sorted(set(customer_ids) - unit.customers.keys())
    if not wanted:
        return
    statement = select(Customer).where(Customer.id.in_(wanted), visible(Customer, unit.principal))
    for customer in await unit.session.scalars(statement):
        unit.customers[customer.id] = customer


async def load_warehouses(unit: Unit, warehouse_ids: Iterable[UUID]) -> None:
    """Put the warehouses of documents that the caller may know into ``unit.warehouses``; they are not locked."""
    wanted = sorted(set(warehouse_ids) - unit.warehouses.keys())
    if not wanted:
        return
    statement = select(Warehouse).where(Warehouse.id.in_(wanted), Warehouse.company_id == unit.company_id)
    for warehouse in await unit.session.scalars(statement):
        unit.warehouses[warehouse.id] = warehouse


async def own_customer(unit: Unit) -> Customer | None:
    """The customer record of the shopper who calls, remembered in the unit."""
    found = await unit.session.scalar(select(Customer).where(visible(Customer, unit.principal)))
    if found is not None:
        unit.customers[found.id] = found
    return found


async def default_addresses(unit: Unit, customer_id: UUID) -> tuple[Address | None, Address | None]:
    """The customer's default addresses for shipping and billing."""
    rows = list(await unit.session.scalars(select(Address).where(Address.customer_id == customer_id)))
    shipping = next((row for row in rows if row.is_default_shipping), None)
    billing = next((row for row in rows if row.is_default_billing), None)
    return shipping, billing


async def policy_settings(unit: Unit, channel_ids: Iterable[UUID]) -> list[PolicySetting]:
    """The settings of the caller's company and of the channels."""
    statement = select(PolicySetting).where(
        PolicySetting.company_id == unit.company_id,
        or_(PolicySetting.channel_id.is_(None), PolicySetting.channel_id.in_(sorted(set(channel_ids)))),
    )
    return list(await unit.session.scalars(statement))
