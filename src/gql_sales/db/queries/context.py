"""Loading what verbs look up but never lock: companies, channels and their policy settings."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select

from gql_sales.db.models.channels import Channel, Warehouse
from gql_sales.db.models.companies import Company, PolicySetting
from gql_sales.db.models.customers import Address, Customer, CustomerState
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given, ids
from gql_sales.db.visibility import visible

_COMPANIES = Prepared(lambda _: select(Company).where(Company.id == ids()))
_CHANNELS = Prepared(lambda caller: select(Channel).where(Channel.id == ids(), visible(Channel, caller)))
_CUSTOMERS = Prepared(lambda caller: select(Customer).where(Customer.id == ids(), visible(Customer, caller)))
_OWN_CUSTOMER = Prepared(
    lambda caller: select(Customer).where(visible(Customer, caller), Customer.state == CustomerState.ACTIVE)
)
_MERGED = Prepared(
    lambda _: select(Customer.id, Customer.merged_into_id).where(
        Customer.id == ids(), Customer.merged_into_id.is_not(None)
    )
)
_ADDRESSES = Prepared(lambda _: select(Address).where(Address.customer_id == ids()))
_SETTINGS = Prepared(
    lambda _: select(PolicySetting).where(
        PolicySetting.company_id == given("company_id"),
        or_(PolicySetting.channel_id.is_(None), PolicySetting.channel_id == ids()),
    )
)


async def load_company(unit: Unit, company_id: UUID) -> Company | None:
    """The company, remembered in the unit."""
    if company_id not in unit.companies:
        unit.companies |= {company.id: company for company in await _COMPANIES(unit, ids=[company_id])}
    return unit.companies.get(company_id)


async def load_channels(unit: Unit, channel_ids: Iterable[UUID]) -> None:
    """Put the visible ones of the channels into ``unit.channels``."""
    wanted = set(channel_ids) - unit.channels.keys()
    if wanted:
        unit.channels |= {channel.id: channel for channel in await _CHANNELS(unit, ids=list(wanted))}


async def load_customers(unit: Unit, customer_ids: Iterable[UUID]) -> None:
    """Put the visible ones of the customers into ``unit.customers``; they are not locked."""
    wanted = set(customer_ids) - unit.customers.keys()
    if wanted:
        unit.customers |= {customer.id: customer for customer in await _CUSTOMERS(unit, ids=list(wanted))}


async def load_warehouses(unit: Unit, warehouse_ids: Iterable[UUID]) -> None:
    """Put the warehouses of documents that the caller may know into ``unit.warehouses``; they are not locked."""
    wanted = sorted(set(warehouse_ids) - unit.warehouses.keys())
    if not wanted:
        return
    statement = select(Warehouse).where(Warehouse.id.in_(wanted), Warehouse.company_id == unit.company_id)
    for warehouse in await unit.session.scalars(statement):
        unit.warehouses[warehouse.id] = warehouse


async def load_merged(unit: Unit, *customer_ids: UUID) -> None:
    """Learn which customers of the loaded documents, and of those named, were merged into which; one needs no look."""
    named = {*customer_ids, *(getattr(document, "customer_id", None) for document in unit.loaded.values())} - {None}
    if len(named) > 1:
        unit.merged |= {row["id"]: row["merged_into_id"] for row in await _MERGED(unit, ids=list(named))}


async def own_customer(unit: Unit) -> Customer | None:
    """The customer record of the shopper who calls, remembered in the unit."""
    found: list[Customer] = await _OWN_CUSTOMER(unit)
    unit.customers |= {customer.id: customer for customer in found}
    return found[0] if found else None


async def default_addresses(unit: Unit, customer_id: UUID) -> tuple[Address | None, Address | None]:
    """The customer's default addresses for shipping and billing."""
    rows = await _ADDRESSES(unit, ids=[customer_id])
    shipping = next((row for row in rows if row.is_default_shipping), None)
    billing = next((row for row in rows if row.is_default_billing), None)
    return shipping, billing


async def policy_settings(unit: Unit, channel_ids: Iterable[UUID]) -> list[PolicySetting]:
    """The settings of the caller's company and of the channels."""
    return await _SETTINGS(unit, company_id=unit.company_id, ids=list(channel_ids))
