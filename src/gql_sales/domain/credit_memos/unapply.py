"""Taking the use of a credit memo back: the bill is open again, and the credit can be used for something else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gql_sales.db.models.credit_memos import CreditMemo, CreditMemoState, MemoApplication
from gql_sales.db.queries.credits import bills_of_applications, standing_applications
from gql_sales.db.queries.documents import Plan
from gql_sales.db.session import Unit
from gql_sales.domain.credit_memos.guards import something_applied
from gql_sales.domain.credit_memos.issuing import take_back
from gql_sales.domain.ledger.days import day_of
from gql_sales.domain.transition import transition
from gql_sales.kernel.errors import NotFound, Refused


async def applied_bills(unit: Unit, calls: Sequence[tuple[UUID | None, dict[str, Any]]]) -> Plan:
    """The bills that the memos settle."""
    return await bills_of_applications(unit, [id_ for id_, _ in calls if id_])


@transition(
    CreditMemo,
    sources={CreditMemoState.ISSUED},
    scope="credit_memos:apply",
    event="CreditMemoUnapplied",
    guards=[something_applied],
    ahead=applied_bills,
)
async def credit_memo_unapply(unit: Unit, memo: CreditMemo, *, application_ids: Sequence[UUID] = ()) -> None:
    """Take applications of a credit memo back, all of them unless some are named.

    Refusals: EXCEEDS_BALANCE (nothing is applied), NOT_FOUND (no such application, or it was taken back).
    """
    standing = {one.id: one for one in await standing_applications(unit, memo.id)}
    wanted: list[MemoApplication] = []
    refusals = []
    for index, id_ in enumerate(application_ids or standing):
        if id_ in standing:
            wanted.append(standing.pop(id_) if application_ids else standing[id_])
        else:
            refusals.append(NotFound("No such application.", ("input", "applicationIds", str(index))))
    if refusals:
        raise Refused(*refusals)
    day = await day_of(unit, memo.company_id, unit.now)
    for application in wanted:
        take_back(unit, memo, application, day)
