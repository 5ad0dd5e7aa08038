"""What a customer owed, what moved it day by day, and what they owe: the sums add up in every currency (BA-58)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gql_sales.db.engine import Database
from gql_sales.db.queries.statements import MOST_LINES, StatementLineKind, opening_balances, statement_lines
from gql_sales.kernel.principals import Principal
from gql_sales.kernel.request_errors import Code, RequestError


@dataclass(frozen=True)
class StatementLine:
    """One movement; amounts are minor units, ``balance_amount`` is what is owed after it."""

    kind: StatementLineKind
    document_type: str
    document_id: UUID
    number: str
    posted_on: date
    due_on: date | None
    settled_type: str | None
    settled_id: UUID | None
    settled_number: str | None
    currency_code: str
    amount: int
    balance_amount: int


@dataclass
class StatementAccount:
    """What is owed in one currency, in minor units."""

    currency_code: str
    opening_amount: int
    closing_amount: int
    lines: list[StatementLine] = field(default_factory=list)


async def read_statement(
    database: Database, principal: Principal, customer_id: UUID, first_day: date, last_day: date
) -> list[StatementAccount]:
    """The accounts in which something was owed or moved, by currency; both days belong to the range.

    Two statements, so that what is issued between them may be in the lines and not in the opening balance, never in
    both: that is older than the first day. BAD_USER_INPUT when the range is empty or has too many lines.
    """
    if first_day > last_day:
        raise RequestError(Code.BAD_USER_INPUT, "The first day lies behind the last.")
    ids = {"ids": [customer_id]}
    opening = await database.read(opening_balances(principal, first_day), ids)
    moved = await database.read(statement_lines(principal, first_day, last_day), ids)
    if len(moved) > MOST_LINES:
        raise RequestError(Code.BAD_USER_INPUT, f"The range has more than {MOST_LINES} lines: choose a shorter one.")
    return _accounts(opening, moved)


def _accounts(opening: Iterable[Any], moved: Iterable[Any]) -> list[StatementAccount]:
    found = {
        row.currency_code: StatementAccount(row.currency_code, row.amount, row.amount) for row in opening if row.amount
    }
    for row in moved:
        account = found.setdefault(row.currency_code, StatementAccount(row.currency_code, 0, 0))
        account.closing_amount += row.amount
        account.lines.append(
            StatementLine(
                StatementLineKind(row.kind),
                row.document_type,
                row.document_id,
                row.number,
                row.posted_on,
                row.due_on,
                row.settled_type,
                row.settled_id,
                row.settled_number,
                row.currency_code,
                row.amount,
                account.closing_amount,
            )
        )
    return sorted(found.values(), key=lambda account: account.currency_code)
