"""Master data that verbs look up, and the lists of them that clients page through."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select

from gql_sales.db.models.base import Base
from gql_sales.db.models.channels import Bin, Pool, Warehouse
from gql_sales.db.models.companies import Company, PolicySetting, TaxRule
from gql_sales.db.models.customers import Address
from gql_sales.db.models.payments import PaymentMethod
from gql_sales.db.models.products import Product, ProductPrice
from gql_sales.db.queries.reading import SOURCES
from gql_sales.db.session import Unit
from gql_sales.db.statements import Prepared, given, ids
from gql_sales.db.visibility import visible
from gql_sales.kernel.inputs import is_storable
from gql_sales.kernel.principals import Principal

MAIN_BIN = "MAIN"
"""The bin that every warehouse begins with, for sellable goods."""

_METHODS = Prepared(
    lambda _: select(PaymentMethod).where(
        PaymentMethod.company_id == given("company_id"), PaymentMethod.code == given("code")
    )
)
_WAREHOUSES = Prepared(lambda caller: select(Warehouse).where(Warehouse.id == ids(), visible(Warehouse, caller)))
_PRODUCTS = Prepared(lambda caller: select(Product).where(Product.id == ids(), visible(Product, caller)))
_BINS = Prepared(lambda _: select(Bin).where(Bin.warehouse_id == ids()))
_ADDRESSES = Prepared(lambda _: select(Address).where(Address.customer_id == ids()).order_by(Address.id))


async def lock_company(unit: Unit) -> None:
    """Let nobody else of the company look for and then make the same row; taken before every other lock."""
    statement = select(Company.id).where(Company.id == unit.company_id)
    await unit.session.execute(statement.with_for_update(key_share=True) if unit.is_locking else statement)


async def pool_named(unit: Unit, code: str) -> Pool:
    """The company's pool of that code, made when there is none."""
    await lock_company(unit)
    found = await unit.session.scalar(select(Pool).where(Pool.company_id == unit.company_id, Pool.code == code))
    if found is None:
        found = unit.add(Pool(company_id=unit.company_id, code=code))
    return found


async def tax_rule_on(unit: Unit, country_code: str, tax_group: str, valid_from: date) -> TaxRule | None:
    """The rule that begins on exactly that day, with the company locked."""
    await lock_company(unit)
    return await unit.session.scalar(
        select(TaxRule).where(
            TaxRule.company_id == unit.company_id,
            TaxRule.country_code == country_code,
            TaxRule.tax_group == tax_group,
            TaxRule.valid_from == valid_from,
        )
    )


async def payment_method_named(unit: Unit, code: str) -> PaymentMethod | None:
    """The company's method of payment of that code, in any case; not locked."""
    if not is_storable(code):
        return None
    found = await _METHODS(unit, company_id=unit.company_id, code=code.upper())
    return found[0] if found else None


async def policy_setting(unit: Unit, name: str, channel_id: UUID | None) -> PolicySetting | None:
    """The setting of a policy for the company (None) or one channel, with the company locked."""
    await lock_company(unit)
    return await unit.session.scalar(
        select(PolicySetting).where(
            PolicySetting.company_id == unit.company_id,
            PolicySetting.channel_id.is_not_distinct_from(channel_id),
            PolicySetting.name == name,
        )
    )


async def find_warehouses(unit: Unit, wanted: Iterable[UUID]) -> dict[UUID, Warehouse]:
    """The visible ones of the warehouses, by id; not locked."""
    return {row.id: row for row in await _WAREHOUSES(unit, ids=list(wanted))}


async def find_products(unit: Unit, wanted: Iterable[UUID]) -> dict[UUID, Product]:
    """The visible ones of the products, by id; not locked."""
    return {row.id: row for row in await _PRODUCTS(unit, ids=list(wanted))}


async def bins_of(unit: Unit, warehouse_id: UUID) -> dict[UUID, Bin]:
    """The bins of a warehouse, by id."""
    return {row.id: row for row in await _BINS(unit, ids=[warehouse_id])}


async def bins_among(unit: Unit, ids: Iterable[UUID]) -> dict[UUID, Bin]:
    """The visible ones of the bins, by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = await unit.session.scalars(select(Bin).where(Bin.id.in_(wanted), visible(Bin, unit.principal)))
    return {row.id: row for row in rows}


async def product_price(unit: Unit, product_id: UUID, channel_id: UUID, currency_code: str) -> ProductPrice | None:
    """The price of a product in a channel; the product's lock covers it."""
    return await unit.session.scalar(
        select(ProductPrice).where(
            ProductPrice.product_id == product_id,
            ProductPrice.channel_id == channel_id,
            ProductPrice.currency_code == currency_code,
        )
    )


async def addresses_of(unit: Unit, customer_id: UUID) -> dict[UUID, Address]:
    """The customer's address book, by id; the customer's lock covers it."""
    return {row.id: row for row in await _ADDRESSES(unit, ids=[customer_id])}


async def remove(unit: Unit, row: Base) -> None:
    """Have the row deleted with the unit."""
    await unit.session.delete(row)


def listed(type_name: str, principal: Principal) -> Select[Any]:
    """All visible rows of a type, to be filtered and paged."""
    return SOURCES[type_name].select(principal)


def company_list(principal: Principal, codes: Sequence[str] | None) -> Select[Any]:
    """Visible companies, those with one of the codes when there are any."""
    statement = listed("Company", principal)
    return statement if codes is None else statement.where(Company.code.in_(codes))


def one_by(type_name: str, column: str, principal: Principal) -> Select[Any]:
    """The visible row whose human key ``column`` is the parameter ``key``; SKUs are compared without case."""
    found = SOURCES[type_name].model.__table__.c[column]
    if column == "sku":
        return listed(type_name, principal).where(func.lower(found) == func.lower(bindparam("key")))
    return listed(type_name, principal).where(found == bindparam("key"))


def policy_settings_of(principal: Principal, channel_id: UUID | None) -> Select[Any]:
    """The settings of the caller's company and, when given, of one of its channels; callers check the channel first."""
    columns: list[Any] = [PolicySetting.name, PolicySetting.value, PolicySetting.channel_id]
    return select(*columns).where(
        PolicySetting.company_id == principal.company_id,
        or_(PolicySetting.channel_id.is_(None), PolicySetting.channel_id == channel_id),
    )


def tax_rule_list(principal: Principal, *, country_code: str | None, tax_group: str | None) -> Select[Any]:
    """Visible tax rules that meet the conditions."""
    statement = listed("TaxRule", principal)
    if country_code is not None:
        statement = statement.where(TaxRule.country_code == country_code)
    if tax_group is not None:
        statement = statement.where(TaxRule.tax_group == tax_group)
    return statement
