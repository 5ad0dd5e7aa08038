"""Taking a payment off the bills that it settled: they are open again, and the money waits on account (BA-47)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.payments import Payment, PaymentState
from gql_sales.db.queries.billing import bills_of_payments, standing_allocations
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.payments.settlement import take_back
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import ExceedsUnallocated, NotFound, Refused, SalesError


async def _bills(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The bills that the payments settle."""
    return await bills_of_payments(unit, [id_ for id_, _ in calls if id_])


def something_allocated(_: Unit, payment: Payment) -> Iterable[SalesError]:
    """Some of the money settles bills."""
    if payment.unallocated_amount == payment.amount:
        yield ExceedsUnallocated("Nothing of the payment is allocated.")


@transition(
    Payment,
    sources={PaymentState.RECEIVED},
    scope="payments:deallocate",
    event="PaymentDeallocated",
    guards=[something_allocated],
    ahead=_bills,
)
async def payment_deallocate(unit: Unit, payment: Payment, *, allocation_ids: Sequence[UUID] = ()) -> None:
    """Take a payment off the bills that it settles, off all of them unless some allocations are named.

    Refusals: EXCEEDS_UNALLOCATED (nothing is allocated), NOT_FOUND (no such allocation, or it was taken back).
    """
    standing = {one.id: one for one in await standing_allocations(unit, payment.id)}
    refusals = [
        NotFound("No such allocation.", ("input", "allocationIds", str(index)))
        for index, id_ in enumerate(allocation_ids)
        if id_ not in standing
    ]
    if refusals:
        raise Refused(*refusals)
    day = await day_of(unit, payment.company_id, unit.now)
    for id_ in dict.fromkeys(allocation_ids or standing):
        take_back(unit, payment, standing[id_], day)
