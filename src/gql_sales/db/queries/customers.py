"""Locking customer records that are about to become one: customers come before every document (architecture.md 5)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from gql_sales.db.models.customers import Customer, CustomerKind, CustomerState
from gql_sales.db.session import Unit


async def own_and_guests(unit: Unit, email: str, most: int) -> list[Customer]:
    """The caller's own record, if there is one, and the oldest of the guests with the address, ``most`` in all, locked.

    Only for an address that is known to be the caller's: guests are found whoever they belong to.
    """
    is_own = Customer.subject.is_not_distinct_from(unit.principal.subject)
    is_guest = and_(
        Customer.kind == CustomerKind.GUEST,
        Customer.state == CustomerState.ACTIVE,
        func.lower(Customer.email) == func.lower(email),
    )
    condition = and_(Customer.company_id == unit.company_id, or_(is_own, is_guest))
    ids = await unit.session.scalars(
        select(Customer.id).where(condition).order_by(is_own.desc(), Customer.id).limit(most)
    )
    return await _locked(unit, Customer.id.in_(ids.all()), condition)


async def merged_into(unit: Unit, ids: Iterable[UUID]) -> list[Customer]:
    """The records that were merged into these, locked."""
    return await _locked(unit, Customer.merged_into_id.in_(sorted(ids)))


async def _locked(unit: Unit, *conditions: ColumnElement[bool]) -> list[Customer]:
    """In the order of their ids; who has changed meanwhile is judged as of now."""
    statement = select(Customer).where(*conditions).order_by(Customer.id).execution_options(populate_existing=True)
    rows = await unit.session.scalars(statement.with_for_update(key_share=True) if unit.is_locking else statement)
    return list(rows)
